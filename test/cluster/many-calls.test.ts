import { expect, it } from 'vitest'
import { slotOfKey } from '../../src/commands/slots.js'
import { startCluster, startServers } from './simulated-cluster.js'

it('very many calls before the first connect are sent in a time that is proportional to their number', async () => {
  const { cluster, pass } = startServers(3, { queueTimeout: 0 })
  const calls = Array.from({ length: 20_000 }, (_, index) => cluster.set(`key:${index}`, index))
  expect(cluster.inFlight()).toHaveLength(calls.length)
  await pass(60_000)
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['OK']))
  cluster.destroy()
})

it('what other masters refuse for now takes no longer because very many calls wait for a master that is lost', async () => {
  const { cluster, servers, first, pass } = await startCluster('{t}', { suspectAfter: 200, queueTimeout: 0 })
  const keys = Array.from({ length: 80_000 }, (_, index) => `key:${index}`)
  const isOfFirst = (key: string): boolean => servers.ownerOf(slotOfKey(key)) === first
  const [own, others] = [keys.filter(isOfFirst).slice(0, 25_000), keys.filter((key) => !isOfFirst(key)).slice(0, 3_000)]
  servers.kill(first)
  await pass(50)
  const call = (key: string): Promise<unknown> => cluster.set(key, 1).catch(({ fate }) => fate)
  const waiting = own.map(call)
  await pass(300)
  for (const { member } of servers.servers) member.isDown = true
  const refused = others.map(call)
  await pass(300)
  expect(cluster.stats().refusedForNow).toBeGreaterThanOrEqual(refused.length)
  cluster.destroy()
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['not-executed']))
  await Promise.all(refused)
})

it('what a master refuses for now takes no longer because very many calls wait until it reads', async () => {
  const { cluster, servers, first, pass } = await startCluster('{t}', { queueTimeout: 0 })
  for (const { member } of servers.servers) member.isDown = true
  const isOfFirst = (key: string): boolean => servers.ownerOf(slotOfKey(key)) === first
  const keys = Array.from({ length: 120_000 }, (_, index) => `key:${index}`).filter(isOfFirst)
  const calls = keys.map((key) => cluster.set(key, 1).catch(({ fate }) => fate))
  await pass(100)
  expect(cluster.stats().refusedForNow).toBeGreaterThan(400)
  cluster.destroy()
  const fates = await Promise.all(calls)
  expect(fates.filter((fate) => fate === 'not-executed').length).toBeGreaterThan(30_000)
  expect(fates).not.toContain('OK')
})
