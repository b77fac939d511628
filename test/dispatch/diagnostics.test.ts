import { channel, tracingChannel } from 'node:diagnostics_channel'
import { afterEach, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import type { CommandTrace, ConnectionTrace } from '../../src/dispatch/diagnostics.js'
import type { Session } from '../../src/index.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'

const commands = tracingChannel<unknown, CommandTrace>('respite:command')
const connections = channel('respite:connection')
const undo: (() => void)[] = []
afterEach(() => {
  for (const action of undo.splice(0)) action()
})

async function startReady(options = {}) {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client(options, undefined, { dial: network.dial, clock })
  const connected = client.connect()
  await network.peer.welcomes({ id: 1, address: '127.0.0.1:1', runId: 'a' })
  await connected
  return { network, clock, client }
}

function record(): [string, CommandTrace][] {
  const seen: [string, CommandTrace][] = []
  const listeners = Object.fromEntries(
    (['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const).map((name) => [
      name,
      (trace: CommandTrace) => seen.push([name, trace]),
    ]),
  ) as never
  commands.subscribe(listeners)
  undo.push(() => commands.unsubscribe(listeners))
  return seen
}

it('a command is traced from its call until it settles, without its arguments', async () => {
  const { network, client } = await startReady()
  const seen = record()
  const value = client.set('secret', 'value')
  await settle()
  await network.peer.answers('+OK\r\n')
  expect(await value).toBe('OK')
  expect(seen.map(([name]) => name)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd'])
  expect(seen[0]?.[1]).toMatchObject({ command: 'SET', server: { host: 'localhost', port: 6379, database: 0 } })
  expect(JSON.stringify(seen)).not.toContain('secret')
  client.destroy()
})

it('a trace has the arguments with traceArguments, and the error if the command is rejected', async () => {
  const { network, client } = await startReady({ traceArguments: true })
  const seen = record()
  const value = client.incr('k').catch(() => 'rejected')
  await settle()
  await network.peer.answers('-WRONGTYPE no\r\n')
  expect(await value).toBe('rejected')
  expect(seen.map(([name]) => name)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd'])
  expect(seen[2]?.[1]).toMatchObject({ arguments: ['INCR', 'k'], error: { prefix: 'WRONGTYPE' } })
  client.destroy()
})

it('what a subscriber changes in the arguments is not sent', async () => {
  const { network, client } = await startReady({ traceArguments: true })
  const hide = (message: unknown): void => {
    const { arguments: args } = message as { arguments: (string | string[])[] }
    for (const each of [args, ...args]) if (Array.isArray(each) && each[0] === 'SET') each[2] = '***'
  }
  const start = channel('tracing:respite:command:start')
  start.subscribe(hide)
  undo.push(() => start.unsubscribe(hide))
  const calls = Promise.allSettled([client.set('k', 'one'), client.multi().set('k', 'two').exec()])
  await settle()
  expect(network.peer.requests).toEqual(['SET k one', 'MULTI', 'SET k two', 'EXEC'])
  client.destroy()
  await calls
})

it('what a subscriber changes in the server of its message is not seen by others', async () => {
  const { network, client } = await startReady()
  const spoil = (message: unknown): void => {
    Object.assign((message as CommandTrace).server, { host: 'changed' })
  }
  const start = channel('tracing:respite:command:start')
  for (const each of [start, connections]) each.subscribe(spoil)
  const first = client.get('k')
  await settle()
  for (const each of [start, connections]) each.unsubscribe(spoil)
  const seen = record()
  const second = client.get('k')
  await settle()
  await network.peer.answers('$1\r\nv\r\n$1\r\nv\r\n')
  expect(await Promise.all([first, second])).toEqual(['v', 'v'])
  expect(seen[0]?.[1].server.host).toBe('localhost')
  client.destroy()
})

it('connections are traced, with the outcome of the commands of a lost one', async () => {
  const seen: ConnectionTrace[] = []
  const listener = (message: unknown): unknown => seen.push(message as ConnectionTrace)
  connections.subscribe(listener)
  undo.push(() => connections.unsubscribe(listener))
  const { network, clock, client } = await startReady()
  const errors: Error[] = []
  client.on('error', (reported) => errors.push(reported))
  const read = client.get('a')
  const write = client.incr('b').catch(() => 'rejected')
  await settle()
  await network.peer.ends(new Error('read ECONNRESET'))
  await clock.advance(3_000)
  await network.peer.welcomes({ id: 2, address: '127.0.0.1:2', runId: 'a' })
  await network.peer.answers(':1\r\n', '_\r\n')
  await Promise.all([read, write])
  await client.close()
  expect(seen.map(({ event }) => event)).toEqual([
    'connecting',
    'ready',
    'lost',
    'reconnecting',
    'ready',
    'fence',
    'fence',
    'closing',
    'closed',
  ])
  expect(seen.filter(({ event }) => event === 'fence')).toMatchObject([
    { connection: 1, result: 'tried' },
    { connection: 1, result: 'proven' },
  ])
  const error = { code: 'CONNECTION_LOST', fate: 'unknown', cause: { message: 'read ECONNRESET' } }
  expect(seen[2]).toMatchObject({ connection: 1, replayed: 1, rejected: 1, error })
  expect(errors).toMatchObject([error])
})

it('the loss of a pooled connection is traced, with the outcome of its commands, and reported by error', async () => {
  const network = new FakeNetwork()
  const client = new Client({ fence: 'off' }, undefined, { dial: network.dial, clock: new FakeClock() })
  const seen: ConnectionTrace[] = []
  const listener = (trace: unknown): number => seen.push(trace as ConnectionTrace)
  connections.subscribe(listener)
  undo.push(() => connections.unsubscribe(listener))
  const errors: Error[] = []
  client.on('error', (error) => errors.push(error))
  const losses = (): object[] => seen.flatMap((trace) => (trace.event === 'lost' ? [trace] : []))

  // Of a session.
  const pending = client.session((session) => session.incr('n').catch((error: Error) => error.name))
  await settle()
  await network.peer.welcomes()
  await network.peer.ends(new Error('reset'))
  expect(await pending).toBe('SessionLostError')
  expect(losses()).toMatchObject([{ connection: 1, replayed: 0, rejected: 1, error: { name: 'ConnectionLostError' } }])
  expect(errors).toMatchObject([{ name: 'ConnectionLostError', fate: 'unknown' }])

  // Of nobody.
  const session = client.session(() => {})
  await settle()
  await network.peer.welcomes()
  await session
  await network.peer.ends(new Error('reset'))
  expect(losses()[1]).toMatchObject({ connection: 2, replayed: 0, rejected: 0 })
  expect(errors[1]).toMatchObject({ name: 'ConnectionLostError', fate: 'not-executed' })
  client.destroy()
})

it('what the pool itself closes is no loss', async () => {
  const seen: ConnectionTrace[] = []
  const listener = (trace: unknown): number => seen.push(trace as ConnectionTrace)
  connections.subscribe(listener)
  undo.push(() => connections.unsubscribe(listener))
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client({ blocking: { idleTimeout: 100 } }, undefined, { dial: network.dial, clock })
  const errors: Error[] = []
  client.on('error', (error) => errors.push(error))
  for (const work of [() => {}, (session: Session) => session.call('CLIENT', 'NO-EVICT', 'ON')]) {
    const session = client.session<unknown>(work)
    await settle()
    await network.peer.welcomes()
    await network.peer.answers('+OK\r\n'.repeat(network.peer.requests.length))
    await session
    await clock.advance(1_000)
    expect(network.peer.isDestroyed).toBe(true)
  }
  const pending = client.session((session) => session.incr('n')).catch((error: Error) => error.name)
  await settle()
  await network.peer.welcomes()
  client.destroy()
  expect(await pending).toBe('SessionLostError')
  expect(errors).toEqual([])
  expect(seen.filter(({ event }) => event === 'lost')).toEqual([])
})

it('what the client sends to restore the connection of a session is not traced as a command of the caller', async () => {
  const { network, client } = await startReady()
  const seen = record()
  const session = client.session((within) => {
    within.watch('k').catch(() => {})
    within.select(1).catch(() => {})
  })
  await settle()
  await network.peer.welcomes()
  await network.peer.answers('+OK\r\n+OK\r\n+OK\r\n+OK\r\n')
  await session
  expect(network.peer.requests).toEqual(['WATCH k', 'SELECT 1', 'UNWATCH', 'SELECT 0'])
  expect(seen.filter(([name]) => name === 'start').map(([, trace]) => trace)).toMatchObject([
    { command: 'WATCH' },
    { command: 'SELECT' },
  ])
  client.destroy()
})

it('a trace says how long its command was queued and on the wire, how often it was sent, and what became of it', async () => {
  const { network, clock, client } = await startReady({ retry: 'read' })
  const seen = record()
  const read = client.get('a')
  const write = client.incr('b').catch(() => 'rejected')
  await settle()
  await clock.advance(20)
  await network.peer.ends(new Error('read ECONNRESET'))
  await clock.advance(50)
  await network.peer.welcomes({ id: 2, address: '127.0.0.1:2', runId: 'a' })
  await clock.advance(30)
  await network.peer.answers(':1\r\n', '_\r\n')
  await Promise.all([read, write])
  const last = (command: string): CommandTrace | undefined =>
    seen.findLast(([name, trace]) => name === 'asyncEnd' && trace.command === command)?.[1]
  expect(last('GET')).toMatchObject({ fate: 'executed', attempts: 2, timeQueued: 0, timeOnWire: 30 })
  expect(last('INCR')).toMatchObject({ fate: 'unknown', attempts: 1, timeQueued: 0, timeOnWire: 20 })
  expect(last('GET')).not.toHaveProperty('batchSize')
  client.destroy()
})

it('a command that is never sent was queued until it settled', async () => {
  const { network, clock, client } = await startReady({ reconnect: { baseDelay: 1_000 } })
  await network.peer.ends()
  const seen = record()
  const controller = new AbortController()
  const given = client.with({ signal: controller.signal }).get('a')
  await clock.advance(20)
  controller.abort()
  await given.catch(() => {})
  await settle()
  expect(seen.at(-1)?.[1]).toMatchObject({ fate: 'not-executed', attempts: 0, timeQueued: 20, timeOnWire: 0 })
  client.destroy()
})

it('a transaction is traced with the number of its commands', async () => {
  const { network, client } = await startReady()
  const seen = record()
  const results = client.multi().incr('n').get('k').exec()
  await settle()
  await network.peer.answers('+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n_\r\n')
  expect(await results).toEqual([1, null])
  expect(seen.at(-1)?.[1]).toMatchObject({ command: 'MULTI', batchSize: 2, fate: 'executed', attempts: 1 })
  client.destroy()
})

it('connections of the pool and of subscriptions are traced, with the reason of their end', async () => {
  const { network, client } = await startReady()
  const seen: ConnectionTrace[] = []
  const listener = (message: unknown): unknown => seen.push(message as ConnectionTrace)
  connections.subscribe(listener)
  undo.push(() => connections.unsubscribe(listener))
  const popped = client.blpop('list', 0).catch(() => 'rejected')
  await settle()
  await network.peer.welcomes({ id: 2, address: '127.0.0.1:2', runId: 'a' })
  await network.peer.ends(new Error('read ECONNRESET'))
  client.subscribe('news')
  await settle()
  await network.peer.welcomes({ id: 3, address: '127.0.0.1:3', runId: 'a' })
  client.destroy()
  await popped
  await settle()
  const others = seen.filter(({ event }) => event === 'opened' || event === 'ended')
  expect(others).toMatchObject([
    { event: 'opened', purpose: 'pool', connection: 2 },
    { event: 'ended', purpose: 'pool', connection: 2, error: { code: 'CONNECTION_LOST' } },
    { event: 'opened', purpose: 'subscriptions', connection: 3 },
    { event: 'ended', purpose: 'subscriptions', connection: 3, error: { message: 'the client was closed' } },
  ])
})
