import { describe, expect, it } from 'vitest'
import { Handshake, type HandshakeSettings } from '../../../src/connection/wire/handshake.js'
import { ErrorReply, type Reply } from '../../../src/protocol/types.js'

const settings: HandshakeSettings = {
  protocol: 3,
  username: 'ada',
  password: 'secret',
  database: 2,
  clientName: 'me',
  wantsMaster: false,
  questions: [],
  library: { name: 'respite', version: '1' },
}
const error = (message: string): ErrorReply => new ErrorReply(message)
/** Part of a reply to HELLO. */
const welcome: Reply = { server: 'redis', proto: 3 }
const commands = (steps: readonly { readonly args: readonly unknown[] }[]): string[] =>
  steps.map(({ args }) => args.join(' '))

describe('with RESP3', () => {
  it('sends everything in one round trip', () => {
    const handshake = new Handshake(settings)
    expect(commands(handshake.begin())).toEqual([
      'HELLO 3 AUTH ada secret SETNAME me',
      'SELECT 2',
      'CLIENT SETINFO LIB-NAME respite',
      'CLIENT SETINFO LIB-VER 1',
    ])
    expect(handshake.receive(welcome)).toEqual({ kind: 'waiting' })
    for (let i = 0; i < 2; i += 1) expect(handshake.receive('OK')).toEqual({ kind: 'waiting' })
    expect(handshake.receive('OK')).toEqual({ kind: 'done', protocol: 3 })
  })

  it.each([
    'NOPROTO unsupported protocol version',
    "ERR unknown command 'HELLO', with args beginning with: '3'",
    "unsupported command 'HELLO'",
    'ERR Syntax error in HELLO option',
    'NOPERM this user has no permissions',
    // Some proxies say this to everything but AUTH.
    'NOAUTH Authentication required.',
  ])('falls back to RESP2 after: %s', (refusal) => {
    const handshake = new Handshake(settings)
    handshake.begin()
    handshake.receive(error(refusal))
    handshake.receive(error('NOAUTH Authentication required.'))
    handshake.receive(error('NOAUTH Authentication required.'))
    const progress = handshake.receive(error('NOAUTH Authentication required.'))
    expect(progress.kind).toBe('more')
    expect(progress.kind === 'more' && commands(progress.steps)).toEqual([
      'AUTH ada secret',
      'CLIENT SETNAME me',
      'SELECT 2',
      'CLIENT SETINFO LIB-NAME respite',
      'CLIENT SETINFO LIB-VER 1',
    ])
    for (let i = 0; i < 4; i += 1) expect(handshake.receive('OK')).toEqual({ kind: 'waiting' })
    expect(handshake.receive('OK')).toEqual({ kind: 'done', protocol: 2 })
  })
})

it('never shows a password that the server repeats', () => {
  const handshake = new Handshake({ ...settings, protocol: 2 })
  handshake.begin()
  const progress = handshake.receive(error("ERR unknown command 'AUTH', with args beginning with: 'ada' 'secret'"))
  expect(progress.kind === 'failed' && progress.error.message).not.toMatch(/secret/)
})

it('with RESP2 only, never sends HELLO', () => {
  expect(commands(new Handshake({ ...settings, protocol: 2, username: undefined }).begin())[0]).toBe('AUTH secret')
})

it.each([
  [0, 'WRONGPASS invalid username-password pair', 'HELLO'],
  [0, 'DENIED Redis is running in protected mode', 'HELLO'],
  [1, 'ERR DB index is out of range', 'SELECT'],
])('fails permanently if step %i is refused: %s', (position, message, step) => {
  const handshake = new Handshake(settings)
  handshake.begin()
  if (position > 0) handshake.receive(welcome)
  expect(handshake.receive(error(message))).toMatchObject({
    kind: 'failed',
    error: { name: 'HandshakeError', step, fate: 'not-executed' },
  })
})

const withoutUserOrName: HandshakeSettings = {
  ...settings,
  username: undefined,
  password: undefined,
  database: 0,
  clientName: undefined,
}

describe('if a password is required, but none is known', () => {
  const withoutPassword: HandshakeSettings = {
    ...withoutUserOrName,
    questions: ['CLIENT INFO', 'INFO'],
  }
  const noAuth = error('NOAUTH Authentication required.')
  const refused = (step: string): object => ({
    kind: 'failed',
    error: { name: 'HandshakeError', step, fate: 'not-executed', message: expect.stringContaining('NOAUTH') },
  })

  it('fails permanently at HELLO', () => {
    const handshake = new Handshake(withoutPassword)
    handshake.begin()
    expect(handshake.receive(error('NOAUTH HELLO must be called with the client already authenticated'))).toMatchObject(
      refused('HELLO'),
    )
  })

  it('fails permanently at the first step of RESP2, also if other refusals of this step do not matter', () => {
    const handshake = new Handshake({ ...withoutPassword, protocol: 2 })
    expect(commands(handshake.begin())[0]).toBe('CLIENT ID')
    expect(handshake.receive(noAuth)).toMatchObject(refused('ID'))
    const least = new Handshake({ ...withoutPassword, protocol: 2, library: undefined, questions: [] })
    expect(commands(least.begin())).toEqual(['PING'])
    expect(least.receive(noAuth)).toMatchObject(refused('PING'))
  })

  it('fails permanently after a refusal of HELLO, in the second round', () => {
    const handshake = new Handshake({ ...withoutPassword, library: undefined })
    handshake.begin()
    handshake.receive(error("ERR unknown command 'HELLO'"))
    expect(handshake.receive(noAuth)).toEqual({ kind: 'waiting' })
    expect(handshake.receive(noAuth)).toMatchObject({ kind: 'more' })
    expect(handshake.receive(noAuth)).toMatchObject(refused('ID'))
  })
})

it('does not count what the default user may not ask, after a refusal of HELLO, as refused to the real user', () => {
  const handshake = new Handshake({ ...settings, database: 0, library: undefined, questions: ['CLIENT INFO', 'INFO'] })
  handshake.begin()
  handshake.receive(error("ERR unknown command 'HELLO'"))
  for (const what of ['client|info', 'info']) handshake.receive(error(`NOPERM no permissions to run '${what}'`))
  for (const reply of ['OK', 'OK', 7, Buffer.from('id=7 addr=127.0.0.1:1 laddr=127.0.0.1:2 fd=8\n')]) {
    expect(handshake.receive(reply)).toEqual({ kind: 'waiting' })
  }
  expect(handshake.receive(Buffer.from('run_id:abc0\r\n'))).toEqual({ kind: 'done', protocol: 2 })
  expect([handshake.identity.isOwn, handshake.identity.runId, handshake.identity.refused.size]).toEqual([
    true,
    'abc0',
    0,
  ])
})

it.each(['ERR max number of clients reached', 'LOADING Redis is loading the dataset in memory'])(
  'fails temporarily after: %s',
  (message) => {
    const handshake = new Handshake(settings)
    handshake.begin()
    expect(handshake.receive(error(message))).toMatchObject({
      kind: 'failed',
      error: { name: 'ConnectError' },
    })
  },
)

it.each(['hi', 'OK', 7, null, ['server', 'redis']])(
  'fails temporarily if HELLO is answered by %j: with a line before its reply, every later reply would be mispaired',
  (reply) => {
    const handshake = new Handshake(settings)
    handshake.begin()
    expect(handshake.receive(reply)).toMatchObject({
      kind: 'failed',
      error: { name: 'ConnectError', fate: 'not-executed', message: expect.stringContaining('HELLO') },
    })
  },
)

it('does not send CLIENT SETINFO if told so', () => {
  const steps = new Handshake({ ...settings, database: 0, library: undefined }).begin()
  expect(commands(steps)).toEqual(['HELLO 3 AUTH ada secret SETNAME me'])
})

describe('if nothing has to be set up', () => {
  const least: HandshakeSettings = {
    ...withoutUserOrName,
    library: undefined,
  }

  it.each(['PONG', error("ERR unknown command 'PING'")])(
    'sends PING with RESP2, and any reply but NOAUTH shows that the server answers: %s',
    (reply) => {
      const handshake = new Handshake({ ...least, protocol: 2 })
      expect(commands(handshake.begin())).toEqual(['PING'])
      expect(handshake.receive(reply)).toEqual({ kind: 'done', protocol: 2 })
    },
  )

  it('sends PING after a refusal of HELLO', () => {
    const handshake = new Handshake(least)
    expect(commands(handshake.begin())).toEqual(['HELLO 3'])
    const progress = handshake.receive(error("ERR unknown command 'HELLO'"))
    expect(progress.kind === 'more' && commands(progress.steps)).toEqual(['PING'])
    expect(handshake.receive('PONG')).toEqual({ kind: 'done', protocol: 2 })
  })
})

it('works without CLIENT SETINFO if the server does not know it', () => {
  const handshake = new Handshake({ ...settings, database: 0 })
  handshake.begin()
  handshake.receive(welcome)
  handshake.receive(error('ERR unknown subcommand'))
  expect(handshake.receive(error('ERR unknown subcommand'))).toEqual({ kind: 'done', protocol: 3 })
})

describe('if only a master will do', () => {
  const wantsMaster = { ...settings, wantsMaster: true }

  it('reads the role from the reply to HELLO, and fails for any but a master', () => {
    const handshake = new Handshake(wantsMaster)
    expect(commands(handshake.begin()).join()).not.toContain('ROLE')
    expect(handshake.receive({ ...welcome, role: 'master' } as Reply)).toEqual({ kind: 'waiting' })
    const other = new Handshake(wantsMaster)
    other.begin()
    const progress = other.receive({ ...welcome, role: 'replica' } as Reply)
    // Passing: it may be promoted just now.
    expect(progress).toMatchObject({ kind: 'failed', error: { name: 'ConnectError', fate: 'not-executed' } })
  })

  it('asks ROLE after a refusal of HELLO, which says nothing about the role', () => {
    const handshake = new Handshake({ ...wantsMaster, password: undefined, database: 0, library: undefined })
    handshake.begin()
    const progress = handshake.receive(error("ERR unknown command 'HELLO'"))
    expect(progress.kind === 'more' && commands(progress.steps)).toEqual(['CLIENT SETNAME me', 'ROLE'])
  })

  it('asks ROLE with RESP2', () => {
    const handshake = new Handshake({ ...wantsMaster, protocol: 2, clientName: undefined, password: undefined })
    expect(commands(handshake.begin())[0]).toBe('ROLE')
    expect(handshake.receive(['slave', '10.0.0.1', 6379, 'connected', 14])).toMatchObject({
      kind: 'failed',
      error: { message: 'the server is not a master: its role is slave' },
    })
  })

  it.each([
    [new ErrorReply('NOPERM no right'), 'the server refused ROLE: NOPERM no right'],
    ['slave', 'the server is not a master: its role is slave'],
    [null, 'the server is not a master: its role is null'],
  ])('refuses a server that does not say that it is one: %o', (reply, message) => {
    const handshake = new Handshake({ ...wantsMaster, protocol: 2, clientName: undefined, password: undefined })
    handshake.begin()
    expect(handshake.receive(reply)).toMatchObject({ kind: 'failed', error: { message } })
  })

  it('accepts any server otherwise', () => {
    const handshake = new Handshake(settings)
    handshake.begin()
    expect(handshake.receive({ ...welcome, role: 'replica' } as Reply)).toEqual({ kind: 'waiting' })
  })
})
