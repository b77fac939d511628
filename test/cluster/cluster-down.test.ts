import { expect, it } from 'vitest'
import { startCluster } from './simulated-cluster.js'

/** While a master is down, the other masters refuse their own slots, too, with CLUSTERDOWN, until a replica has taken its place. */

const key = '{t}list'

it.each([500, 2_000, 4_500])(
  'what CLUSTERDOWN has refused for %i ms runs at most 0.45 s after that',
  async (downMs) => {
    const { cluster, servers, pass, list } = await startCluster(key)
    const setDown = (isDown: boolean): void => {
      for (const { member } of servers.servers) member.isDown = isDown
    }
    setDown(true)
    const pushed = []
    for (let index = 0; index < 20; index += 1) {
      pushed.push(cluster.rpush(key, String(index)))
      await pass(5)
    }
    await pass(downMs - 100)
    const { refusedForNow } = cluster.stats()
    setDown(false)
    await pass(450)
    expect(list().length).toBe(20)
    expect(await Promise.all(pushed)).toEqual(pushed.map((_, index) => index + 1))
    // The servers are not kept busy with what they refuse.
    expect(refusedForNow / pushed.length).toBeLessThan(4 + downMs / 200)
    cluster.destroy()
  },
)

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
