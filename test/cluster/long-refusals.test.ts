import { expect, it } from 'vitest'
import { slotOfKey } from '../../src/commands/slots.js'
import { beginToMove, type SimulatedCluster, startCluster } from './simulated-cluster.js'

/** What servers refuse for long, because of a failover or a migration, runs soon after it ends. */

const key = '{t}list'
const slot = slotOfKey(key)

/** While a master is down, the other masters refuse their own slots, too, with CLUSTERDOWN, until a replica has taken its place. */
async function letMasterBeDown({ servers }: SimulatedCluster): Promise<() => void> {
  const setDown = (isDown: boolean): void => {
    for (const { member } of servers.servers) member.isDown = isDown
  }
  setDown(true)
  return () => setDown(false)
}

/** While one of two keys has moved, and the other has not, a command with both is refused with TRYAGAIN. */
async function moveHalf({ cluster, servers, first, others, pass }: SimulatedCluster): Promise<() => void> {
  const [importing] = others
  await Promise.all([cluster.set('{t}a', 1), cluster.set('{t}b', 1), pass(100)])
  beginToMove(slot, first, importing)
  servers.moveKey('{t}a', first, importing)
  return () => servers.moveKey('{t}b', first, importing)
}

/** While only the importing node has given up a migration, the owner redirects to this node what it redirects back. */
async function giveUpHalf({ first, others }: SimulatedCluster): Promise<() => void> {
  const [importing] = others
  first.member.migrating.set(slot, importing.self)
  return () => first.member.migrating.delete(slot)
}

const calls = {
  CLUSTERDOWN: (cluster: SimulatedCluster['cluster'], index: number) => cluster.rpush(key, String(index)),
  TRYAGAIN: (cluster: SimulatedCluster['cluster']) => cluster.mset('{t}a', 2, '{t}b', 2),
  'ASK, then MOVED,': (cluster: SimulatedCluster['cluster'], index: number) => cluster.rpush(key, String(index)),
}

const troubles = {
  CLUSTERDOWN: letMasterBeDown,
  TRYAGAIN: moveHalf,
  'ASK, then MOVED,': giveUpHalf,
}

it.each(
  (['CLUSTERDOWN', 'TRYAGAIN', 'ASK, then MOVED,'] as const).flatMap((refusal) =>
    [500, 2_000, 4_500].map((ms) => [refusal, ms] as const),
  ),
)('what %s has refused for %i ms runs at most 0.45 s after that', async (refusal, ms) => {
  // What is redirected there and back for 4.5 s would otherwise reach the limit.
  const started = await startCluster(key, { maxRedirects: 1_000 })
  const { cluster, pass } = started
  const endTrouble = await troubles[refusal](started)
  const replies: unknown[] = []
  const called = []
  for (let index = 0; index < 20; index += 1) {
    called.push(calls[refusal](cluster, index).then((reply) => replies.push(reply)))
    await pass(5)
  }
  await pass(ms - 100)
  const { refusedForNow } = cluster.stats()
  expect(replies).toEqual([])
  endTrouble()
  await pass(450)
  expect(replies).toEqual(called.map((_, index) => (refusal === 'TRYAGAIN' ? 'OK' : index + 1)))
  await Promise.all(called)
  // The servers are not kept busy with what they refuse.
  expect(refusedForNow / called.length).toBeLessThan(4 + ms / 200)
  cluster.destroy()
})

it('a blocking command that CLUSTERDOWN refuses again and again is rejected after queueTimeout', async () => {
  const { cluster, servers, pass } = await startCluster(key, { queueTimeout: 1_000 })
  for (const { member } of servers.servers) member.isDown = true
  const popped = cluster.blpop(key, 0).catch((error: unknown) => error)
  await pass(900)
  expect(cluster.inFlight()).toHaveLength(1)
  await pass(1_000)
  expect(await popped).toMatchObject({ code: 'REPLY_ERROR', prefix: 'CLUSTERDOWN', fate: 'not-executed' })
  cluster.destroy()
})
