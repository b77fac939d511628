import { expect, it } from 'vitest'
import { startCluster, startServers } from './simulated-cluster.js'

/** SCRIPT LOAD goes to all masters, which the client has to find first. */

it('is answered when all masters have it', async () => {
  const { cluster, servers, ranAt, pass } = await startCluster('k')
  const [sha] = await Promise.all([cluster.scriptLoad('return 1'), pass(100)])
  expect(sha).toBe('e0e1f9fabfc9d4800c877a703b823ac0578ff8db')
  for (const master of servers.masters) expect(ranAt(master)).toContain('SCRIPT LOAD return 1')
  cluster.destroy()
})

it.each([
  ['its time limit', { timeout: 100 }, { name: 'TimeoutError' }],
  ['its signal', { signal: AbortSignal.abort() }, { name: 'AbortError' }],
] as const)('waits for the nodes no longer than %s', async (_, options, error) => {
  const { cluster, pass } = startServers(3, {}, {}, () => [{ host: '10.9.9.9', port: 1 }])
  let reason: unknown = 'pending'
  cluster
    .with(options)
    .scriptLoad('return 1')
    .catch((thrown: unknown) => {
      reason = thrown
    })
  await pass(200)
  expect(reason).toMatchObject({ fate: 'not-executed', command: 'SCRIPT LOAD', ...error })
  cluster.destroy()
})
