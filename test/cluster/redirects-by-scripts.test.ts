import { expect, it } from 'vitest'
import { slotOfKey } from '../../src/commands/slots.js'
import { beginToMove, keyAt, type SimulatedCluster, startCluster } from './simulated-cluster.js'

/** A script can return any error after it did its work, also one that looks like a redirection. It must not run again. */

const key = '{t}list'
const slot = slotOfKey(key)

const pushing = "return redis.call('RPUSH', KEYS[1], ARGV[1])"
const pretending = "redis.call('RPUSH', KEYS[1], ARGV[1]) return redis.error_reply(ARGV[2])"

/** Runs a script that appends to the list, and then returns a redirection to another master. */
async function pretend({ cluster, others, pass }: SimulatedCluster, word: string): Promise<void> {
  const [{ self }] = others
  const redirect = `${word} ${slot} ${self.host}:${self.port}`
  const error = cluster.call('EVAL', pretending, 1, key, 'one', redirect).catch((reason: unknown) => reason)
  await pass(4_000)
  expect(await error).toMatchObject({ code: 'REPLY_ERROR', message: redirect })
}

for (const word of ['MOVED', 'ASK']) {
  it(`${word} that a script returns is its own error if the node has the slot`, async () => {
    const simulated = await startCluster(key)
    await pretend(simulated, word)
    expect(simulated.list()).toEqual(['one'])
    simulated.cluster.destroy()
  })
}

it('MOVED that a script returns is its own error even while its slot is being moved away', async () => {
  const simulated = await startCluster(key)
  const { cluster, first, others, pass, list } = simulated
  await Promise.all([cluster.rpush(key, 'zero'), pass(100)])
  beginToMove(slot, first, others[0])
  await pretend(simulated, 'MOVED')
  expect(list()).toEqual(['zero', 'one'])
  cluster.destroy()
})

it('a script that did not run is sent again after MOVED, because the node does not have the slot', async () => {
  const { cluster, servers, others, pass, list } = await startCluster(key)
  for (const { member } of servers.servers) member.assign(others[0].self, slot)
  const one = cluster.call('EVAL', pushing, 1, key, 'one')
  await pass(4_000)
  expect(await one).toBe(1)
  expect(list()).toEqual(['one'])
  cluster.destroy()
})

it('many scripts that are redirected at once are asked about at once, and all of them are sent again', async () => {
  const { cluster, servers, first, others, pass, list, ranAt } = await startCluster(key)
  for (const { member } of servers.servers) member.assign(others[0].self, slot)
  const words = Array.from({ length: 300 }, (_, index) => `${index}`)
  const calls = words.map((word) => cluster.call('EVAL', pushing, 1, key, word))
  await pass(4_000)
  expect(await Promise.all(calls)).toEqual(words.map((_, index) => index + 1))
  expect(list()).toEqual(words)
  // One for each chunk of replies.
  expect(ranAt(first).filter((each) => each === 'CLUSTER NODES').length).toBeLessThan(10)
  cluster.destroy()
})

it('a script that did not run is sent again after ASK, because the node is moving the slot away', async () => {
  const { cluster, first, others, pass, listAt } = await startCluster(key)
  const [importing] = others
  beginToMove(slot, first, importing)
  const one = cluster.call('EVAL', pushing, 1, key, 'one')
  await pass(4_000)
  expect(await one).toBe(1)
  expect(listAt(importing)).toEqual(['one'])
  cluster.destroy()
})

it('a script is not sent again if the client is closed before the node has said whether it has the slot', async () => {
  const { cluster, servers, first, others, pass, list, ranAt } = await startCluster(key)
  const [{ self }] = others
  const neighbour = keyAt({ servers }, first)
  const redirect = `MOVED ${slot} ${self.host}:${self.port}`
  const error = cluster.call('EVAL', pretending, 1, key, 'one', redirect).catch((reason: unknown) => reason)
  while (!ranAt(first).some((each) => each.startsWith('EVAL'))) await pass(0.05)
  await pass(3)
  // The node is asked when this has been answered, too. Before that, the client is closed.
  const other = cluster.set(neighbour, 2)
  const isRedirected = (): boolean =>
    cluster.inFlight().some((each) => each.command === 'EVAL' && each.state === 'queued')
  while (!isRedirected()) await pass(0.05)
  expect(cluster.inFlight()).toContainEqual(expect.objectContaining({ command: 'SET', state: 'sent' }))
  // It waits behind the script at the node, and close() lets it run.
  const last = cluster.set(neighbour, 3)
  const closed = cluster.close({ timeout: 1_000 })
  await pass(4_000)
  await closed
  expect(await Promise.all([other, last])).toEqual(['OK', 'OK'])
  expect(await error).toMatchObject({ code: 'CLIENT_CLOSED', fate: 'refused' })
  expect(list()).toEqual(['one'])
})

it('a script that did not run is sent again although no view has contained the node that it was redirected to', async () => {
  const { cluster, servers, first, others, pass, list } = await startCluster(key)
  first.member.assign({ ...others[0].self, id: 'f'.repeat(40), port: 7_099 }, slot)
  const one = cluster.call('EVAL', pushing, 1, key, 'one')
  for (const state of ['queued', 'sent']) while (cluster.inFlight()[0]?.state === state) await pass(0.05)
  // The node says late whether it has the slot. Until then, another master is down, so that views are asked for.
  servers.slowDown(first, 'in', 2_000)
  servers.kill(others[0])
  await pass(1_500)
  first.member.assign(first.self, slot)
  await pass(4_000)
  expect(await Promise.race([one, Promise.resolve('waits')])).toBe(1)
  expect(list()).toEqual(['one'])
  cluster.destroy()
})
