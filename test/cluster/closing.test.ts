import { describe, expect, it } from 'vitest'
import { resolveClusterOptions } from '../../src/cluster/cluster-options.js'
import { ClusterRuntime } from '../../src/cluster/cluster-runtime.js'
import { slotOfKey } from '../../src/commands/slots.js'
import { Chance } from '../simulation/chance.js'
import { SimulatedClock } from '../simulation/clock.js'
import { keyAt, names, type SimulatedCluster, startCluster } from './simulated-cluster.js'

/** `close()` waits for the replies to calls, and not for the views that the client asks for. */

const key = '{t}list'

const timeout = 5_000

/** All servers are silent. The client has lost one, and asks the others for their views. */
async function startAsking(): Promise<SimulatedCluster> {
  const all = await startCluster(key)
  const { servers, first, pass } = all
  for (const server of servers.servers) {
    if (server === first) continue
    servers.slowDown(server, 'in', 20_000)
    servers.slowDown(server, 'out', 20_000)
  }
  for (const wire of first.wires.splice(0)) wire.reset(false)
  await pass(300)
  expect(all.cluster.stats().inFlight).toBeGreaterThan(0)
  expect(all.cluster.inFlight()).toEqual([])
  return all
}

/** Returns how long close() took, in milliseconds. */
async function timeToClose({ cluster, pass }: SimulatedCluster): Promise<number> {
  let took = 0
  let isClosed = false
  const closed = cluster.close({ timeout }).then(() => {
    isClosed = true
  })
  for (; !isClosed && took < 2 * timeout; took += 10) await pass(10)
  await closed
  return took
}

it('close() does not wait for the view of a silent node', async () => {
  expect(await timeToClose(await startAsking())).toBeLessThan(100)
})

it('close() waits for the reply to a call to a silent node', async () => {
  const all = await startAsking()
  const name = keyAt(all, all.others[0])
  const read = all.cluster.get(name).catch((reason: unknown) => reason)
  await all.pass(10)
  expect(all.cluster.inFlight()).toMatchObject([{ command: 'GET', state: 'sent' }])
  expect(await timeToClose(all)).toBe(timeout)
  expect(await read).toMatchObject({ name: 'ClientClosedError', fate: 'unknown' })
})

describe('close() settles what waits at a node that is held', () => {
  /** Returns how a call ends. */
  const endOf = (call: Promise<unknown>): Promise<unknown> => call.catch((reason: unknown) => reason)

  it('which is silent: sent, once the node has answered', async () => {
    const all = await startCluster(key, { queueTimeout: 20_000 })
    const { cluster, servers, first, pass } = all
    const name = keyAt(all, first)
    servers.stop(first, 2_000)
    const pending = cluster.incr(name)
    await pass(1_500)
    const held = endOf(cluster.incr(name))
    await pass(10)
    expect(await timeToClose(all)).toBeLessThan(1_000)
    expect(await Promise.all([pending, held])).toEqual([2, 3])
  })

  it('which a slot is leaving: sent, once the replies that are pending have arrived', async () => {
    const all = await startCluster(key, { queueTimeout: 20_000, suspectAfter: 10_000 })
    const { cluster, servers, first, others, pass } = all
    const [name, leaving] = names.filter((each) => servers.ownerOf(slotOfKey(each)) === first) as [string, string]
    servers.slowDown(first, 'out', 2_000)
    const pending = cluster.incr(name)
    for (const { member } of servers.servers) member.assign(others[0].self, slotOfKey(leaving))
    // The client asks for a view.
    servers.network.cut(others[1])
    await pass(1_000)
    const held = endOf(cluster.incr(name))
    const moved = endOf(cluster.incr(leaving))
    await pass(10)
    expect(cluster.inFlight().map(({ state }) => state)).toEqual(['sent', 'queued', 'queued'])
    expect(await timeToClose(all)).toBeLessThan(3_000)
    expect(await Promise.all([pending, held])).toEqual([2, 3])
    expect(await moved).toMatchObject({ name: 'ClientClosedError', fate: 'not-executed' })
  })

  it('which no view has confirmed since it was connected: rejected immediately', async () => {
    const all = await startAsking()
    const { cluster, first, pass, ranAt } = all
    const name = keyAt(all, first)
    const held = endOf(cluster.incr(name))
    await pass(10)
    expect(cluster.nodes().find(({ id }) => id === first.self.id)).toMatchObject({ status: 'ready' })
    expect(await timeToClose(all)).toBeLessThan(100)
    expect(await held).toMatchObject({ name: 'ClientClosedError', fate: 'not-executed' })
    expect(ranAt(first)).not.toContain(`INCR ${name}`)
  })
})

it.each(['subscribe', 'psubscribe', 'ssubscribe'] as const)('%s after destroy() rejects', async (method) => {
  const { cluster, pass } = await startCluster(key)
  cluster.destroy()
  const subscription = cluster[method]('x')
  const ready = subscription.ready.catch((reason: unknown) => reason)
  const next = subscription[Symbol.asyncIterator]()
    .next()
    .catch((reason: unknown) => reason)
  await pass(1_000)
  expect(await Promise.race([ready, 'pending'])).toMatchObject({ name: 'ClientClosedError' })
  expect(await Promise.race([next, 'pending'])).toMatchObject({ name: 'ClientClosedError' })
})

it('after destroy(), no view is waited for', async () => {
  const clock = new SimulatedClock(new Chance(1), (error) => {
    throw error
  })
  const dial = (): never => {
    throw new Error('nothing is connected')
  }
  const runtime = new ClusterRuntime(resolveClusterOptions(['redis://10.0.0.1']), {
    dial,
    clock,
    keepAlive: () => {},
  } as never)
  runtime.destroy()
  let isOver = false
  void runtime.nextView(5_000).then(() => {
    isOver = true
  })
  await clock.advanceTo(1)
  expect(isOver).toBe(true)
})
