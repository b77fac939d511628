import { describe, expect, it } from 'vitest'
import { Client } from '../src/client.js'
import { type ClientOptionsOf, ConnectionLostError, script } from '../src/index.js'
import { FakeClock, settle } from './support/fake-clock.js'
import { FakeNetwork } from './support/fake-network.js'
import { rejection } from './support/rejection.js'
import { until } from './support/until.js'

function start(options: ClientOptionsOf = {}) {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client(options, undefined, { dial: network.dial, clock })
  return { network, clock, client }
}

/** A connected client. */
async function startReady(options: ClientOptionsOf = {}) {
  const parts = start(options)
  const connected = parts.client.connect()
  await parts.network.peer.welcomes()
  await connected
  return parts
}

describe('connecting', () => {
  it('does no I/O before the first call', () => {
    const { network, clock, client } = start()
    expect(network.peers).toEqual([])
    expect(clock.pending).toBe(0)
    expect(client.status).toBe('idle')
  })

  it('is shared by concurrent callers and by commands', async () => {
    const { network, client } = start()
    const all = Promise.all([client.connect(), client.connect(), client.get('k')])
    expect(network.peers.length).toBe(1)
    await network.peer.welcomes()
    await network.peer.answers('$1\r\nv\r\n')
    expect((await all)[2]).toBe('v')
  })

  it('sends no command before the handshake is complete', async () => {
    const { network, client } = start({ database: 1 })
    const value = rejection(client.get('k'))
    await network.peer.opens()
    expect(network.peer.requests.join()).not.toContain('GET')
    await network.peer.answers('%0\r\n', '-ERR DB index is out of range\r\n')
    expect(network.peer.requests.join()).not.toContain('GET')
    expect(network.peer.isDestroyed).toBe(true)
    expect(await value).toMatchObject({ name: 'HandshakeError', step: 'SELECT', fate: 'not-executed', command: 'GET' })
  })

  it('rejects at its deadline with a typed error, leaves no timer, and leaves the client usable', async () => {
    const { network, clock, client } = start({ connectDeadline: 1_000 })
    const command = rejection(client.get('k'))
    const connected = rejection(client.connect())
    for (let passed = 0; passed < 1_000; passed += 10) {
      if (network.peers.at(-1)?.isDestroyed === false) await network.peer.ends(new Error('connect ECONNREFUSED'))
      await clock.advance(10)
    }
    expect(await connected).toMatchObject({ name: 'ConnectError', fate: 'not-executed' })
    expect(await command).toMatchObject({ name: 'ConnectError', fate: 'not-executed', command: 'GET' })
    expect(client.status).toBe('idle')
    expect(clock.pending).toBe(0)
    const dialled = network.peers.length
    const again = client.get('k')
    expect(network.peers.length).toBe(dialled + 1)
    await network.peer.welcomes()
    await network.peer.answers('_\r\n')
    expect(await again).toBeNull()
  })

  it('limits the time of an attempt that is never answered', async () => {
    const { network, clock, client } = start({ connectTimeout: 100, connectDeadline: 150 })
    const connected = rejection(client.connect())
    await network.peer.opens()
    await clock.advance(200)
    expect(await connected).toMatchObject({ name: 'ConnectError' })
    expect(network.peers.every((peer) => peer.isDestroyed)).toBe(true)
    expect(clock.pending).toBe(0)
  })
})

describe('half of a surrogate pair, which would be sent as U+FFFD,', () => {
  it.each([
    ['a key', (client: Client) => client.set('k\ud800', 'v')],
    ['a value', (client: Client) => client.set('k', '\udc00')],
    ['a long value', (client: Client) => client.set('k', `${'x'.repeat(10_000)}\udc00`)],
    ['a transaction', (client: Client) => client.multi().set('a', '1').set('b', '\udfff').exec()],
    ['a blocking command', (client: Client) => client.blpop('\ud800', 1)],
    ['a script', (client: Client) => client.run(script('return "\ud800"'), ['k'])],
    ['a session', (client: Client) => client.session((session) => session.set('k', '\ud800'))],
  ])('in %s is a UsageError, and nothing is sent', async (_, call) => {
    const { network, client } = await startReady()
    const failure = rejection(call(client))
    const value = client.get('next')
    await settle()
    if (network.peers.length > 1) await network.peer.welcomes()
    expect(await failure).toMatchObject({ name: 'UsageError', fate: 'not-executed', attempts: 0 })
    await network.peers[0]?.answers('+v\r\n')
    expect(await value).toBe('v')
    expect(network.peers.flatMap(({ requests }) => requests)).toEqual(['GET next'])
    client.destroy()
  })

  it('in what a credentials provider gives is an error of that provider', async () => {
    const { clock, client } = start({ credentials: () => ({ password: '\ud800' }) })
    const failure = rejection(client.connect())
    await clock.advance(20_000)
    expect(await failure).toMatchObject({ cause: { name: 'HandshakeError', step: 'CREDENTIALS' } })
  })

  it.each(['keyPrefix', 'username', 'password', 'oncePrefix'] as const)('in the option %s is a TypeError', (name) => {
    expect(() => new Client({ [name]: '\ud800' })).toThrow(TypeError)
  })
})

describe('a limit on time', () => {
  it('counts from the call, although other code of the same tick ran for long before it', async () => {
    const { network, clock, client } = await startReady({ timeout: 100 })
    const first = rejection(client.get('a'))
    // Nothing else runs meanwhile.
    clock.holdUp(150)
    const second = client.get('b')
    await clock.advance(50)
    await network.peer.answers('+a\r\n+b\r\n')
    expect(await first).toMatchObject({ name: 'TimeoutError' })
    expect(await second).toBe('b')
  })

  it('on waiting holds for what was called while the connection is to be renewed', async () => {
    const { network, clock, client } = await startReady({ queueTimeout: 500 })
    const script = rejection(client.eval('x', 0))
    const slow = client.call('SLOW')
    await settle()
    await network.peer.answers("-READONLY You can't write against a read only replica.\r\n")
    await script
    const waiting = rejection(client.get('k'))
    await clock.advance(100)
    await network.peer.answers('+slow\r\n')
    await slow
    for (let passed = 0; passed < 1_000; passed += 10) {
      if (network.peers.at(-1)?.isDestroyed === false) await network.peer.ends(new Error('connect ECONNREFUSED'))
      await clock.advance(10)
    }
    expect(await waiting).toMatchObject({ name: 'TimeoutError', fate: 'not-executed' })
  })
})

describe('sending', () => {
  it('writes the commands of one tick together', async () => {
    const { network, client } = await startReady()
    const values = Promise.all([client.get('a'), client.set('b', '1'), client.incr('c')])
    await settle()
    expect(network.peer.writes.length).toBe(1)
    expect(network.peer.requests).toEqual(['GET a', 'SET b 1', 'INCR c'])
    await network.peer.answers('$1\r\nx\r\n+OK\r\n:1\r\n')
    expect(await values).toEqual(['x', 'OK', 1])
  })

  it('writes nothing while a write is pending, and the rest when it has completed', async () => {
    const { network, client } = await startReady()
    network.peer.nextWrite = 'pending'
    const first = client.get('a')
    await settle()
    const second = client.get('b')
    await settle()
    expect(network.peer.requests).toEqual(['GET a'])
    expect(client.inFlight().map(({ state }) => state)).toEqual(['sent', 'queued'])
    await network.peer.takesTheRest()
    expect(network.peer.requests).toEqual(['GET a', 'GET b'])
    await network.peer.answers('_\r\n_\r\n')
    expect(await Promise.all([first, second])).toEqual([null, null])
  })

  it('does not split transactions', async () => {
    const { network, client } = await startReady()
    const results = client.multi().incr('a').get('b').exec()
    const beside = client.get('c')
    await settle()
    expect(network.peer.requests).toEqual(['MULTI', 'INCR a', 'GET b', 'EXEC', 'GET c'])
    await network.peer.answers('+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n_\r\n_\r\n')
    expect(await results).toEqual([1, null])
    expect(await beside).toBeNull()
  })

  it('adds the key prefix to keys only', async () => {
    const { network, client } = await startReady({ keyPrefix: 'p:' })
    void client.mset({ a: 'x', b: 'y' })
    void client.eval('return 1', 1, 'k', 'arg')
    void client.ping()
    await settle()
    expect(network.peer.requests).toEqual(['MSET p:a x p:b y', 'EVAL return 1 1 p:k arg', 'PING'])
    await network.peer.answers('+OK\r\n:1\r\n+PONG\r\n')
  })
})

describe('arguments that cannot be sent', () => {
  it.each([{ length: Number.NaN }, { length: 'x' }])('do not change the size of the queue: %o', async (value) => {
    const { client } = start({ maxQueuedBytes: 1_000 })
    const wrong = rejection(client.call('SET', 'k', value as never))
    void client.get('k').catch(() => {})
    expect(client.stats()).toMatchObject({ queued: 1, queuedBytes: expect.any(Number) })
    expect(client.stats().queuedBytes).toBeLessThan(100)
    client.destroy()
    expect(await wrong).toMatchObject({ fate: 'not-executed' })
  })

  it('are refused with a key prefix too', async () => {
    const { network, client } = await startReady({ keyPrefix: 'p:' })
    for (const key of [null, {}, Symbol('s'), Object.create(null)]) {
      expect(await rejection(client.get(key as never))).toMatchObject({ name: 'UsageError', fate: 'not-executed' })
    }
    expect(network.peer.requests).toEqual([])
  })
})

it('a script whose own text returns a NOSCRIPT error has run, and is not sent again', async () => {
  const { network, client } = await startReady({ retry: 'never' })
  const answer = rejection(client.run(script("return redis.error_reply('NOSCRIPT No matching script.')"), []))
  await settle()
  await network.peer.answers('-NOSCRIPT No matching script.\r\n')
  expect(await answer).toMatchObject({ name: 'ReplyError', prefix: 'NOSCRIPT' })
  expect(network.peer.requests.length).toBe(1)
})

it.each([
  ['its source', script("return redis.error_reply('NOSCRIPT No matching script.')"), []],
  ['an argument', script('return redis.error_reply(ARGV[1])'), ['NOSCRIPT No matching script.']],
  ['bytes', script('return redis.error_reply(ARGV[1])'), [new TextEncoder().encode('NOSCRIPT No matching script.')]],
] as const)(
  'a script that may return a NOSCRIPT error, because %s contains it, is always sent by its text',
  async (_, one, args) => {
    const { network, client } = await startReady({ retry: 'never' })
    for (let calls = 0; calls < 3; calls += 1) {
      const error = rejection(client.run(one, [], args))
      await settle()
      await network.peer.answers('-NOSCRIPT No matching script.\r\n')
      expect(await error).toMatchObject({ name: 'ReplyError', prefix: 'NOSCRIPT', fate: 'refused' })
    }
    expect(network.peer.requests.map((request) => request.split(' ')[0])).toEqual(['EVAL', 'EVAL', 'EVAL'])
  },
)

describe('an EXEC refused by a server that may leave the transaction open', () => {
  const refused = '-BUSY Redis is busy running a script\r\n'

  it('ends the connection, and the transaction runs once on the next', async () => {
    const { network, clock, client } = await startReady({ retry: 'never' })
    const results = client.multi().incr('n').exec()
    await settle()
    const first = network.peer
    await first.answers('+OK\r\n', '+QUEUED\r\n', refused)
    expect(first.isDestroyed).toBe(true)
    await clock.advance(3_000)
    expect(network.peer).not.toBe(first)
    await network.peer.welcomes()
    expect(network.peer.requests).toEqual(['MULTI', 'INCR n', 'EXEC'])
    await network.peer.answers('+OK\r\n', '+QUEUED\r\n', '*1\r\n:1\r\n')
    expect(await results).toEqual([1])
  })

  it('proves nothing if another EXEC was sent behind it, which runs both', async () => {
    const { network, client } = await startReady({ retry: 'never' })
    const both = [rejection(client.multi().incr('a').exec()), rejection(client.multi().incr('b').exec())]
    await settle()
    await network.peer.answers('+OK\r\n', '+QUEUED\r\n', refused)
    for (const error of await Promise.all(both)) expect(error).toMatchObject({ fate: 'unknown', attempts: 1 })
    client.destroy()
  })

  it('is not in doubt if the server threw the transaction away', async () => {
    const { network, client } = await startReady()
    const results = rejection(client.multi().incr('n').exec())
    await settle()
    await network.peer.answers('+OK\r\n', '-ERR wrong\r\n', '-EXECABORT discarded\r\n')
    expect(await results).toMatchObject({ name: 'TransactionError', fate: 'refused' })
    expect(network.peer.isDestroyed).toBe(false)
    client.destroy()
  })
})

describe('a reply that comes before its command was written whole', () => {
  it('ends the connection: what the server makes of the rest is not known', async () => {
    const { network, client } = await startReady({ retry: 'never' })
    network.peer.nextWrite = 'pending'
    const large = client.set('k', 'v'.repeat(600_000))
    await settle()
    await network.peer.answers('+OK\r\n')
    expect(await large).toBe('OK')
    expect(network.peer.isDestroyed).toBe(true)
    client.destroy()
  })
})

describe('a script sent by its SHA-1 and answered by NOSCRIPT', () => {
  const one = script('return 1')

  async function startKnown() {
    const parts = await startReady({ retry: 'never' })
    const first = parts.client.run(one, [])
    await settle()
    await parts.network.peer.answers(':1\r\n')
    await first
    const second = parts.client.run(one, [])
    second.catch(() => {})
    await settle()
    await parts.network.peer.answers('-NOSCRIPT No matching script. Please use EVAL.\r\n')
    return { ...parts, second }
  }

  it('is sent by its text if the server says that it has no such script', async () => {
    const { network, second } = await startKnown()
    expect(network.peer.requests.at(-1)).toBe(`SCRIPT EXISTS ${one.sha1}`)
    await network.peer.answers('*1\r\n:0\r\n')
    expect(network.peer.requests.at(-1)).toMatch(/^EVAL /)
    await network.peer.answers(':1\r\n')
    expect(await second).toBe(1)
  })

  it('is sent by its text at the next call if the user may not ask: the server may have forgotten it for good', async () => {
    const { network, client, second } = await startKnown()
    await network.peer.answers('-NOPERM no SCRIPT\r\n')
    expect(await rejection(second)).toMatchObject({ prefix: 'NOSCRIPT' })
    const third = client.run(one, [])
    await settle()
    expect(network.peer.requests.at(-1)).toMatch(/^EVAL /)
    await network.peer.answers(':1\r\n')
    expect(await third).toBe(1)
  })

  it.each(['*1\r\n:1\r\n', '-NOPERM no SCRIPT\r\n'])('is not sent again without that proof: %j', async (answer) => {
    const { network, second } = await startKnown()
    await network.peer.answers(answer)
    expect(await rejection(second)).toMatchObject({ name: 'ReplyError', prefix: 'NOSCRIPT', fate: 'refused' })
    expect(network.peer.requests.filter((request) => request.startsWith('EVAL'))).toHaveLength(2)
  })

  it.each([true, false])(
    'may have run if the connection is lost before that answer; proven unsent: %s',
    async (isUnsent) => {
      const { network, second } = await startKnown()
      network.peer.isPendingWriteIncomplete = isUnsent
      await network.peer.ends(new Error('reset'))
      expect(await rejection(second)).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown' })
    },
  )

  it('is not sent again on another connection, where nothing can be asked', async () => {
    const { network, clock, client, second } = await startKnown()
    // The write of the question is refused: it waits for the next connection.
    await network.peer.ends(new Error('reset'))
    await clock.advance(3_000)
    await network.peer.welcomes()
    expect(await rejection(second)).toMatchObject({ fate: expect.stringMatching(/^(unknown|refused)$/) })
    expect(network.peer.requests).toEqual([])
    client.destroy()
  })

  it('is not sent again on another connection if the question could not be sent', async () => {
    const { network, clock, client } = await startReady({ retry: 'never' })
    const first = client.run(one, [])
    await settle()
    await network.peer.answers(':1\r\n')
    await first
    const second = rejection(client.run(one, []))
    await settle()
    network.peer.nextWrite = 'refused'
    await network.peer.answers('-NOSCRIPT No matching script. Please use EVAL.\r\n')
    await network.peer.ends(new Error('reset'))
    await clock.advance(3_000)
    await network.peer.welcomes()
    expect(await second).toMatchObject({ name: 'ReplyError', prefix: 'NOSCRIPT', fate: 'refused' })
    expect(network.peer.requests).toEqual([])
    client.destroy()
  })

  it('is decided by its policy on another connection, also if a call before it has sent the text there', async () => {
    const read = script('return 1', { readOnly: true })
    const { network, clock, client } = await startReady()
    const first = client.run(read, [])
    await settle()
    await network.peer.answers(':1\r\n')
    await first
    const both = Promise.all([client.run(read, []), client.run(read, [])])
    await settle()
    await network.peer.answers(...Array(2).fill('-NOSCRIPT No matching script. Please use EVAL.\r\n'))
    expect(network.peer.requests.slice(-2)).toEqual(Array(2).fill(`SCRIPT EXISTS ${read.sha1}`))
    await network.peer.ends(new Error('reset'))
    await clock.advance(3_000)
    await network.peer.welcomes()
    await network.peer.answers(':1\r\n')
    await network.peer.answers(':1\r\n')
    expect(await both).toEqual([1, 1])
    expect(network.peer.requests.map((request) => request.split(' ', 1)[0])).toEqual(['EVAL_RO', 'EVALSHA_RO'])
    client.destroy()
  })

  it('is asked about again if the server is busy', async () => {
    const { network, clock, second } = await startKnown()
    await network.peer.answers('-BUSY Redis is busy running a script.\r\n')
    await clock.advance(100)
    expect(network.peer.requests.slice(-2)).toEqual(Array(2).fill(`SCRIPT EXISTS ${one.sha1}`))
    await network.peer.answers('*1\r\n:0\r\n')
    await network.peer.answers(':1\r\n')
    expect(await second).toBe(1)
  })

  it('is not said to be unrun if the client is destroyed before that answer', async () => {
    const { client, second } = await startKnown()
    client.destroy()
    expect(await rejection(second)).toMatchObject({ name: 'ClientClosedError', fate: 'unknown' })
  })
})

describe('a server that refuses some of the commands for now', () => {
  const busy = '-BUSY Redis is busy running a script.\r\n'
  const settled = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)
  const overtaken = { name: 'ReplyError', prefix: 'BUSY', fate: 'not-executed' }

  it('sends nothing more until all replies came, however long that takes, and then the refused commands first', async () => {
    const { network, clock, client } = await startReady({ stallTimeout: 60_000 })
    const refused = client.set('a', 1)
    const slow = client.get('b')
    await settle()
    const { peer } = network
    await peer.answers(busy)
    await clock.advance(2_000)
    const later = client.set('c', 2)
    await clock.advance(0)
    expect(peer.requests).toEqual(['SET a 1', 'GET b'])
    await peer.answers('$-1\r\n')
    await clock.advance(2_000)
    expect(peer.requests).toEqual(['SET a 1', 'GET b', 'SET a 1', 'SET c 2'])
    await peer.answers('+OK\r\n+OK\r\n')
    expect(await Promise.all([refused, slow, later])).toEqual(['OK', null, 'OK'])
    client.destroy()
  })

  /** Sends commands, all of them at once, and gives them these replies. */
  async function exchange(calls: (client: Client) => Promise<unknown>[], replies: readonly string[]) {
    const { network, clock, client } = await startReady({ retry: 'always' })
    const results = calls(client).map(settled)
    await settle()
    await network.peer.answers(...replies)
    network.peer.requests.length = 0
    return { network, clock, client, results }
  }

  it('does not get those again whose key a later command has changed since', async () => {
    const { network, clock, client, results } = await exchange(
      (its) => [its.set('k', 1), its.set('j', 1), its.get('k'), its.set('k', 2)],
      [busy, busy, busy, '+OK\r\n'],
    )
    await clock.advance(100)
    expect(network.peer.requests).toEqual(['SET j 1', 'GET k'])
    expect(await results[0]).toMatchObject(overtaken)
    expect(await results[3]).toBe('OK')
    client.destroy()
  })

  it.each([
    ['the same bytes', (its: Client) => its.set(Buffer.from('é'), 1), (its: Client) => its.set('é', 2)],
    ['several keys', (its: Client) => its.set('k', 1), (its: Client) => its.call('EVAL', 'x', 2, 'a', 'k')],
    ['unknown keys', (its: Client) => its.set('k', 1), (its: Client) => its.call('NEWCOMMAND', 'x')],
    ['every key', (its: Client) => its.set('k', 1), (its: Client) => its.flushdb()],
    ['a key, while its own are unknown', (its: Client) => its.eval('x', 0), (its: Client) => its.incr('k')],
  ])('nor if the later one changed %s', async (_, first, second) => {
    const { results, client } = await exchange((its) => [first(its), second(its)], [busy, '+OK\r\n'])
    expect(await results[0]).toMatchObject({ prefix: 'BUSY' })
    client.destroy()
  })

  it('nor if the later one may have run before the connection was lost', async () => {
    const { network, clock, client, results } = await exchange(
      (its) => [its.set('k', 1), its.set('j', 1), its.set('k', 2)],
      [busy, busy],
    )
    await network.peer.ends(new Error('reset'))
    await clock.advance(100)
    await network.peer.welcomes()
    expect(network.peer.requests).toEqual(['SET j 1', 'SET k 2'])
    expect(await results[0]).toMatchObject(overtaken)
    client.destroy()
  })

  it('gets them again where the later one was answered with an error, of which the connection has lost a part', async () => {
    const { network, clock, client, results } = await exchange(
      (its) => [its.set('k', 1), its.set('k', 2)],
      [busy, busy.slice(0, 9)],
    )
    await network.peer.ends(new Error('reset'))
    await clock.advance(100)
    await network.peer.welcomes()
    expect(network.peer.requests).toEqual(['SET k 1', 'SET k 2'])
    await network.peer.answers('+OK\r\n+OK\r\n')
    expect(await Promise.all(results)).toEqual(['OK', 'OK'])
    client.destroy()
  })

  it('gets them again where the later one was refused while the client was being closed', async () => {
    const { network, client, results } = await exchange((its) => [its.set('k', 1), its.set('k', 2)], [busy])
    const closed = client.close()
    await network.peer.answers(busy)
    await settle()
    expect(network.peer.requests).toEqual(['SET k 1'])
    await network.peer.answers('+OK\r\n')
    await closed
    expect(await Promise.all(results)).toMatchObject(['OK', { name: 'ReplyError', prefix: 'BUSY' }])
  })

  it('gets them again where the later one was refused, too, though its caller no longer waited', async () => {
    const { network, clock, client } = await startReady()
    const first = client.set('k', 1)
    const controller = new AbortController()
    const later = settled(client.with({ signal: controller.signal }).set('k', 2))
    await settle()
    controller.abort()
    expect(await later).toMatchObject({ code: 'ABORT_ERR', fate: 'unknown' })
    await network.peer.answers(busy, busy)
    await clock.advance(100)
    expect(network.peer.requests).toEqual(['SET k 1', 'SET k 2', 'SET k 1'])
    await network.peer.answers('+OK\r\n')
    expect(await first).toBe('OK')
    client.destroy()
  })

  it('gets nothing more until it has answered everything, and then the refused ones first', async () => {
    const { network, clock, client } = await exchange((its) => [its.set('k', 1), its.get('j')], [busy])
    client.set('k', 3).catch(() => {})
    await clock.advance(1_000)
    expect(network.peer.requests).toEqual([])
    await network.peer.answers('_\r\n')
    expect(network.peer.requests).toEqual(['SET k 1', 'SET k 3'])
    client.destroy()
  })

  it('gets nothing more either when the client is being closed', async () => {
    const { network, clock, client, results } = await exchange((its) => [its.set('k', 1), its.get('j')], [busy])
    const closed = client.close()
    await clock.advance(10)
    expect(network.peer.requests).toEqual([])
    await network.peer.answers('_\r\n')
    expect(network.peer.requests).toEqual(['SET k 1'])
    await network.peer.answers('+OK\r\n')
    await closed
    expect(await results[0]).toBe('OK')
  })

  it('gets a script that it has forgotten before what was called later, or not at all', async () => {
    const incr = script('return redis.call("INCR", KEYS[1])')
    const { network, client } = await startReady()
    const first = client.run(incr, ['n'], [])
    await settle()
    await network.peer.answers(':1\r\n')
    const results = [client.run(incr, ['n'], []), client.run(incr, ['m'], []), client.set('m', 0)].map(settled)
    await settle()
    network.peer.requests.length = 0
    const forgotten = '-NOSCRIPT No matching script.\r\n'
    await network.peer.answers(forgotten, forgotten, '+OK\r\n')
    const later = client.set('n', 0)
    await settle()
    expect(network.peer.requests).toEqual([expect.stringMatching(/^SCRIPT EXISTS/)])
    await network.peer.answers('*1\r\n:0\r\n')
    expect(network.peer.requests.slice(1)).toEqual([expect.stringMatching(/^EVAL /), 'SET n 0'])
    await network.peer.answers(':2\r\n', '+OK\r\n')
    expect(await Promise.all([first, results[0], results[2], later])).toEqual([1, 2, 'OK', 'OK'])
    expect(await results[1]).toMatchObject({ name: 'ReplyError', prefix: 'NOSCRIPT' })
    client.destroy()
  })

  it('gets a forgotten script also when it must wait for those that were refused before it', async () => {
    const incr = script('return redis.call("INCR", KEYS[1])')
    const { network, clock, client } = await startReady()
    const first = client.run(incr, ['n'], [])
    await settle()
    await network.peer.answers(':1\r\n')
    await first
    const results = [client.set('k', 1), client.run(incr, ['n'], [])]
    await settle()
    await network.peer.answers(busy, '-NOSCRIPT No matching script.\r\n')
    network.peer.requests.length = 0
    await clock.advance(100)
    expect(network.peer.requests).toEqual(['SET k 1'])
    await network.peer.answers('+OK\r\n')
    await network.peer.answers('*1\r\n:0\r\n')
    await network.peer.answers(':2\r\n')
    expect(await Promise.all(results)).toEqual(['OK', 2])
    client.destroy()
  })
})

describe('a reply that makes this side end the connection', () => {
  it.each([
    ['exceeds a limit', '$101\r\n', 'executed'],
    ['is an error that exceeds a limit', '-ERR 0123456789', 'refused'],
    ['is garbage within', '*1\r\n?', 'unknown'],
  ])('because it %s costs its own command, and no attempt of those behind', async (_, bytes, fate) => {
    const { network, clock, client } = await startReady({
      maxAttempts: 2,
      limits: { bulkBytes: 100, errorBytes: 10 },
    })
    const results = [client.get('a'), client.get('b'), client.incr('c'), client.get('d')].map((promise) =>
      promise.catch((error: unknown) => error),
    )
    await settle()
    await network.peer.answers(bytes)
    expect(await results[0]).toMatchObject({
      name: 'ConnectionLostError',
      fate,
      attempts: 1,
      cause: { code: 'PROTOCOL_ERROR' },
    })
    expect(await results[2]).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown' })
    await clock.advance(50)
    await network.peer.welcomes()
    expect(network.peer.requests).toEqual(['GET b', 'GET d'])
    expect(client.inFlight()).toMatchObject([{ attempts: 1 }, { attempts: 1 }])
    await network.peer.answers('_\r\n_\r\n')
    expect(await Promise.all([results[1], results[3]])).toEqual([null, null])
    client.destroy()
  })

  it('between two replies costs nobody in particular: each loses an attempt', async () => {
    const { network, clock, client } = await startReady()
    client.get('a').catch(() => {})
    await settle()
    await network.peer.answers('HTTP/1.1 400\r\n')
    await clock.advance(50)
    await network.peer.welcomes()
    expect(client.inFlight()).toMatchObject([{ command: 'GET', attempts: 2 }])
    client.destroy()
  })
})

describe('a server that ends each connection at the same command', () => {
  it('gets that command alone after the second time, and it alone loses the attempts that are left', async () => {
    const { network, clock, client } = await startReady({ maxAttempts: 4 })
    const results = ['large', 'b', 'c', 'd'].map((key) => client.get(key).catch((error: unknown) => error))
    const sent: string[][] = []
    await settle()
    for (let ends = 0; ends < 4; ends += 1) {
      sent.push([...network.peer.requests])
      await network.peer.ends()
      await clock.advance(500)
      await network.peer.welcomes()
    }
    const all = ['GET large', 'GET b', 'GET c', 'GET d']
    expect(sent).toEqual([all, all, ['GET large'], ['GET large']])
    expect(await results[0]).toMatchObject({ name: 'ConnectionLostError', attempts: 4, fate: 'unknown' })
    expect(network.peer.requests).toEqual(['GET b'])
    await network.peer.answers('_\r\n')
    expect(network.peer.requests).toEqual(['GET b', 'GET c', 'GET d'])
    expect(client.inFlight()).toMatchObject([{ attempts: 3 }, { attempts: 3 }])
    await network.peer.answers('_\r\n_\r\n')
    expect(await Promise.all(results.slice(1))).toEqual([null, null, null])
    client.destroy()
  })
})

describe('a server that is loading its data', () => {
  it('uses up no attempt with its refusals: the command keeps them for a lost connection', async () => {
    const { network, clock, client } = await startReady({ maxAttempts: 2 })
    const value = client.get('k')
    await settle()
    for (let refusals = 0; refusals < 3; refusals += 1) {
      await network.peer.answers('-LOADING Redis is loading the dataset in memory\r\n')
      await clock.advance(1_000)
    }
    await network.peer.ends(new Error('reset'))
    await clock.advance(50)
    await network.peer.welcomes()
    await network.peer.answers('$1\r\nv\r\n')
    expect(await value).toBe('v')
    client.destroy()
  })
})

describe('a server that becomes read-only', () => {
  it('is left also when it refuses a script, which is rejected: it may have done a part of its work', async () => {
    const { network, clock, client } = await startReady()
    const failure = rejection(client.eval('return 1', 0))
    await settle()
    await network.peer.answers("-READONLY You can't write against a read only replica. script: x\r\n")
    expect(await failure).toMatchObject({ name: 'ReplyError', prefix: 'READONLY', fate: 'refused' })
    expect(network.peers.map(({ isDestroyed }) => isDestroyed)).toEqual([true])
    await clock.advance(50)
    await network.peer.welcomes()
    expect(client.status).toBe('ready')
    client.destroy()
  })

  it.each([
    [
      'in the reply to EXEC',
      "+OK\r\n+QUEUED\r\n*1\r\n-ERR Error running script: @user_script:1: -READONLY You can't\r\n",
    ],
    ['in the reply to a command of a transaction', '+OK\r\n-READONLY no\r\n-EXECABORT discarded\r\n'],
  ])('is left also when the refusal stands %s', async (_, reply) => {
    const { network, clock, client } = await startReady()
    client
      .multi()
      .call('EVAL', 'return 1', 0)
      .exec()
      .catch(() => {})
    await settle()
    await network.peer.answers(reply)
    await clock.advance(50)
    expect(network.peers.length).toBe(2)
    client.destroy()
  })

  it('causes a reconnect each time: reconnect.maxAttempts counts consecutive attempts', async () => {
    const { network, clock, client } = await startReady({ pingInterval: 0, reconnect: { maxAttempts: 1 } })
    for (let failover = 0; failover < 3; failover += 1) {
      await clock.advance(3_600_000)
      const answer = client.set('k', 'v')
      await settle()
      await network.peer.answers("-READONLY You can't write against a read only replica.\r\n")
      await clock.advance(50)
      await network.peer.welcomes()
      await network.peer.answers('+OK\r\n')
      expect(await answer).toBe('OK')
    }
    client.destroy()
  })

  it('between the commands of a transaction and its EXEC has run none of them: the transaction is sent again', async () => {
    const { network, clock, client } = await startReady()
    const results = client.multi().incr('n').exec()
    await settle()
    const reason = "READONLY You can't write against a read only replica."
    await network.peer.answers('+OK\r\n+QUEUED\r\n', `-EXECABORT Transaction discarded because of: ${reason}\r\n`)
    await clock.advance(50)
    await network.peer.welcomes()
    expect(network.peer.requests).toEqual(['MULTI', 'INCR n', 'EXEC'])
    await network.peer.answers('+OK\r\n+QUEUED\r\n*1\r\n:1\r\n')
    expect(await results).toEqual([1])
  })
})

describe('a lost connection', () => {
  it('repeats the commands that may be repeated, in order and before queued ones, and rejects the rest with their fate', async () => {
    const { network, clock, client } = await startReady()
    const outcomes = [client.get('a'), client.incr('b'), client.set('c', '1')].map((promise) =>
      promise.catch((error: unknown) => error),
    )
    await settle()
    await network.peer.ends(new Error('read ECONNRESET'))
    const later = client.get('d')
    await clock.advance(3_000)
    await network.peer.welcomes()
    expect(network.peer.requests).toEqual(['GET a', 'SET c 1', 'GET d'])
    await network.peer.answers('_\r\n+OK\r\n_\r\n')
    const [a, b, c] = await Promise.all(outcomes)
    expect([a, c, await later]).toEqual([null, 'OK', null])
    expect(b).toBeInstanceOf(ConnectionLostError)
    expect(b).toMatchObject({ fate: 'unknown', attempts: 1, command: 'INCR', code: 'CONNECTION_LOST' })
  })

  it('sends commands again whose write the system refused, whatever their class', async () => {
    const { network, clock, client } = await startReady()
    network.peer.nextWrite = 'refused'
    const count = client.incr('a')
    await settle()
    await network.peer.ends(new Error('write EPIPE'))
    await clock.advance(3_000)
    await network.peer.welcomes()
    expect(network.peer.requests).toEqual(['INCR a'])
    await network.peer.answers(':1\r\n')
    expect(await count).toBe(1)
    expect(client.stats()).toMatchObject({ replayed: 0, rejectedOnLoss: 0 })
  })

  it('sends the last frame of a write again if it provably did not leave completely', async () => {
    const { network, clock, client } = await startReady()
    network.peer.nextWrite = 'pending'
    const counts = [client.incr('a'), client.incr('b')].map((promise) => promise.catch((error: unknown) => error))
    await settle()
    network.peer.isPendingWriteIncomplete = true
    await network.peer.ends(new Error('read ECONNRESET'))
    await clock.advance(3_000)
    await network.peer.welcomes()
    expect(network.peer.requests).toEqual(['INCR b'])
    await network.peer.answers(':1\r\n')
    expect(await Promise.all(counts)).toEqual([expect.objectContaining({ fate: 'unknown' }), 1])
  })

  it('gives fate unknown to a read that was lost once and then times out in the queue', async () => {
    const { network, clock, client } = await startReady({ queueTimeout: 1_000, reconnect: () => 5_000 })
    const read = rejection(client.get('a'))
    await settle()
    await network.peer.ends(new Error('read ECONNRESET'))
    await clock.advance(1_100)
    expect(await read).toMatchObject({ name: 'TimeoutError', fate: 'unknown', attempts: 1 })
  })

  it('is the result of invalid bytes, after which nothing more is read', async () => {
    const { network, clock, client } = await startReady({ retry: 'never' })
    const reads = [client.get('a'), client.get('b')].map(rejection)
    await settle()
    await network.peer.answers('garbage\r\n$1\r\nb\r\n')
    expect(network.peer.isDestroyed).toBe(true)
    for (const error of await Promise.all(reads))
      expect(error).toMatchObject({ fate: 'unknown', cause: { name: 'ProtocolError' } })
    await clock.advance(0)
  })

  it('is the result of a reply with no command pending', async () => {
    const { network, client } = await startReady()
    await network.peer.answers('+OK\r\n')
    expect(network.peer.isDestroyed).toBe(true)
    expect(client.status).toBe('reconnecting')
  })

  it('is detected after exactly stallTimeout without data while replies are pending', async () => {
    const { network, clock, client } = await startReady({ stallTimeout: 1_000 })
    await clock.advance(700)
    void client.get('a').catch(() => {})
    await settle()
    await clock.advance(999)
    expect(client.status).toBe('ready')
    await clock.advance(3)
    expect(client.status).toBe('reconnecting')
    expect(network.peers[0]?.isDestroyed).toBe(true)
  })

  it('is not assumed while a command with a longer time limit is pending', async () => {
    const { clock, client } = await startReady({ stallTimeout: 1_000 })
    void rejection(client.with({ timeout: 5_000 }).call('DEBUG', 'SLEEP', '4'))
    await settle()
    await clock.advance(4_000)
    expect(client.status).toBe('ready')
  })

  describe('and the attempts to reconnect', () => {
    /** Loses three connections, each after the given lifetime; returns the attempt numbers passed to the policy. */
    async function attemptsAfterLives(lifeMs: number): Promise<number[]> {
      const attempts: number[] = []
      const reconnect = (attempt: number): number => {
        attempts.push(attempt)
        return 10
      }
      const { network, clock } = await startReady({ reconnect, pingInterval: 0 })
      for (let i = 0; i < 3; i += 1) {
        await clock.advance(lifeMs)
        await network.peer.ends()
        await clock.advance(10)
        await network.peer.welcomes()
      }
      return attempts
    }

    it('start from 1 if the connection stayed up for a while, even without a command', async () => {
      expect(await attemptsAfterLives(60_000)).toEqual([1, 1, 1])
    })

    it('continue counting if the connection ends at once, so that the delays grow', async () => {
      expect(await attemptsAfterLives(10)).toEqual([1, 2, 3])
    })

    it('do not stop because of links that were cut while idle', async () => {
      const { network, clock, client } = await startReady({ reconnect: { maxAttempts: 2 }, pingInterval: 0 })
      for (let i = 0; i < 5; i += 1) {
        await clock.advance(60_000)
        await network.peer.ends()
        expect(client.status).toBe('reconnecting')
        await clock.advance(2_000)
        await network.peer.welcomes()
      }
      expect(client.status).toBe('ready')
    })
  })

  it('is detected by PING when idle', async () => {
    const { network, clock, client } = await startReady({ pingInterval: 5_000, stallTimeout: 1_000 })
    await clock.advance(5_001)
    expect(network.peer.requests).toEqual(['PING'])
    await network.peer.answers('+PONG\r\n')
    await clock.advance(4_000)
    expect(client.status).toBe('ready')
    await clock.advance(3_000)
    expect(client.status).toBe('reconnecting')
  })
})

describe('abort and timeout', () => {
  it('cancel a queued command: fate not-executed, and never sent', async () => {
    const { network, client } = start()
    const controller = new AbortController()
    const aborted = rejection(client.with({ signal: controller.signal }).incr('a'))
    const kept = client.get('b')
    controller.abort(new Error('gone'))
    expect(await aborted).toMatchObject({
      name: 'AbortError',
      code: 'ABORT_ERR',
      fate: 'not-executed',
      cause: { message: 'gone' },
    })
    await network.peer.welcomes()
    expect(network.peer.requests).toEqual(['GET b'])
    await network.peer.answers('_\r\n')
    await kept
  })

  it('reject a sent command: fate unknown; its slot stays, and the late reply goes to outcome', async () => {
    const { network, clock, client } = await startReady()
    const limited = client.with({ timeout: 100 }).incr('a')
    const next = client.get('b')
    const failed = rejection(limited)
    await settle()
    await clock.advance(100)
    const error = (await failed) as { fate: string; outcome: Promise<unknown> }
    expect(error).toMatchObject({ name: 'TimeoutError', fate: 'unknown' })
    expect(client.inFlight().map(({ state }) => state)).toEqual(['abandoned', 'sent'])
    await network.peer.answers(':7\r\n$1\r\nx\r\n')
    expect(await error.outcome).toBe(7)
    expect(await next).toBe('x')
  })

  it('are final: a cancelled command is not sent again when the connection is lost', async () => {
    const { network, clock, client } = await startReady({ retry: 'always' })
    const failed = rejection(client.with({ timeout: 100 }).get('a'))
    await settle()
    await clock.advance(100)
    await failed
    await network.peer.ends(new Error('read ECONNRESET'))
    await clock.advance(3_000)
    await network.peer.welcomes()
    expect(network.peer.requests).toEqual([])
  })

  it('cost one timer and one listener for thousands of commands', async () => {
    const { network, clock, client } = await startReady()
    const before = clock.pending
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    signal.addEventListener = ((...args: Parameters<typeof add>) => {
      listeners += 1
      add(...args)
    }) as typeof signal.addEventListener
    const view = client.with({ timeout: 1_000, signal })
    const values = Promise.all(Array.from({ length: 5_000 }, () => view.get('a')))
    await settle()
    expect(clock.pending - before).toBe(1)
    expect(listeners).toBe(1)
    await network.peer.answers('_\r\n'.repeat(5_000))
    expect((await values).length).toBe(5_000)
  })
})

describe('the queue without a connection', () => {
  it('is limited in commands, bytes and time', async () => {
    const { client, clock } = start({ maxQueued: 2, maxQueuedBytes: 1_000, queueTimeout: 500 })
    const waiting = [rejection(client.get('a')), rejection(client.get('b'))]
    expect(await rejection(client.get('c'))).toMatchObject({ name: 'QueueFullError', fate: 'not-executed' })
    await clock.advance(500)
    for (const error of await Promise.all(waiting))
      expect(error).toMatchObject({ name: 'TimeoutError', fate: 'not-executed' })
    const large = rejection(client.set('a', 'x'.repeat(2_000)))
    expect(await rejection(client.get('b'))).toMatchObject({ name: 'QueueFullError' })
    client.destroy()
    await large
  })

  it("is not used with offline: 'reject'", async () => {
    const { client } = start({ offline: 'reject' })
    expect(await rejection(client.get('a'))).toMatchObject({
      name: 'QueueFullError',
      code: 'OFFLINE',
      fate: 'not-executed',
    })
    expect(client.status).toBe('connecting')
    client.destroy()
  })
})

it.each(['LOADING', 'MASTERDOWN', 'TRYAGAIN', 'CLUSTERDOWN', 'BUSY'])(
  'after a %s error, a command is sent again, whatever its class',
  async (prefix) => {
    const { network, clock, client } = await startReady()
    const count = client.incr('a')
    await settle()
    await network.peer.answers(`-${prefix} not now\r\n`)
    await clock.advance(100)
    expect(network.peer.requests).toEqual(['INCR a', 'INCR a'])
    await network.peer.answers(':1\r\n')
    expect(await count).toBe(1)
  },
)

it('after such an error from a script, which may have done its work, it is not sent again', async () => {
  const { network, client } = await startReady()
  const result = rejection(client.eval('...', 0))
  await settle()
  await network.peer.answers('-TRYAGAIN said the script\r\n')
  expect(await result).toMatchObject({ name: 'ReplyError', fate: 'refused' })
})

describe('closing', () => {
  it('close() lets commands in flight finish, refuses new ones, and leaves nothing behind', async () => {
    const { network, clock, client } = await startReady()
    const value = client.get('a')
    const closed = client.close()
    expect(await rejection(client.get('b'))).toMatchObject({ name: 'ClientClosedError', fate: 'not-executed' })
    await settle()
    await network.peer.answers('$1\r\nx\r\n')
    expect(await value).toBe('x')
    await closed
    expect(client.status).toBe('closed')
    expect(network.peer.isDestroyed).toBe(true)
    expect(clock.pending).toBe(0)
    await client.close()
  })

  it('close() does not wait for the reply to a PING of the client itself', async () => {
    const { network, clock, client } = await startReady({ pingInterval: 5_000, stallTimeout: 10_000 })
    await clock.advance(5_000)
    expect(network.peer.requests).toEqual(['PING'])
    await client.close()
    expect(network.peer.isDestroyed).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('close() waits for the reply to reauthenticate()', async () => {
    const { network, client } = await startReady({ password: 'p' })
    const renewed = rejection(client.reauthenticate())
    await until(() => network.peer.requests.length > 0)
    expect(network.peer.requests).toEqual(['AUTH p'])
    const closed = client.close()
    await settle()
    await network.peer.answers('-WRONGPASS no\r\n')
    expect(await renewed).toMatchObject({ name: 'HandshakeError', step: 'AUTH' })
    await closed
  })

  it('close() destroys whatever has not finished after its timeout', async () => {
    const { clock, client } = await startReady()
    const value = rejection(client.incr('a'))
    await settle()
    const closed = client.close({ timeout: 200 })
    await clock.advance(200)
    await closed
    expect(await value).toMatchObject({ name: 'ClientClosedError', fate: 'unknown' })
    expect(clock.pending).toBe(0)
  })

  it.each([Infinity, 2 ** 31])('close() with a timeout of %d ms waits as long as a timer can', async (timeout) => {
    const { network, clock, client } = await startReady({ stallTimeout: 0, pingInterval: 0 })
    const delays: number[] = []
    const { after } = clock
    clock.after = (delay, callback) => {
      delays.push(delay)
      return after.call(clock, delay, callback)
    }
    const value = client.get('a')
    const closed = client.close({ timeout })
    await settle()
    await network.peer.answers('$1\r\nx\r\n')
    expect(await value).toBe('x')
    await closed
    expect(delays).toEqual([2 ** 31 - 1])
  })

  it.each(['close', 'destroy'] as const)('takes effect if the `reconnect` function calls %s()', async (end) => {
    for (const answer of [10, false] as const) {
      const { network, clock, client } = await startReady({
        reconnect: () => {
          void client[end]()
          return answer
        },
      })
      await network.peer.ends()
      await clock.advance(1_000)
      expect(client.status).toBe('closed')
      expect(network.peers.length).toBe(1)
      expect(clock.pending).toBe(0)
    }
  })

  it.each([
    ['the shared connection', (client: Client): Promise<unknown> => client.get('a')],
    ['a connection of the pool', (client: Client): Promise<unknown> => client.session((session) => session.get('a'))],
    ['subscriptions', (client: Client): Promise<unknown> => client.subscribe('a').ready],
  ])('takes effect if the credentials provider of %s calls destroy()', async (_, ask) => {
    const { network, clock, client } = start({
      credentials: () => {
        client.destroy()
        return { password: 'p' }
      },
    })
    expect(await rejection(ask(client))).toMatchObject({ name: 'ClientClosedError', fate: 'not-executed' })
    await settle()
    expect(network.peers.length).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('leaves a subscription its own error if an error listener calls destroy() when it is rejected', async () => {
    const { network, clock, client } = start()
    client.on('error', () => client.destroy())
    const ready = rejection(client.subscribe('a').ready)
    await settle()
    await network.peer.opens()
    await network.peer.answers('-WRONGPASS no\r\n')
    expect(await ready).toMatchObject({ name: 'HandshakeError' })
    expect(client.status).toBe('closed')
    expect(clock.pending).toBe(0)
  })

  it('is not needed to reject a blocking command whose server ends each connection at once', async () => {
    const { network, clock, client } = start({ blocking: { acquireTimeout: 500 } })
    const popped = rejection(client.blpop('q', 1))
    for (let i = 0; i < 40; i += 1) {
      const fresh = network.peers.filter((peer) => !peer.isDestroyed)
      for (const peer of fresh) {
        await peer.opens()
        await peer.answers('%0\r\n+OK\r\n+OK\r\n+unasked\r\n')
      }
      await clock.advance(100)
    }
    expect(await popped).toMatchObject({ name: 'TimeoutError', fate: 'not-executed' })
  })

  it('close() never connects: queued commands are rejected', async () => {
    const { network, clock, client } = start()
    const value = rejection(client.get('a'))
    await client.close()
    expect(await value).toMatchObject({ name: 'ClientClosedError', fate: 'not-executed' })
    expect(network.peers.length).toBe(1)
    expect(network.peer.isDestroyed).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('destroy() rejects each command with its fate', async () => {
    const { network, client } = await startReady()
    const sent = rejection(client.incr('a'))
    await settle()
    await network.peer.answers(':1')
    const queued = rejection(client.incr('b'))
    client.destroy()
    expect(await sent).toMatchObject({ fate: 'executed' })
    expect(await queued).toMatchObject({ fate: 'not-executed' })
    expect(await rejection(client.connect())).toMatchObject({ name: 'ClientClosedError' })
  })
})

describe('events', () => {
  it('report every change of status', async () => {
    const { network, clock, client } = start()
    const seen: string[] = []
    client.on('status', (status) => seen.push(status))
    const connected = client.connect()
    await network.peer.welcomes()
    await connected
    await network.peer.ends()
    await clock.advance(3_000)
    await network.peer.welcomes()
    await client.close()
    expect(seen).toEqual(['connecting', 'ready', 'reconnecting', 'ready', 'closing', 'closed'])
  })

  it('report errors to listeners, and throw nothing without one', async () => {
    const { network, client } = await startReady()
    await network.peer.ends(new Error('read ECONNRESET'))
    expect(client.status).toBe('reconnecting')
    const seen: string[] = []
    const listener = (error: Error): unknown => seen.push(error.message)
    client.on('error', listener)
    client.off('error', listener)
    client.destroy()
    expect(seen).toEqual([])
  })

  it.each(['connecting', 'ready', 'reconnecting', 'closing', 'idle'] as const)(
    'leave no command pending, and nothing behind, if a listener destroys the client when it becomes %s',
    async (fatal) => {
      const { network, clock, client } = start({ connectDeadline: 500, retry: 'always', reconnect: false })
      client.on('status', (status) => status === fatal && client.destroy())
      const settled = [client.get('a'), client.incr('b')].map((promise) => promise.catch(() => 'rejected'))
      if (network.peers.length > 0) await network.peer.welcomes()
      if (client.status === 'ready' && fatal !== 'closing') await network.peer.ends(new Error('read ECONNRESET'))
      if (fatal === 'closing') void client.close()
      await clock.advance(20_000)
      expect(await Promise.all(settled)).toEqual(['rejected', 'rejected'])
      expect(client.status).toBe('closed')
      expect(clock.pending).toBe(0)
    },
  )

  it('let a listener connect again when the client becomes idle', async () => {
    const { network, clock, client } = start({ connectDeadline: 100 })
    client.once('status', () => {})
    let again: Promise<unknown> | undefined
    client.on('status', (status) => {
      if (status === 'idle') again ??= client.connect()
    })
    const first = rejection(client.connect())
    for (let passed = 0; passed < 200 && again === undefined; passed += 10) {
      if (!network.peer.isDestroyed) await network.peer.ends(new Error('connect ECONNREFUSED'))
      await clock.advance(10)
    }
    expect(await first).toMatchObject({ name: 'ConnectError' })
    await network.peer.welcomes()
    await again
    expect(client.status).toBe('ready')
  })
})

it('a duplicate has the options of its client, even if the caller has changed the objects in them', async () => {
  const url = new URL('redis://:secret@h1:1')
  const tls = { servername: 'n1', ca: ['a'] }
  const { network, client } = start({ url, tls })
  url.password = ''
  url.host = 'h2:2'
  tls.servername = 'n2'
  tls.ca[0] = 'b'
  const copy = client.duplicate()
  copy.connect().catch(() => {})
  expect(network.peer.endpoint).toMatchObject({ host: 'h1', port: 1, tls: { servername: 'n1', ca: ['a'] } })
  await network.peer.opens()
  expect(network.peer.requests[0]).toBe('HELLO 3 AUTH default secret')
  copy.destroy()
})
