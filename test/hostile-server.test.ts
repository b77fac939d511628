import { afterEach, beforeEach, expect, it } from 'vitest'
import { Client } from '../src/client.js'
import { RespiteError, script } from '../src/index.js'
import { FakeClock, settle } from './support/fake-clock.js'
import { FakeNetwork } from './support/fake-network.js'

/** Numbers from a seed. */
function chanceOf(seed: number) {
  let state = seed
  const fraction = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x80000000
  }
  const below = (bound: number): number => Math.floor(fraction() * bound)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  return { fraction, below, pick }
}
type Chance = ReturnType<typeof chanceOf>

const texts = [
  'OK',
  'QUEUED',
  'PONG',
  'message',
  'pmessage',
  'subscribe',
  'invalidate',
  'a',
  '0',
  '1',
  '1-1',
  '__proto__',
]
const errors = [
  'ERR x',
  'BUSY y',
  'READONLY z',
  'NOSCRIPT No matching script',
  'LOADING a',
  'NOPERM',
  '',
  'UNBLOCKED x',
]
const errorOfExec = 'EXECABORT Transaction discarded because of: BUSY x'
const numbers = [',1.5', ',nan', ',-inf', '#t', '(123456789012345678901', ':9223372036854775807', ':-1', ':0', ':1']

/** Any reply at all. */
function anyReply(chance: Chance, depth = 0): string {
  const { below, pick } = chance
  const several = (count: number): string => Array.from({ length: count }, () => anyReply(chance, depth + 1)).join('')
  const text = pick(texts)
  const count = below(5)
  switch (below(depth > 2 ? 6 : 11)) {
    case 0:
      return `+${text}\r\n`
    case 1:
      return `$${text.length}\r\n${text}\r\n`
    case 2:
      return pick(['_\r\n', '$-1\r\n', '*-1\r\n', '$0\r\n\r\n'])
    case 3:
      return `-${pick([...errors, errorOfExec])}\r\n`
    case 4:
      return `${pick(numbers)}\r\n`
    case 5:
      return pick(['=5\r\ntxt:a\r\n', '!5\r\nERR q\r\n'])
    case 6:
      return `%${count}\r\n${several(2 * count)}`
    case 7:
      return `~${count}\r\n${several(count)}`
    case 8:
      return depth > 0 ? `|1\r\n+k\r\n+v\r\n${several(1)}` : `>${count}\r\n${several(count)}`
    default:
      return `*${count}\r\n${several(count)}`
  }
}

const uncaught: unknown[] = []
const note = (error: unknown): number => uncaught.push(error)
let others: NodeJS.UncaughtExceptionListener[] = []
beforeEach(() => {
  others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', note)
})
afterEach(() => {
  process.off('uncaughtException', note)
  for (const listener of others) process.on('uncaughtException', listener)
})

/** Calls of every kind. */
const calls: readonly ((client: Client, chance: Chance) => Promise<unknown>)[] = [
  (client, { pick }) =>
    client.with({ integers: 'bigint' })[pick(['incr', 'ttl', 'get', 'hgetall', 'smembers'] as const)]('k'),
  (client, { pick }) => client.with({ timeout: 50 })[pick(['xrange', 'zrange'] as const)]('k', '-', '+'),
  (client) => client.call('XINFO', 'STREAM', 'k'),
  (client) => client.call('CLUSTER', 'SHARDS'),
  (client) => client.multi().hgetall('k').xrange('s', '-', '+').incr('n').exec(),
  (client) => client.run(script('return 1'), ['k']),
  (client) => client.with({ once: true }).incr('k'),
  (client) => client.with({ timeout: 100 }).blpop('k', 1),
  (client) => client.xread('BLOCK', 100, 'STREAMS', 'a', '$'),
  (client) => client.session((session) => session.watch('k').then(() => session.multi().get('k').incr('n').exec())),
  (client) => client.session((session) => session.call('CLIENT', 'REPLY', 'SKIP').then(() => session.incr('n'))),
  (client) => client.transaction('k', (session) => session.multi().incr('k'), { maxTries: 2 }),
  async (client) => {
    for await (const _ of client.hscanIterator('k')) break
  },
  (client) => client.session(async (session) => session.monitor().next()),
  (client, { pick }) => client.subscribe(pick(['a', '__redis__:invalidate']), { onMessage: () => {} }).ready,
  async (client) => {
    for await (const _ of client.psubscribe('a')) break
  },
]

/** Calls of every kind at a server that answers, and ends connections, as it likes. @returns what their callers are told */
async function round(seed: number): Promise<unknown[]> {
  const chance = chanceOf(seed)
  const { fraction, below, pick } = chance
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const options = {
    maxAttempts: 2,
    queueTimeout: 500,
    connectDeadline: 2_000,
    pingInterval: 300,
    protocol: pick([2, 3] as const),
  }
  const client = new Client(
    { ...options, fence: pick(['try', 'require', 'off'] as const), retry: pick(['never', 'always'] as const) },
    undefined,
    { dial: network.dial, clock },
  )
  const told: unknown[] = []
  let pending = 0
  const begin = (): void => {
    pending += 1
    const over = (error: unknown): void => {
      pending -= 1
      told.push(error)
    }
    pick(calls)(client, chance).then(() => over(undefined), over)
  }
  for (let i = 0; i < 6; i += 1) begin()
  const known = new Set<object>()
  for (let step = 0; step < 14; step += 1) {
    for (const peer of network.peers.filter(({ isDestroyed }) => !isDestroyed)) {
      if (!known.has(peer)) {
        known.add(peer)
        if (fraction() < 0.8) await peer.welcomes({ id: known.size, address: `1.1.1.1:${known.size}`, runId: 'a' })
        else await peer.opens()
      } else if (fraction() < 0.1) await peer.ends(pick([undefined, new Error('reset')]))
      else if (fraction() < 0.05) await peer.answers(pick(['$5\r\nab', '*2\r\n+a\r\n', '-ERR ha', 'HTTP/1.1\r\n']))
      else await peer.answers(...peer.requests.splice(0).map(() => (fraction() < 0.4 ? '+OK\r\n' : anyReply(chance))))
    }
    if (below(4) === 0) begin()
    await clock.advance(pick([1, 10, 100, 400]))
  }
  client.destroy()
  await settle()
  await clock.advance(20_000)
  expect({ seed, pending, timers: clock.pending }).toEqual({ seed, pending: 0, timers: 0 })
  return told
}

it('whatever a server answers, each call settles, rejects only with errors of this package, and nothing is thrown or left', async () => {
  let rejected = 0
  for (let seed = 1; seed <= 100; seed += 1) {
    for (const error of await round(seed)) {
      if (error === undefined) continue
      rejected += 1
      expect({ seed, error, isOurs: error instanceof RespiteError }).toEqual({ seed, error, isOurs: true })
    }
    expect({ seed, uncaught }).toEqual({ seed, uncaught: [] })
  }
  expect(rejected).toBeGreaterThan(100)
}, 60_000)
