import { expect, it } from 'vitest'
import type { ClusterOptionsOf } from '../../src/cluster/cluster-options.js'
import { slotOfKey } from '../../src/commands/slots.js'
import type { Gap } from '../../src/pubsub/subscription.js'
import type { SimulatedServer } from '../simulation/cluster/servers.js'
import { keyAt, startCluster, startServers } from './simulated-cluster.js'

/** When its slot moves, the server ends a shard subscription with SUNSUBSCRIBE. What is missed then is within a gap. */

const channel = '{t}news'
const slot = slotOfKey(channel)

async function listen(options: ClusterOptionsOf = {}) {
  const all = await startCluster(channel, options)
  const messages: string[] = []
  const gaps: Gap[] = []
  const errors: Error[] = []
  const subscription = all.cluster.ssubscribe(channel, {
    onMessage: ({ message }) => messages.push(message),
    onGap: (gap) => gaps.push(gap),
    onError: (error) => errors.push(error),
  })
  await Promise.all([subscription.ready, all.pass(100)])
  const publish = async (message: string): Promise<void> => {
    all.servers.publishToShard(channel, message)
    await all.pass(50)
  }
  return { ...all, messages, gaps, errors, subscription, publish }
}

it('a gap is told if the slot moves, and the client already knows its new owner', async () => {
  const { cluster, servers, first, others, pass, messages, gaps, subscription, publish } = await listen()
  await publish('one')
  // SUNSUBSCRIBE comes after a redirection, and before a view.
  for (const other of others) servers.slowDown(other, 'in', 1_500)
  first.wires.at(-1)?.stall('in', 100)
  for (const { member } of servers.servers) member.assign(others[0].self, slot)
  const set = cluster.set('{t}', 1)
  await publish('two')
  await pass(1_000)
  await publish('three')
  await pass(1_000)
  await set
  expect(messages).toEqual(['one', 'three'])
  expect(gaps.length).toBe(1)
  expect(subscription.gaps).toBe(1)
  cluster.destroy()
})

it('a gap is told if the slot comes back at once, so that the same server accepts the subscription again', async () => {
  const { cluster, servers, first, others, pass, messages, gaps, subscription, publish } = await listen()
  await publish('one')
  for (const { member } of servers.servers) member.assign(others[0].self, slot)
  servers.publishToShard(channel, 'two')
  for (const { member } of servers.servers) member.assign(first.self, slot)
  await pass(1_000)
  await publish('three')
  await pass(1_000)
  expect(messages).toEqual(['one', 'three'])
  expect(gaps.length).toBe(1)
  expect(subscription.gaps).toBe(1)
  cluster.destroy()
})

it.each([1_000, 10_000])(
  'if the node is reset, the subscription leaves it for the owner that the slot gets %i ms later',
  async (ms) => {
    const { cluster, servers, first, others, pass, messages, gaps, publish } = await listen()
    await publish('one')
    first.member.assign(undefined, slot)
    await pass(500)
    for (const { member } of servers.servers) member.assign(undefined, slot)
    // The client runs no commands. The node answers SSUBSCRIBE with CLUSTERDOWN.
    await pass(ms)
    for (const { member } of servers.servers) if (member !== first.member) member.assign(others[0].self, slot)
    await publish('two')
    await pass(3_000)
    await publish('three')
    expect(messages).toEqual(['one', 'three'])
    expect(gaps.length).toBe(1)
    cluster.destroy()
  },
)

/** An option `reconnect` that records the numbers of attempts. */
function recorded(delay: (attempt: number) => number) {
  const attempts: number[] = []
  const reconnect = (attempt: number): number => {
    attempts.push(attempt)
    return delay(attempt)
  }
  return { attempts, reconnect }
}

it('while the node is down, the option reconnect decides when to connect to it again', async () => {
  const { attempts, reconnect } = recorded(() => 5_000)
  const { cluster, servers, first, pass, gaps, messages, publish } = await listen({ reconnect })
  servers.kill(first)
  // The client asks for views all the time.
  await pass(7_000)
  // The subscription has a connection, and the commands have one.
  expect(attempts).toEqual([1, 1, 2, 2])
  servers.revive(first)
  await pass(5_000)
  await publish('one')
  expect(messages).toEqual(['one'])
  expect(gaps.length).toBe(1)
  cluster.destroy()
})

it('after maxAttempts failed attempts to connect to the node, the subscription ends with an error', async () => {
  const { cluster, servers, first, pass, errors } = await listen({ reconnect: { baseDelay: 1_000, maxAttempts: 3 } })
  servers.kill(first)
  await pass(8_000)
  expect(errors).toEqual([
    expect.objectContaining({ code: 'CONNECT_FAILED', message: expect.stringContaining('gave up connecting') }),
  ])
  cluster.destroy()
})

it('a new owner is connected to as soon as a view names it, even if the client has no other connection to the old one', async () => {
  const { cluster, servers, pass } = startServers(6, { reconnect: () => 60_000 })
  await Promise.all([cluster.connect(), pass(2_000)])
  // One of those that were not asked for their views.
  const first = servers.masters.find(({ wires }) => wires.length === 0) as SimulatedServer
  const name = keyAt({ servers }, first)
  const messages: string[] = []
  const subscription = cluster.ssubscribe(name, { onMessage: ({ message }) => messages.push(message) })
  await Promise.all([subscription.ready, pass(2_000)])
  expect(first.wires.length).toBe(1)
  servers.kill(first)
  await pass(10_000)
  servers.failOver(first, false)
  await pass(2_000)
  servers.publishToShard(name, 'one')
  await pass(100)
  expect(messages).toEqual(['one'])
  expect(subscription.gaps).toBe(1)
  cluster.destroy()
})

it('while the node redirects the slot and no view names the new owner, the option reconnect decides when to connect again', async () => {
  const { attempts, reconnect } = recorded((attempt) => 100 * attempt)
  const { cluster, servers, first, others, pass, messages, gaps, publish } = await listen({ reconnect })
  first.member.assign(others[0].self, slot)
  await pass(2_000)
  expect(attempts.length).toBeGreaterThan(3)
  expect(attempts.length).toBeLessThan(7)
  expect(attempts).toEqual(attempts.map((_, index) => index + 1))
  for (const { member } of servers.servers) member.assign(others[0].self, slot)
  await pass(1_000)
  await publish('one')
  expect(messages).toEqual(['one'])
  expect(gaps.length).toBe(1)
  cluster.destroy()
})

it('a subscription that is redirected to an address which the node does not know begins at the new owner', async () => {
  const { cluster, first, others, pass } = await startCluster(channel)
  first.member.assign({ ...others[0].self, host: '?' }, slot)
  for (const { member } of others) member.assign(others[0].self, slot)
  const messages: string[] = []
  const subscription = cluster.ssubscribe(channel, { onMessage: ({ message }) => messages.push(message) })
  const ready = subscription.ready.then(
    () => 'ready',
    (error: unknown) => error,
  )
  await pass(2_000)
  expect(await Promise.race([ready, Promise.resolve('waits')])).toBe('ready')
  others[0].model.broadcasts.publishToShard(Buffer.from(channel), Buffer.from('one'))
  await pass(100)
  expect(messages).toEqual(['one'])
  cluster.destroy()
})
