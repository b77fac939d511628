import { expect, it } from 'vitest'
import type { ClusterOptionsOf } from '../../src/cluster/cluster-options.js'
import type { Gap } from '../../src/pubsub/subscription.js'
import type { SimulatedServer } from '../simulation/cluster/servers.js'
import { startServers } from './simulated-cluster.js'

/** Subscriptions while nodes are promoted and demoted, which random schedules meet seldom. */

/** @param role the node that the subscription is at */
async function start(role: 'master' | 'replica', options: ClusterOptionsOf = {}) {
  const { cluster, servers, pass } = startServers(2, { suspectAfter: 200, ...options })
  const keys = Array.from({ length: 20 }, (_, index) => `k${index}`)
  const callAll = async (): Promise<void> => {
    const calls = keys.map((key) => cluster.set(key, 1))
    await pass(2_000)
    await Promise.all(calls)
  }
  await callAll()
  const messages: string[] = []
  const gaps: Gap[] = []
  const subscription = cluster.subscribe('news', {
    onMessage: ({ message }) => messages.push(message),
    onGap: (gap) => gaps.push(gap),
  })
  await pass(500)
  await subscription.ready
  /** Undefined while there is no connection. */
  const place = (): SimulatedServer | undefined => [...servers.audienceOf('news').values()].at(-1)
  const isThere = (server = place()): boolean =>
    server !== undefined && (server.follows === undefined) === (role === 'master')
  for (let tries = 0; !isThere() && tries < 100; tries += 1) {
    servers.network.cut(place())
    await pass(50)
  }
  expect(isThere()).toBe(true)
  await callAll()
  gaps.length = 0
  return { cluster, servers, pass, callAll, messages, gaps, place }
}

/** The node of the connection is cut off from the others, misses a message, and is demoted: a gap is reported. */
async function missesOneWhileCutOff(all: Awaited<ReturnType<typeof start>>, server: SimulatedServer): Promise<void> {
  const { cluster, servers, pass, callAll, messages, gaps } = all
  servers.isolate(server)
  servers.publish('news', 'missed')
  servers.failOver(server, false)
  // It has joined the others again, as a replica, before the client asks for a view.
  await pass(5_000)
  expect(server.follows).toBeDefined()
  expect(gaps).toEqual([])
  await callAll()
  servers.publish('news', 'received')
  await pass(100)
  expect(messages).toEqual(['received'])
  expect(gaps).toHaveLength(1)
  cluster.destroy()
}

it('a gap is reported if a view shows that the master of the connection was demoted, because it may have been cut off', async () => {
  const all = await start('master')
  const server = all.place() as SimulatedServer
  await missesOneWhileCutOff(all, server)
})

it('a master that stays one keeps its connection, also while another one is demoted', async () => {
  const { cluster, servers, pass, callAll, messages, gaps, place } = await start('master')
  const server = place() as SimulatedServer
  const other = servers.masters.find((master) => master !== server) as SimulatedServer
  servers.failOver(other, true)
  await callAll()
  servers.publish('news', 'received')
  await pass(100)
  expect(other.follows).toBeDefined()
  expect(messages).toEqual(['received'])
  expect(gaps).toEqual([])
  cluster.destroy()
})

it('a gap is reported if the node was a replica at first, then a master, and then demoted', async () => {
  const all = await start('replica')
  const { servers, callAll, gaps, place } = all
  const server = place() as SimulatedServer
  servers.failOver(server.follows as SimulatedServer, true)
  await callAll()
  expect(place()).toBe(server)
  expect(gaps).toEqual([])
  await missesOneWhileCutOff(all, server)
})

it('while another master is down, the option reconnect decides when the lost connection is replaced', async () => {
  let delay = 10
  const { cluster, servers, pass, messages, gaps, place } = await start('master', { reconnect: () => delay })
  const server = place() as SimulatedServer
  servers.kill(servers.masters.find((master) => master !== server) as SimulatedServer)
  // The client asks for views all the time.
  await pass(500)
  delay = 5_000
  while (place() !== undefined) {
    servers.network.cut(server)
    await pass(1)
  }
  await pass(4_900)
  expect(place()).toBeUndefined()
  await pass(1_000)
  servers.publish('news', 'received')
  await pass(100)
  expect(messages).toEqual(['received'])
  expect(gaps).toHaveLength(1)
  cluster.destroy()
})

it('the first subscription does not wait for the owner of any slot', async () => {
  const { cluster, servers, pass } = startServers(2)
  for (const { member } of servers.servers) member.assign(undefined, 0)
  const subscription = cluster.subscribe('news', { onMessage: () => {} })
  let isReady = false
  const ready = subscription.ready.then(() => {
    isReady = true
  })
  await pass(500)
  expect(isReady).toBe(true)
  await ready
  cluster.destroy()
})
