import { expect, it } from 'vitest'
import { startCluster } from './simulated-cluster.js'

it('a command waits no longer than `queueTimeout`, even if a view names a new owner of its slot, which can not be reached', async () => {
  const { cluster, servers, first, replica, pass } = await startCluster('{t}list', { queueTimeout: 2_000 })
  // So it does not come back soon.
  servers.isolate(first)
  servers.kill(first)
  await pass(100)
  const pushed = cluster.rpush('{t}list', 'one').catch((reason: unknown) => reason)
  await pass(1_500)
  servers.failOver(first, false)
  servers.kill(replica)
  await pass(450)
  expect(cluster.nodes().find(({ port }) => port === replica.self.port)?.role).toBe('master')
  expect(await Promise.race([pushed, Promise.resolve('waits')])).toBe('waits')
  // It is rejected within one hundredth of `queueTimeout`.
  await pass(75)
  expect(await Promise.race([pushed, Promise.resolve('waits')])).toMatchObject({
    code: 'TIMEOUT',
    fate: 'not-executed',
  })
  cluster.destroy()
})
