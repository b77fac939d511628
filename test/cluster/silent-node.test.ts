import { expect, it } from 'vitest'
import { startCluster } from './simulated-cluster.js'

/** A node that sends nothing for `suspectAfter` although replies are pending gets no new commands. They wait, unsent. */

const key = '{t}list'
const suspectAfter = 200

const start = () => startCluster(key, { suspectAfter })

/** Longer than `suspectAfter`, after which the client looks at its nodes within a quarter of that time. */
const untilSuspected = suspectAfter * 1.5

it('what is called while a node is silent runs at the replica that takes its place, and not at the node', async () => {
  const { cluster, servers, first, replica, pass, listAt, ranAt } = await start()
  servers.stop(first, 20_000)
  const pending = cluster.get('{t}pending')
  await pass(untilSuspected)
  const pushed = cluster.rpush(key, 'one').catch((reason: unknown) => reason)
  await pass(100)
  servers.failOver(first, false)
  await pass(2_000)
  // A read is repeated, so that it is no matter whether the node has run it.
  expect(await Promise.all([pending, pushed])).toEqual([null, 1])
  expect(listAt(replica)).toEqual(['one'])
  await pass(20_000)
  expect(ranAt(first)).not.toContain(`RPUSH ${key} one`)
  cluster.destroy()
})

it('what is called while a node is silent is sent to it once it has answered', async () => {
  const { cluster, servers, first, pass, list, ranAt } = await start()
  servers.slowDown(first, 'in', 1_000)
  const pending = cluster.get('{t}pending')
  await pass(untilSuspected)
  const pushed = cluster.rpush(key, 'one')
  await pass(500)
  expect(ranAt(first)).toContain('GET {t}pending')
  expect(list()).toEqual([])
  await pass(1_000)
  expect(await Promise.all([pending, pushed])).toEqual([null, 1])
  expect(list()).toEqual(['one'])
  cluster.destroy()
})

it('a node that is silent at the address that it has left is connected to at the new one', async () => {
  const { cluster, servers, first, pass, ranAt } = await start()
  // Its connections are not reset: nothing comes through any more.
  const wires = first.wires.splice(0)
  for (const wire of wires) for (const direction of ['in', 'out'] as const) wire.stall(direction, 60_000)
  const pending = cluster.get('{t}pending')
  servers.readdress(first)
  await pass(2_000)
  expect(cluster.nodes().find(({ id }) => id === first.self.id)).toMatchObject({
    port: first.self.port,
    status: 'ready',
  })
  expect(await Promise.race([pending, Promise.resolve('waits')])).toBe(null)
  expect(ranAt(first)).toContain('GET {t}pending')
  cluster.destroy()
})

it('a silent connection to a master that still has its address stays', async () => {
  const { cluster, servers, first, pass } = await start()
  servers.slowDown(first, 'in', 2_000)
  const pending = cluster.get('{t}pending')
  const wires = [...first.wires]
  await pass(3_000)
  expect(await pending).toBe(null)
  expect(first.wires).toEqual(wires)
  cluster.destroy()
})
