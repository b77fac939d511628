import { expect, it } from 'vitest'
import { startServers } from './simulated-cluster.js'

it('very many calls before the first connect are sent in a time that is proportional to their number', async () => {
  const { cluster, pass } = startServers(3, { queueTimeout: 0 })
  const calls = Array.from({ length: 20_000 }, (_, index) => cluster.set(`key:${index}`, index))
  expect(cluster.inFlight()).toHaveLength(calls.length)
  await pass(60_000)
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['OK']))
  cluster.destroy()
})
