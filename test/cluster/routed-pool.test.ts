import { expect, it } from 'vitest'
import { slotCount, slotOfKey } from '../../src/commands/slots.js'
import { beginToMove, keyAt, type SimulatedCluster, startCluster } from './simulated-cluster.js'

/** Blocking commands and sessions that wait for a pooled connection go with their slot. */

const key = '{t}list'
const slot = slotOfKey(key)

const acquireTimeout = 5_000
const start = () => startCluster(key, { blocking: { maxConnections: 1, acquireTimeout } })

/** Takes the only pooled connection of the first node, until this is called. */
async function occupy(all: SimulatedCluster): Promise<() => void> {
  let leave = (): void => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  void all.cluster.session(keyAt(all, all.first), () => left)
  await all.pass(100)
  return leave
}

it('when its slot moves, what waits for a connection of the old node is served by the new one', async () => {
  const all = await start()
  const { cluster, servers, others, pass } = all
  const leave = await occupy(all)
  const popped = cluster.blpop(key, 0.5)
  const pinged = cluster.session(key, (session) => session.ping())
  await pass(100)
  for (const { member } of servers.servers) member.assign(others[0].self, slot)
  // This is redirected, and so the client learns of it.
  const pushed = cluster.rpush(key, 'one')
  await pass(acquireTimeout / 2)
  expect(await Promise.all([popped, pinged, pushed])).toEqual([[key, 'one'], 'PONG', 1])
  leave()
  cluster.destroy()
})

it('a blocking command that was sent is listed with its node', async () => {
  const { cluster, first, pass } = await start()
  const popped = cluster.blpop(key, 0.5)
  await pass(100)
  expect(cluster.inFlight()).toMatchObject([{ command: 'BLPOP', state: 'sent', node: first.self.id }])
  await pass(1_000)
  expect(await popped).toBeNull()
  cluster.destroy()
})

it('so it is when its master has failed', async () => {
  const { cluster, servers, first, pass } = await start()
  servers.kill(first)
  const popped = cluster.blpop(key, 1)
  const pinged = cluster.session(key, (session) => session.ping())
  await pass(100)
  servers.failOver(first, false)
  const pushed = cluster.rpush(key, 'one')
  await pass(acquireTimeout / 2)
  expect(await Promise.all([popped, pinged, pushed])).toEqual([[key, 'one'], 'PONG', 1])
  cluster.destroy()
})

it('so it is when a view shows the new owner while the old one still owes replies', async () => {
  const all = await start()
  const { cluster, servers, first, others, pass } = all
  const [second, third] = others
  const leave = await occupy(all)
  const popped = cluster.blpop(key, 0.5)
  await pass(100)
  servers.slowDown(first, 'in', 600)
  const owed = cluster.get('{t}')
  await pass(50)
  for (const { member } of servers.servers) member.assign(second.self, slot)
  // The client learns of it by a view that it asks for because another slot has moved.
  const elsewhere = keyAt(all, second)
  for (const { member } of servers.servers) member.assign(third.self, slotOfKey(elsewhere))
  const set = cluster.set(elsewhere, 1)
  await pass(acquireTimeout + 500)
  // Nobody has fed it.
  expect(await Promise.all([owed, set, popped])).toEqual([null, 'OK', null])
  leave()
  cluster.destroy()
})

it('after CLUSTERDOWN in a session, the next session waits for a view that shows who has the slot now', async () => {
  const { cluster, servers, first, others, pass, listAt } = await startCluster(key)
  await Promise.all([cluster.session(key, (session) => session.ping()), pass(100)])
  first.member.isDown = true
  for (const { member } of servers.servers) if (member !== first.member) member.assign(others[0].self, slot)
  const push = (): Promise<number> => cluster.session(key, (session) => session.rpush(key, 'x'))
  let refusal: unknown
  const pushed = push().catch((error: unknown) => {
    refusal = error
    return push()
  })
  await Promise.all([pushed, pass(3_000)])
  expect(refusal).toMatchObject({ code: 'REPLY_ERROR', message: expect.stringContaining('CLUSTERDOWN') })
  expect(listAt(others[0])).toEqual(['x'])
  cluster.destroy()
})

it('a blocking command that is redirected to a lost node without slots is redirected again, but not forever', async () => {
  const all = await startCluster(key, { maxRedirects: 5 })
  const { cluster, servers, first, others, pass } = all
  const [empty, third] = others
  const own = Array.from({ length: slotCount }, (_, each) => each).filter((each) => servers.ownerOf(each) === empty)
  for (const { member } of servers.servers) member.assign(third.self, own[0] as number, own.at(-1))
  await Promise.all([cluster.get(keyAt(all, third)), pass(3_000)])
  beginToMove(slot, first, empty)
  // Views don't contain this node, so the client removes it again and again.
  servers.kill(empty)
  let reason: unknown = 'pending'
  const popped = cluster.blpop(key, 1).catch((thrown: unknown) => {
    reason = thrown
  })
  await pass(30_000)
  expect(reason).toMatchObject({ name: 'RedirectError', fate: 'not-executed' })
  await popped
  expect(cluster.inFlight()).toEqual([])
  // The connection to the owner can be used again.
  for (const { member } of servers.servers) member.migrating.clear()
  expect((await Promise.all([cluster.blpop(key, 0.1), pass(2_000)]))[0]).toBeNull()
  cluster.destroy()
})
