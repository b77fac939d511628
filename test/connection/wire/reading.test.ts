import { afterEach, describe, expect, it, vi } from 'vitest'
import { Client } from '../../../src/client.js'
import type { ClientOptionsOf } from '../../../src/index.js'
import { Buffer as ClientBuffer } from '../../../src/protocol/buffer.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { FakeNetwork } from '../../support/fake-network.js'

const clients: Client[] = []
afterEach(() => {
  vi.restoreAllMocks()
  for (const client of clients.splice(0)) client.destroy()
})

async function startReady(options: ClientOptionsOf = {}) {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client(options, undefined, { dial: network.dial, clock })
  clients.push(client)
  const connected = client.connect()
  await network.peer.welcomes()
  await connected
  return { network, clock, client }
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('a reply that nobody asked for', () => {
  it('in the bytes of the last reply of the handshake ends the attempt: the first command must not get it', async () => {
    const network = new FakeNetwork()
    const clock = new FakeClock()
    const client = new Client({}, undefined, { dial: network.dial, clock })
    clients.push(client)
    const value = client.get('k')
    await network.peer.opens()
    const steps = network.peer.requests.length
    await network.peer.answers('%0\r\n', ...Array.from({ length: steps }, () => '+extra\r\n'))
    expect(network.peers[0]?.isDestroyed).toBe(true)
    await clock.advance(1_000)
    expect(network.peers.length).toBe(2)
    await network.peer.welcomes()
    await network.peer.answers('+mine\r\n')
    expect(await value).toBe('mine')
  })

  it('in the bytes of the last reply to RESP3 steps does not count as the first of the RESP2 steps', async () => {
    const network = new FakeNetwork()
    const clock = new FakeClock()
    const client = new Client({ password: 'secret' }, undefined, { dial: network.dial, clock })
    clients.push(client)
    const failure = rejection(client.connect())
    await network.peer.opens()
    const steps = network.peer.requests.length
    await network.peer.answers(...Array.from({ length: steps + 1 }, () => '-ERR unknown command\r\n'))
    expect(network.peers[0]?.isDestroyed).toBe(true)
    await clock.advance(60_000)
    expect(await failure).toMatchObject({ name: 'ConnectError', fate: 'not-executed' })
  })
})

describe('a reply to EXEC', () => {
  it.each(['+OK\r\n', ':5\r\n', '*1\r\n+a\r\n', '*3\r\n+a\r\n+b\r\n*1\r\n+c\r\n', '%1\r\n+a\r\n+b\r\n'])(
    '%j, without one element for each of two commands, is no result',
    async (reply) => {
      const { network, client } = await startReady()
      const failure = rejection(client.multi().hgetall('k').xrange('s', '-', '+').exec())
      const value = client.get('k')
      await settle()
      await network.peer.answers('+OK\r\n+QUEUED\r\n+QUEUED\r\n', reply, '+next\r\n')
      expect(await failure).toMatchObject({ name: 'RespiteError', code: 'RESPITE', command: 'EXEC', fate: 'unknown' })
      expect(await value).toBe('next')
    },
  )

  it('has an error in place of an element whose form is not known', async () => {
    const { network, client } = await startReady()
    const results = client.with({ integers: 'bigint' }).multi().incr('n').get('k').exec()
    await settle()
    await network.peer.answers('+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n,1.5\r\n+v\r\n')
    expect(await results).toMatchObject([{ code: 'RESPITE', fate: 'unknown', command: 'INCR' }, 'v'])
  })
})

it('a reply of a form that is not known rejects with a RespiteError', async () => {
  const { network, client } = await startReady()
  const failure = rejection(client.with({ integers: 'bigint' }).incr('n'))
  await settle()
  await network.peer.answers(',1.5\r\n')
  expect(await failure).toMatchObject({ code: 'RESPITE', fate: 'unknown', command: 'INCR', cause: expect.any(Error) })
})

it.each(['*2\r\n+0\r\n_\r\n', '_\r\n', '+OK\r\n'])(
  '%j, no reply to a scan, ends its iterator with a RespiteError',
  async (reply) => {
    const { network, client } = await startReady()
    const failure = rejection(client.zscanIterator('k').next())
    await settle()
    await network.peer.answers(reply)
    expect(await failure).toMatchObject({ code: 'RESPITE', fate: 'unknown', command: 'ZSCAN' })
  },
)

it('a reply to a call that runs once, of a form that is not known, rejects with a RespiteError', async () => {
  const { network, client } = await startReady()
  const failure = rejection(client.with({ once: true }).incr('n'))
  const sees = async (command: string): Promise<void> => {
    while (!network.peer.requests.some((request) => request.startsWith(command))) await settle()
  }
  await sees('TIME')
  await network.peer.answers('*2\r\n$1\r\n1\r\n$1\r\n1\r\n')
  await sees('EVAL')
  await network.peer.answers('+PONG\r\n', '+PONG\r\n')
  expect(await failure).toMatchObject({ code: 'RESPITE', fate: 'unknown', command: 'INCR' })
})

it('a reply for which there is no memory ends the connection, and nothing is thrown', async () => {
  const { network, client } = await startReady({ retry: 'never' })
  const value = rejection(client.get('k'))
  await settle()
  const allocate = ClientBuffer.allocUnsafe
  vi.spyOn(ClientBuffer, 'allocUnsafe').mockImplementation((size) => {
    if (size > 1_000_000) throw new RangeError('Array buffer allocation failed')
    return allocate(size)
  })
  await network.peer.answers('$2000000\r\n', Buffer.alloc(1_500_000, 'x'))
  expect(await value).toMatchObject({
    name: 'ConnectionLostError',
    fate: 'executed',
    cause: { message: 'Array buffer allocation failed' },
  })
})

it('a line of MONITOR before the reply to a PING is given out, and that reply is not', async () => {
  const { network, clock, client } = await startReady({ pingInterval: 1_000 })
  const lines: string[] = []
  const reading = client.session(async (session) => {
    for await (const line of session.monitor()) lines.push(line)
  })
  await settle()
  await network.peer.welcomes()
  await network.peer.answers('+OK\r\n')
  await clock.advance(1_000)
  expect(network.peer.requests.at(-1)).toBe('PING')
  await network.peer.answers('+1.2 [0 x] "GET" "k"\r\n+PONG\r\n+1.3 [0 x] "GET" "j"\r\n')
  client.destroy()
  await rejection(reading)
  expect(lines).toEqual(['1.2 [0 x] "GET" "k"', '1.3 [0 x] "GET" "j"'])
})

describe('the connection of a session that was told to expect no replies', () => {
  it.each(['OFF', 'SKIP'])('gets no PING, which would be owed the reply to another command: %s', async (mode) => {
    const { network, clock, client } = await startReady({ pingInterval: 1_000, stallTimeout: 3_000 })
    const replies = client.session(async (session) => {
      await session.call('CLIENT', 'REPLY', mode)
      await clock.advance(10_000)
      const both = await Promise.all([session.call('CLIENT', 'REPLY', 'ON'), session.echo('one')])
      await clock.advance(2_000)
      return both
    })
    await settle()
    const { peer } = network
    await peer.welcomes()
    await peer.answers('+OK\r\n')
    for (let turns = 0; turns < 100; turns += 1) await settle()
    expect(peer.requests).toEqual(['CLIENT REPLY ON', `CLIENT REPLY ${mode}`, 'CLIENT REPLY ON', 'ECHO one'])
    await peer.answers('+OK\r\n$3\r\none\r\n')
    expect(await replies).toEqual(['OK', 'one'])
    // Now it is answered.
    expect(peer.requests.slice(4)).toContain('PING')
  })
})

it('no PING becomes a part of a transaction by hand', async () => {
  const { network, clock, client } = await startReady({ pingInterval: 1_000 })
  const result = client.session(async (session) => {
    await session.call('MULTI')
    await session.incr('n')
    await clock.advance(10_000)
    return session.call('EXEC')
  })
  await settle()
  const { peer } = network
  await peer.welcomes()
  for (const reply of ['+OK\r\n', '+QUEUED\r\n']) {
    await settle()
    await peer.answers(reply)
  }
  for (let turns = 0; turns < 100; turns += 1) await settle()
  expect(peer.requests).toEqual(['MULTI', 'INCR n', 'EXEC'])
  await peer.answers('*1\r\n:1\r\n')
  expect(await result).toEqual([1])
})

it('a transaction at a proxy that ran its commands one by one is executed, although EXEC was refused', async () => {
  const { network, client } = await startReady()
  const failure = rejection(client.multi().incr('a').set('b', '1').exec())
  await settle()
  await network.peer.answers('+OK\r\n:1\r\n-ERR no\r\n-ERR EXEC without MULTI\r\n')
  expect(await failure).toMatchObject({ fate: 'executed', results: [1, { message: 'ERR no' }] })
})

it.each([
  ['QUEUED', 'not-executed', undefined],
  ['OK', 'executed', 'OK'],
])(
  'outside a session, a transaction whose EXEC is answered by null is rejected, after %s with fate %s',
  async (reply, fate, result) => {
    const { network, client } = await startReady()
    const failure = rejection(client.multi().set('b', '1').exec())
    await settle()
    await network.peer.answers(`+OK\r\n+${reply}\r\n_\r\n`)
    expect(await failure).toMatchObject({ name: 'TransactionError', fate, results: [result] })
  },
)

it('after a refused MONITOR, a reply that no command is owed ends the connection as before', async () => {
  const { network, client } = await startReady()
  const over = client.session(async (session) => {
    const refusal = await rejection(session.monitor().next())
    return [refusal, await session.call('WAITS'), await rejection(session.call('WAITS LONGER'))]
  })
  await settle()
  await network.peer.welcomes()
  await network.peer.answers('-NOPERM no\r\n')
  expect(network.peer.requests).toEqual(['MONITOR', 'WAITS'])
  const { peer } = network
  await peer.answers('+reply\r\n', '+a line of nobody\r\n')
  expect(await over).toMatchObject([{ name: 'ReplyError' }, 'reply', { name: 'SessionLostError' }])
})
