// Loaded on demand by the client: here before, so that loading takes no time that is not simulated.
import '../../src/once/once.js'
import { expect, it } from 'vitest'
import type { SimulatedServer } from '../simulation/cluster/servers.js'
import { keyAt, startCluster } from './simulated-cluster.js'

/** One node is asked for the time. Calls at other nodes must not wait for it when it is silent. */

const suspectAfter = 200

async function start(silent: number) {
  const all = await startCluster('{t}list', { suspectAfter })
  const { cluster, servers, pass } = all
  // All nodes are connected, so that none becomes ready when the others are asked for views.
  await Promise.all([...cluster.nodes().map((node) => cluster.node(node).ping()), pass(1_000)])
  const { masters } = servers
  const quiet = masters[silent] as SimulatedServer
  return {
    pass,
    /** Calls one command at each of these masters. Returns what they have replied until now. */
    callAt(servers: readonly SimulatedServer[]): unknown[] {
      const values: unknown[] = []
      for (const server of servers) {
        const call = cluster.with({ once: true }).incr(keyAt(all, server))
        call.then((value) => values.push(value)).catch(() => {})
      }
      return values
    },
    masters,
    others: masters.filter((server) => server !== quiet),
    becomeSilent: () => servers.stop(quiet, 10_000),
    /** Returns the number of connections to masters. */
    end(): number {
      const ready = cluster.nodes().filter(({ role, status }) => role === 'master' && status === 'ready')
      cluster.destroy()
      return ready.length
    },
  }
}

it.each([0, 1, 2])('calls run at the others while master %i is silent, although it stays connected', async (silent) => {
  const { pass, callAt, others, becomeSilent, end } = await start(silent)
  becomeSilent()
  const values = callAt(others)
  await pass(suspectAfter * 4)
  expect(values).toEqual([2, 2])
  expect(end()).toBe(3)
})

it.each([0, 1, 2])('so they do if master %i becomes silent after calls have run there', async (silent) => {
  const { pass, callAt, masters, others, becomeSilent, end } = await start(silent)
  const first = callAt(masters)
  await pass(1_000)
  expect(first).toEqual([2, 2, 2])
  becomeSilent()
  callAt(masters)
  await pass(suspectAfter * 4)
  const values = callAt(others)
  await pass(suspectAfter * 4)
  expect(values).toEqual([4, 4])
  expect(end()).toBe(3)
})

it('one node, and no other, is asked whether it may evict receipts', async () => {
  const all = await startCluster('{t}list')
  const { cluster, servers, pass, ranAt } = all
  const calls = servers.masters.map((server) => cluster.with({ once: true }).incr(keyAt(all, server)))
  await Promise.all([...calls, pass(1_000)])
  const asked = servers.servers.flatMap(ranAt).filter((each) => each === 'INFO memory')
  expect(asked.length).toBe(1)
  expect(cluster.inFlight()).toEqual([])
  cluster.destroy()
})
