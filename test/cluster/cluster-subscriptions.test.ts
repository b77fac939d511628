import { expect, it } from 'vitest'
import { Cluster } from '../../src/cluster/cluster.js'
import type { Gap } from '../../src/pubsub/subscription.js'
import { Chance } from '../simulation/chance.js'
import { SimulatedClock } from '../simulation/clock.js'
import { type SimulatedServer, SimulatedServers } from '../simulation/cluster/servers.js'

/** Subscriptions while nodes are promoted and demoted, which random schedules meet seldom. */

async function start() {
  const chance = new Chance(1)
  const fail = (what: unknown): void => {
    throw what
  }
  const clock = new SimulatedClock(chance, fail)
  const servers = new SimulatedServers(2, clock, chance, {
    note: () => {},
    violation: fail,
    onRefused: () => {},
    onExecuted: () => {},
  })
  const seeds = servers.masters.map(({ self: { host, port } }) => ({ host, port }))
  const cluster = new Cluster(seeds, { suspectAfter: 200 }, { dial: servers.dial, clock })
  const pass = (ms: number): Promise<void> => clock.advanceTo(clock.now() + ms)
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
  const all = await start()
  const { servers, place } = all
  const server = place() as SimulatedServer
  expect(servers.masters).toContain(server)
  await missesOneWhileCutOff(all, server)
})

it('a master that stays one keeps its connection, also while another one is demoted', async () => {
  const { cluster, servers, pass, callAll, messages, gaps, place } = await start()
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
  const all = await start()
  const { servers, pass, callAll, gaps, place } = all
  for (let tries = 0; place()?.follows === undefined && tries < 100; tries += 1) {
    for (const master of servers.masters) servers.network.cut(master)
    await pass(50)
  }
  const server = place() as SimulatedServer
  await callAll()
  gaps.length = 0
  servers.failOver(server.follows as SimulatedServer, true)
  await callAll()
  expect(place()).toBe(server)
  expect(gaps).toEqual([])
  await missesOneWhileCutOff(all, server)
})
