import { expect, it } from 'vitest'
import type { TopologyChange } from '../../src/cluster/cluster-observation.js'
import { slotCount, slotOfKey } from '../../src/commands/slots.js'
import type { SimulatedServer } from '../simulation/cluster/servers.js'
import { beginToMove, keyAt, type SimulatedCluster, startCluster, startServers } from './simulated-cluster.js'

/** A node that views do not contain, because it has no slot, is left only when it owes the client nothing. */

const key = '{t}list'
const slot = slotOfKey(key)

/** A master gives its slots to another one, as all know. CLUSTER SLOTS names no master without slots. */
function giveAll({ servers }: Pick<SimulatedCluster, 'servers'>, from: SimulatedServer, to: SimulatedServer): void {
  const own = Array.from({ length: slotCount }, (_, each) => each).filter((each) => servers.ownerOf(each) === from)
  for (const { member } of servers.servers) member.assign(to.self, own[0] as number, own.at(-1))
}

const knows = ({ cluster }: SimulatedCluster, { self }: SimulatedServer): boolean =>
  cluster.nodes().some(({ port }) => port === self.port)

/** A cluster in which a master has no slots. The client has left it, because views do not contain it. */
async function startWithEmptyMaster() {
  const all = await startCluster(key)
  const [empty, third] = all.others
  const name = keyAt(all, empty)
  giveAll(all, empty, third)
  await Promise.all([all.cluster.get(name), all.pass(2_000)])
  expect(knows(all, empty)).toBe(false)
  return {
    ...all,
    empty,
    /** A slot moves that has nothing to do with it. The client learns of it, and asks for views. */
    async moveAnother(): Promise<void> {
      const another = keyAt(all, third)
      for (const { member } of all.servers.servers) member.assign(all.first.self, slotOfKey(another))
      await all.cluster.get(another)
    },
  }
}

it('a command for a node that has given its slots away is answered, and then the node is left', async () => {
  const all = await startCluster(key)
  const { cluster, servers, first, others, pass } = all
  let views = 0
  cluster.on('topology', () => {
    views += 1
  })
  giveAll(all, first, others[0])
  const redirected = cluster.get(key)
  while (views === 0) await pass(5)
  await pass(50)
  servers.slowDown(first, 'in', 800)
  const size = cluster.node(first.self.id).dbsize()
  await pass(2_000)
  expect(await size).toBeGreaterThan(0)
  expect(knows(all, first)).toBe(false)
  await redirected
  cluster.destroy()
})

it('what ASK sends to a master that gets its first slot is answered there, however long that takes', async () => {
  const { cluster, servers, first, empty, pass, listAt, moveAnother } = await startWithEmptyMaster()
  beginToMove(slot, first, empty)
  const one = cluster.rpush(key, 'one')
  await pass(100)
  servers.slowDown(empty, 'in', 900)
  const two = cluster.rpush(key, 'two')
  await Promise.all([moveAnother(), pass(2_000)])
  expect(await Promise.all([one, two])).toEqual([1, 2])
  expect(listAt(empty)).toEqual(['one', 'two'])
  cluster.destroy()
})

it('a master that gets its first slot is not left while the old owner still has to answer', async () => {
  const all = await startWithEmptyMaster()
  const { cluster, servers, first, empty, pass, listAt } = all
  const other = keyAt(all, first)
  // The others hear of it late.
  for (const { member } of [first, empty]) member.assign(empty.self, slot)
  const one = cluster.rpush(key, 'one')
  // When the first call is redirected, the others are under way to the old owner.
  const values: Promise<unknown>[] = []
  while (!knows(all, empty)) {
    values.push(cluster.get(other))
    await pass(1)
  }
  servers.slowDown(first, 'in', 800)
  await pass(700)
  for (const { member } of servers.servers) member.assign(empty.self, slot)
  await pass(1_000)
  expect(await one).toBe(1)
  expect(new Set(await Promise.all(values))).toEqual(new Set(['1']))
  expect(listAt(empty)).toEqual(['one'])
  cluster.destroy()
})

it('a master that gets its first slot, and is replaced before its connection is ready, is sent nothing', async () => {
  const all = await startWithEmptyMaster()
  const { cluster, servers, first, empty, pass, ranAt, moveAnother } = all
  const other = keyAt(all, first)
  for (const { member } of servers.servers) member.assign(empty.self, slot)
  // A view shows the new owner while the old one still has to answer.
  servers.slowDown(first, 'in', 900)
  const value = cluster.get(other)
  const moved = moveAnother()
  await pass(300)
  expect(cluster.nodes().find(({ port }) => port === empty.self.port)?.role).toBe('master')
  servers.isolate(empty)
  servers.failOver(empty, false)
  const pinged = cluster.node(empty.self.id).ping()
  const one = cluster.rpush(key, 'one')
  await pass(3_000)
  await moved
  expect(await Promise.all([value, pinged, one])).toEqual(['1', 'PONG', 1])
  expect(ranAt(empty)).not.toContain(`RPUSH ${key} one`)
  cluster.destroy()
})

/** The client asks for views for a while. Then the command that waits at the master without slots gets its element. */
async function popsThere(
  all: Awaited<ReturnType<typeof startWithEmptyMaster>>,
  popped: Promise<unknown>,
): Promise<void> {
  const { cluster, empty, pass, ranAt, moveAnother } = all
  await Promise.all([moveAnother(), pass(4_000)])
  const pushed = cluster.rpush(key, 'one')
  await pass(1_000)
  expect(await Promise.all([popped, pushed])).toEqual([[key, 'one'], 1])
  expect(ranAt(empty)).toContainEqual(expect.stringMatching('BLPOP'))
  cluster.destroy()
}

it('a blocking command waits at a master that gets its first slot, however long that takes', async () => {
  const all = await startWithEmptyMaster()
  const { cluster, first, empty, pass } = all
  beginToMove(slot, first, empty)
  const popped = cluster.blpop(key, 10)
  await pass(500)
  await popsThere(all, popped)
})

it('so it does if its connection to this master is opened only after a while', async () => {
  const all = await startWithEmptyMaster()
  const { cluster, servers, first, empty, pass, moveAnother } = all
  beginToMove(slot, first, empty)
  servers.stop(empty, 900)
  const popped = cluster.blpop(key, 10)
  // Two views do not contain the master before the connection is open.
  await Promise.all([moveAnother(), pass(300)])
  await popsThere(all, popped)
})

it('a session goes on at a node that has given its slots away, and then the node is left', async () => {
  const all = await startCluster(key)
  const { cluster, first, others, pass } = all
  let end = (): void => {}
  const ended = cluster.session(key, async (session) => {
    await new Promise<void>((resolve) => {
      end = resolve
    })
    return session.ping()
  })
  await pass(100)
  giveAll(all, first, others[0])
  await Promise.all([cluster.get(key), pass(5_000)])
  end()
  await pass(1_000)
  expect(await ended).toBe('PONG')
  expect(knows(all, first)).toBe(false)
  cluster.destroy()
})

it('a session at a silent master that others have replaced ends, long before `stallTimeout`', async () => {
  const all = await startCluster(key, { suspectAfter: 200, stallTimeout: 60_000 })
  const { cluster, servers, first, others, pass } = all
  let goOn = (): void => {}
  const fate = cluster
    .session(key, async (session) => {
      await new Promise<void>((resolve) => {
        goOn = resolve
      })
      return session.get(key)
    })
    .catch((error: unknown) => error)
  await pass(100)
  servers.slowDown(first, 'in', 30_000)
  servers.slowDown(first, 'out', 30_000)
  giveAll(all, first, others[0])
  await Promise.all([cluster.get(key), pass(5_000)])
  goOn()
  await pass(2_000)
  expect(await Promise.race([fate, Promise.resolve('pending')])).toMatchObject({ code: 'SESSION_LOST' })
  cluster.destroy()
})

it('the event `topology` names the nodes that views have added, and those that were left', async () => {
  const { cluster, servers, pass } = startServers(3)
  const changes: TopologyChange[] = []
  cluster.on('topology', (change) => changes.push(change))
  await Promise.all([cluster.connect(), pass(1_000)])
  expect(changes).toEqual([{ slotsMoved: true, added: expect.anything(), gone: [] }])
  expect(changes[0]?.added.toSorted()).toEqual(servers.servers.map(({ self }) => self.id))
  const [first, second] = servers.masters as [SimulatedServer, SimulatedServer]
  const name = keyAt({ servers }, first)
  giveAll({ servers }, first, second)
  await Promise.all([cluster.get(name), pass(2_000)])
  const known = cluster.nodes().map(({ id }) => id)
  const left = servers.servers.map(({ self }) => self.id).filter((id) => !known.includes(id))
  expect(left).toContain(first.self.id)
  expect(changes.flatMap(({ gone }) => gone).toSorted()).toEqual(left)
  expect(changes.flatMap(({ added }) => added).length).toBe(servers.servers.length)
  cluster.destroy()
})

it('the connections of a node that was left are no longer counted, but what they have done is', async () => {
  const all = await startCluster(key)
  const { cluster, first, others, pass } = all
  await Promise.all([cluster.session(key, (session) => session.get('{t}other')), pass(100)])
  const before = cluster.stats()
  expect(before.ownConnections).toBe(1)
  giveAll(all, first, others[0])
  await Promise.all([cluster.get(keyAt(all, others[0])), cluster.get('{t}other'), pass(3_000)])
  expect(knows(all, first)).toBe(false)
  const { ownConnections, sent, answered } = cluster.stats()
  expect(ownConnections).toBe(0)
  expect(sent).toBeGreaterThan(before.sent)
  expect(answered).toBeGreaterThan(before.answered)
  cluster.destroy()
})
