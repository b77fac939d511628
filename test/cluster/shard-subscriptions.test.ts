import { expect, it } from 'vitest'
import { slotOfKey } from '../../src/commands/slots.js'
import type { Gap } from '../../src/pubsub/subscription.js'
import { startCluster } from './simulated-cluster.js'

/** When its slot moves, the server ends a shard subscription with SUNSUBSCRIBE. What is missed then is within a gap. */

const channel = '{t}news'
const slot = slotOfKey(channel)

async function listen() {
  const all = await startCluster(channel)
  const messages: string[] = []
  const gaps: Gap[] = []
  const subscription = all.cluster.ssubscribe(channel, {
    onMessage: ({ message }) => messages.push(message),
    onGap: (gap) => gaps.push(gap),
  })
  await Promise.all([subscription.ready, all.pass(100)])
  const publish = async (message: string): Promise<void> => {
    all.servers.publishToShard(channel, message)
    await all.pass(50)
  }
  return { ...all, messages, gaps, subscription, publish }
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
