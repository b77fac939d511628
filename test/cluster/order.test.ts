import { expect, it } from 'vitest'
import type { Cluster } from '../../src/cluster/cluster.js'
import { slotOfKey } from '../../src/commands/slots.js'
import type { SimulatedServer, SimulatedServers } from '../simulation/cluster/servers.js'
import { beginToMove as beginToMoveSlot, keyAt, startCluster } from './simulated-cluster.js'

/** A script that declares no keys may change any. */
const noKeys = "return redis.call('SET','{t}d','x')"

/** Effects on a key come in the order of the calls, also in cases that random schedules meet seldom. */

const key = '{t}list'
const slot = slotOfKey(key)

const start = () => startCluster(key, { suspectAfter: 200 })

const beginToMove = (owner: SimulatedServer, importing: SimulatedServer) => beginToMoveSlot(slot, owner, importing)

it('what is under way to the old owner of a slot comes before what is called once a view shows the new one', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  servers.slowDown(first, 'out', 1_500)
  const one = cluster.rpush(key, 'one')
  await pass(1)
  servers.migrate(slot, others[0], () => {})
  await pass(1_000)
  const two = cluster.rpush(key, 'two')
  await pass(3_000)
  expect(await Promise.all([one, two])).toEqual([1, 2])
  expect(list()).toEqual(['one', 'two'])
  cluster.destroy()
})

it('what is under way to the node that imports a slot comes before what waits for the slot', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing, last] = others
  await Promise.all([cluster.set('{t}a', 1), cluster.set('{t}b', 1), pass(100)])
  beginToMove(first, importing)
  servers.moveKey('{t}a', first, importing)
  servers.slowDown(importing, 'out', 1_500)
  const one = cluster.rpush(key, 'one')
  await pass(50)
  // One of its keys has moved, the other has not: it waits, and so does what is called after it.
  const both = cluster.mget('{t}a', '{t}b')
  await pass(20)
  const two = cluster.rpush(key, 'two')
  // Before they are sent again, the slot has moved to the next master.
  servers.moveKey('{t}b', first, last)
  servers.moveKey('{t}a', importing, last)
  for (const { member } of servers.servers) member.assign(last.self, slot)
  first.member.migrating.delete(slot)
  importing.member.importing.delete(slot)
  await pass(4_000)
  expect(await Promise.all([one, both, two])).toEqual([1, ['1', '1'], 2])
  expect(list()).toEqual(['one', 'two'])
  cluster.destroy()
})

it('what was to go to the node that imports a slot, and waited for the slot, stays before what is called later', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing] = others
  const elsewhere = keyAt({ servers }, first)
  await Promise.all([cluster.set('{t}a', 1), cluster.set('{t}b', 1), pass(100)])
  beginToMove(first, importing)
  servers.moveKey('{t}a', first, importing)
  // Silent for so long that nothing more is sent to it.
  servers.slowDown(importing, 'out', 500)
  const before = cluster.rpush('{t}before', 'x')
  await pass(250)
  const one = cluster.rpush(key, 'one')
  await pass(20)
  const both = cluster.mget('{t}a', '{t}b')
  await pass(20)
  const two = cluster.rpush(key, 'two')
  // The slot has moved, which the others do not know yet. Its old owner is silent, too, when all of that is to be sent to it.
  servers.moveKey('{t}b', first, importing)
  for (const { member } of [first, importing]) member.assign(importing.self, slot)
  first.member.migrating.delete(slot)
  importing.member.importing.delete(slot)
  servers.slowDown(first, 'out', 1_000)
  const other = cluster.get(elsewhere)
  await pass(500)
  for (const { member } of servers.servers) member.assign(importing.self, slot)
  await pass(4_000)
  expect(await Promise.all([before, one, both, two, other])).toEqual([1, 1, ['1', '1'], 2, '1'])
  expect(list()).toEqual(['one', 'two'])
  cluster.destroy()
})

it('what was to go to the node that imports a slot stays before what is called later, through two more moves of the slot', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing, last] = others
  beginToMove(first, importing)
  // Silent for so long that nothing more is sent to it.
  servers.slowDown(importing, 'out', 3_000)
  const other = cluster.get(keyAt({ servers }, importing))
  await pass(250)
  const one = cluster.rpush(key, 'one')
  await pass(50)
  // Now the slot waits for a view.
  first.member.isDown = true
  const read = cluster.get('{t}a')
  await pass(20)
  const hasMovedTo = async (owner: SimulatedServer): Promise<void> => {
    for (const { member } of servers.servers) member.assign(owner.self, slot)
    await pass(1_000)
  }
  await hasMovedTo(importing)
  const two = cluster.rpush(key, 'two')
  await hasMovedTo(last)
  await pass(4_000)
  expect(await Promise.all([other, one, read, two])).toEqual(['1', 1, null, 2])
  expect(list()).toEqual(['one', 'two'])
  cluster.destroy()
})

it('what is under way to the node that imports a slot comes before what is called once a third node has it', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing, last] = others
  beginToMove(first, importing)
  servers.slowDown(importing, 'out', 1_000)
  const one = cluster.rpush(key, 'one')
  await pass(50)
  for (const { member } of servers.servers) member.assign(last.self, slot)
  first.member.migrating.delete(slot)
  importing.member.importing.delete(slot)
  const two = cluster.rpush(key, 'two')
  await pass(4_000)
  expect(await Promise.all([one, two])).toEqual([1, 2])
  expect(list()).toEqual(['one', 'two'])
  cluster.destroy()
})

it('what the owner of a slot redirects runs at the node that imports the slot, while it does', async () => {
  const { cluster, first, others, pass, listAt } = await start()
  const [importing] = others
  beginToMove(first, importing)
  const calls = Promise.all([cluster.rpush(key, 'one'), cluster.rpush(key, 'two')])
  await pass(500)
  expect(listAt(importing)).toEqual(['one', 'two'])
  expect(await calls).toEqual([1, 2])
  cluster.destroy()
})

it('a script that the owner of a slot redirects stays behind earlier calls that it has redirected', async () => {
  const { cluster, servers, first, others, pass } = await start()
  const [importing] = others
  await Promise.all([cluster.set('{t}a', 1), cluster.set('{t}b', 1), pass(100)])
  beginToMove(first, importing)
  servers.moveKey('{t}a', first, importing)
  servers.slowDown(first, 'out', 100)
  // One of its keys has moved: it has to wait.
  const both = cluster.mget('{t}a', '{t}b').catch(() => undefined)
  const one = cluster.rpush(key, 'one')
  const two = cluster.call('EVAL', "return redis.call('RPUSH',KEYS[1],ARGV[1])", 1, key, 'two')
  await pass(2_000)
  servers.moveKey('{t}b', first, importing)
  await pass(4_000)
  expect(await Promise.all([one, two])).toEqual([1, 2])
  await both
  cluster.destroy()
})

it('a script that the owner redirects stays behind earlier calls that still wait at the importing node', async () => {
  const { cluster, servers, first, others, pass } = await start()
  const [importing] = others
  beginToMove(first, importing)
  servers.slowDown(importing, 'out', 1_500)
  const before = cluster.rpush('{t}before', 'x')
  // Silent for so long that nothing more is sent to it.
  await pass(500)
  const one = cluster.rpush(key, 'one')
  await pass(50)
  const two = cluster.call('EVAL', "return redis.call('RPUSH',KEYS[1],ARGV[1])", 1, key, 'two')
  await pass(4_000)
  expect(importing.model.store.database(0).read(key, 'list')?.map(String)).toEqual(['one', 'two'])
  expect(await Promise.all([before, one, two])).toEqual([1, 1, 2])
  cluster.destroy()
})

it('a script that the owner redirects stays behind an earlier call with one of its keys at each node', async () => {
  const { cluster, servers, first, others, pass } = await start()
  const [importing] = others
  await Promise.all([cluster.set('{t}a', 0), cluster.set('{t}b', 0), pass(100)])
  beginToMove(first, importing)
  servers.moveKey('{t}a', first, importing)
  servers.slowDown(first, 'out', 100)
  // It is refused for now, and waits.
  const one = cluster.mset('{t}a', 1, '{t}b', 1)
  const two = cluster.call('EVAL', "return redis.call('APPEND',KEYS[1],ARGV[1])", 1, '{t}a', 2)
  await pass(1_000)
  servers.moveKey('{t}b', first, importing)
  await pass(4_000)
  expect(importing.model.store.database(0).read('{t}a', 'string')?.toString()).toBe('12')
  expect(await Promise.all([one, two])).toEqual(['OK', 2])
  cluster.destroy()
})

/** A server has another address, of which the others hear later, or only some of them now. Its connections stay. */
function readdress(server: SimulatedServer, ...told: SimulatedServer[]): void {
  server.self = { ...server.self, port: server.self.port + 100 }
  for (const { member } of [server, ...told]) member.readdress(server.self)
}

it('what waits at the old address of the importing node comes before what is redirected to its new address', async () => {
  const { cluster, first, others, pass, listAt } = await start()
  const [importing] = others
  beginToMove(first, importing)
  readdress(importing)
  for (const wire of importing.wires.splice(0)) wire.reset(false)
  const one = cluster.rpush(key, 'one')
  await pass(50)
  first.member.readdress(importing.self)
  const two = cluster.rpush(key, 'two')
  await pass(100)
  expect(listAt(importing)).toEqual(['one', 'two'])
  expect(await Promise.all([one, two])).toEqual([1, 2])
  cluster.destroy()
})

it('what a silent importing node has not been sent does not wait for it when the node is redirected to at another address', async () => {
  const { cluster, servers, first, others, pass, listAt } = await start()
  const [importing] = others
  beginToMove(first, importing)
  servers.slowDown(importing, 'out', 3_000)
  const other = cluster.get(keyAt({ servers }, importing))
  // Silent for so long that nothing more is sent to it.
  await pass(250)
  const one = cluster.rpush(key, 'one')
  await pass(50)
  readdress(importing, first)
  const two = cluster.rpush(key, 'two')
  await pass(100)
  expect(listAt(importing)).toEqual(['one', 'two'])
  expect(await Promise.all([one, two])).toEqual([1, 2])
  await pass(4_000)
  expect(await other).toBe('1')
  cluster.destroy()
})

it('what is under way to the old address of the importing node comes before what is redirected to its new address', async () => {
  const { cluster, servers, first, others, pass, listAt } = await start()
  const [importing] = others
  beginToMove(first, importing)
  servers.slowDown(importing, 'out', 300)
  const one = cluster.rpush(key, 'one')
  await pass(50)
  readdress(importing, first)
  const two = cluster.rpush(key, 'two')
  await pass(1_000)
  expect(listAt(importing)).toEqual(['one', 'two'])
  expect(await Promise.all([one, two])).toEqual([1, 2])
  cluster.destroy()
})

/** A slot whose importing node has given up, after some of its keys have moved. The owner still redirects to it. */
function giveUp(importing: SimulatedServer): void {
  importing.member.importing.delete(slot)
}

/** The move of a slot is given up as a whole: the keys that have moved return to the owner, which no longer redirects. */
function giveBack(
  servers: SimulatedServers,
  importing: SimulatedServer,
  owner: SimulatedServer,
  ...moved: string[]
): void {
  giveUp(importing)
  for (const name of moved) servers.moveKey(name, importing, owner)
  owner.member.migrating.delete(slot)
}

it('what the importing node sends back waits until the owner has the key again', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing] = others
  await Promise.all([cluster.rpush(key, 'zero'), pass(100)])
  beginToMove(first, importing)
  servers.moveKey(key, first, importing)
  giveUp(importing)
  const one = cluster.rpush(key, 'one')
  // Redirected from one to the other all the time, it would reach the limit within some milliseconds.
  await pass(500)
  // The owner may just be redirecting it. If it were, `two` would overtake it.
  while (cluster.inFlight()[0]?.state !== 'queued') await pass(1)
  servers.moveKey(key, importing, first)
  first.member.migrating.delete(slot)
  const two = cluster.rpush(key, 'two')
  await pass(4_000)
  expect(await Promise.all([one, two])).toEqual([2, 3])
  expect(list()).toEqual(['zero', 'one', 'two'])
  cluster.destroy()
})

it('what the importing node sends back is rejected if a later call of its key has run, and else sent again', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing] = others
  await Promise.all([cluster.rpush(key, 'zero'), cluster.set('{t}a', 1), pass(100)])
  beginToMove(first, importing)
  servers.moveKey(key, first, importing)
  servers.moveKey('{t}a', first, importing)
  servers.slowDown(importing, 'out', 300)
  const one = cluster.rpush(key, 'one').catch((error: unknown) => error)
  const other = cluster.append('{t}a', 'x')
  const read = cluster.lrange(key, 0, -1)
  await pass(50)
  giveBack(servers, importing, first, key, '{t}a')
  const two = cluster.rpush(key, 'two')
  await pass(4_000)
  expect(await one).toMatchObject({ code: 'REPLY_ERROR', fate: 'not-executed' })
  expect(await Promise.all([other, read, two])).toEqual([2, ['zero', 'two'], 2])
  expect(list()).toEqual(['zero', 'two'])
  cluster.destroy()
})

it('what waits at the importing node as it gives up is rejected if a later call of its key has run', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing] = others
  await Promise.all([cluster.rpush(key, 'zero'), pass(100)])
  beginToMove(first, importing)
  servers.moveKey(key, first, importing)
  servers.slowDown(importing, 'out', 1_000)
  const before = cluster.rpush('{t}before', 'x')
  // Silent for so long that nothing more is sent to it.
  await pass(500)
  const one = cluster.rpush(key, 'one').catch((error: unknown) => error)
  await pass(50)
  giveBack(servers, importing, first, key)
  const two = cluster.rpush(key, 'two')
  await pass(4_000)
  expect(await one).toMatchObject({ code: 'REPLY_ERROR', fate: 'not-executed' })
  expect(await Promise.all([before, two])).toEqual([1, 2])
  expect(list()).toEqual(['zero', 'two'])
  cluster.destroy()
})

it('what waits at the importing node runs there once it has the slot, however many calls the old owner has run', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing] = others
  await Promise.all([cluster.set('{t}a', 1), cluster.set('{t}b', 1), pass(100)])
  beginToMove(first, importing)
  servers.moveKey('{t}a', first, importing)
  servers.slowDown(importing, 'out', 2_500)
  const before = cluster.rpush('{t}before', 'x')
  // Silent for so long that nothing more is sent to it.
  await pass(500)
  const one = cluster.rpush(key, 'one')
  await pass(50)
  const many = Array.from({ length: 1_100 }, () => cluster.append('{t}b', 'x'))
  await pass(1_000)
  await Promise.all(many)
  // Some of its keys have moved, one has not: the slot waits.
  const both = cluster.mget('{t}a', '{t}b')
  await pass(20)
  servers.moveKey('{t}b', first, importing)
  for (const { member } of servers.servers) member.assign(importing.self, slot)
  first.member.migrating.delete(slot)
  importing.member.importing.delete(slot)
  await pass(4_000)
  expect(await Promise.all([before, one, both])).toEqual([1, 1, ['1', `1${'x'.repeat(1_100)}`]])
  expect(list()).toEqual(['one'])
  cluster.destroy()
})

it('what the importing node sends back is sent again, however many later calls of other keys have run', async () => {
  const { cluster, servers, first, others, pass } = await start()
  const [importing] = others
  await Promise.all([cluster.set('{t}a', 1), cluster.set('{t}b', 1), cluster.set('{t}c', 'c'), pass(100)])
  beginToMove(first, importing)
  servers.moveKey('{t}a', first, importing)
  servers.slowDown(importing, 'out', 300)
  // One of its keys has moved, the other has not: it is told to come later.
  const both = cluster.multi().incr('{t}a').incr('{t}b').exec()
  await pass(50)
  const many = Array.from({ length: 1_100 }, () => cluster.append('{t}c', Buffer.from('x')))
  await pass(1_000)
  await Promise.all(many)
  servers.moveKey('{t}b', first, importing)
  await pass(4_000)
  expect(await both).toEqual([2, 2])
  cluster.destroy()
})

it.each([
  ['its key', 2_200, (cluster: Cluster, n: number) => cluster.append(n === 0 ? key : '{t}c', 'x')],
  [
    'its key, given as bytes',
    2_200,
    (cluster: Cluster, n: number) => cluster.append(n === 0 ? Buffer.from(key) : '{t}c', 'x'),
  ],
  [
    'unknown keys',
    2_200,
    (cluster: Cluster, n: number) =>
      n === 0 ? cluster.with({ route: key }).call('EVAL', noKeys, 0) : cluster.append('{t}c', 'x'),
  ],
  [
    'its key after very many other keys',
    10_500,
    (cluster: Cluster, n: number) => cluster.set(n === 10_200 ? key : `{t}${n}`, 'x'),
  ],
] as const)(
  'what the importing node sends back is rejected after a later call of %s, however many calls have run',
  async (_, count, call) => {
    const { cluster, servers, first, others, pass } = await start()
    const [importing] = others
    const many = Array.from({ length: count }, (_, index) => `{t}${index}`)
    await Promise.all([...[key, '{t}c', ...many].map((name) => cluster.set(name, 'x')), pass(5_000)])
    beginToMove(first, importing)
    servers.moveKey(key, first, importing)
    servers.slowDown(importing, 'out', 4_500)
    const one = cluster.append(key, 'one').catch((error: unknown) => error)
    await pass(50)
    giveUp(importing)
    servers.moveKey(key, importing, first)
    const later = many.map((_, index) => call(cluster, index))
    await Promise.all([...later, pass(4_000)])
    first.member.migrating.delete(slot)
    await pass(4_000)
    expect(await one).toMatchObject({ code: 'REPLY_ERROR', fate: 'not-executed' })
    cluster.destroy()
  },
)

it('what was sent to the importing node, which was lost, is rejected if a later call of its key has run', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing] = others
  await Promise.all([cluster.rpush(key, 'zero'), pass(100)])
  beginToMove(first, importing)
  servers.moveKey(key, first, importing)
  servers.slowDown(importing, 'out', 1_500)
  const one = cluster
    .with({ retry: 'always' })
    .rpush(key, 'one')
    .catch((error: unknown) => error)
  await pass(100)
  giveBack(servers, importing, first, key)
  const two = cluster.rpush(key, 'two')
  await pass(50)
  for (const wire of importing.wires) wire.reset()
  await pass(4_000)
  // Its first attempt may have run, as far as the client knows.
  expect(await one).toMatchObject({ code: 'REPLY_ERROR', fate: 'unknown', attempts: 1 })
  expect(await two).toBe(2)
  expect(list()).toEqual(['zero', 'two'])
  cluster.destroy()
})

it('what the owner redirects while the slot waits is rejected if a later call of its key has run', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing] = others
  await Promise.all([cluster.rpush(key, 'zero'), pass(100)])
  beginToMove(first, importing)
  servers.moveKey(key, first, importing)
  giveUp(importing)
  servers.slowDown(importing, 'out', 150)
  // It is redirected, and comes back only after the next two were sent to the owner. Then the slot waits.
  const before = cluster.rpush('{t}before', 'x')
  await pass(60)
  servers.slowDown(first, 'in', 300)
  const one = cluster.rpush(key, 'one').catch((error: unknown) => error)
  await pass(50)
  servers.moveKey(key, importing, first)
  first.member.migrating.delete(slot)
  const two = cluster.rpush(key, 'two')
  await pass(4_000)
  expect(await one).toMatchObject({ code: 'REPLY_ERROR', fate: 'not-executed' })
  expect(await Promise.all([before, two])).toEqual([1, 2])
  expect(list()).toEqual(['zero', 'two'])
  cluster.destroy()
})

it('what the importing node sends back is rejected if a later call of its key has run, although the slot has moved since', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing, last] = others
  await Promise.all([cluster.rpush(key, 'zero'), cluster.set('{t}a', 1), pass(100)])
  beginToMove(first, importing)
  servers.moveKey(key, first, importing)
  servers.moveKey('{t}a', first, importing)
  servers.slowDown(importing, 'out', 500)
  const one = cluster.rpush(key, 'one').catch((error: unknown) => error)
  const other = cluster.append('{t}a', 'x')
  await pass(50)
  giveBack(servers, importing, first, key, '{t}a')
  const two = cluster.rpush(key, 'two')
  await pass(100)
  servers.migrate(slot, last, () => {})
  await pass(100)
  const three = cluster.rpush(key, 'three')
  await pass(4_000)
  expect(await one).toMatchObject({ code: 'REPLY_ERROR', fate: 'not-executed' })
  expect(await Promise.all([other, two, three])).toEqual([2, 2, 3])
  expect(list()).toEqual(['zero', 'two', 'three'])
  cluster.destroy()
})

it('what the importing node sends back is rejected if a later call of its key has run, although it has the slot by now', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing] = others
  await Promise.all([cluster.rpush(key, 'zero'), cluster.set('{t}a', 1), pass(100)])
  beginToMove(first, importing)
  servers.moveKey(key, first, importing)
  servers.slowDown(importing, 'out', 300)
  const one = cluster.rpush(key, 'one').catch((error: unknown) => error)
  await pass(50)
  giveBack(servers, importing, first, key)
  const two = cluster.rpush(key, 'two')
  await pass(100)
  // This call is under way when the importing node sends back, and arrives only after the slot has moved to this node after all.
  servers.slowDown(first, 'out', 600)
  const read = cluster.get('{t}a')
  await pass(300)
  for (const name of [key, '{t}a']) servers.moveKey(name, first, importing)
  for (const { member } of servers.servers) member.assign(importing.self, slot)
  const three = cluster.rpush(key, 'three')
  await pass(4_000)
  expect(await one).toMatchObject({ code: 'REPLY_ERROR', fate: 'not-executed' })
  expect(await Promise.all([two, read, three])).toEqual([2, '1', 3])
  expect(list()).toEqual(['zero', 'two', 'three'])
  cluster.destroy()
})

it('what was in flight at the first redirection of its slot counts as a later call, if the importing node sends back', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const [importing] = others
  await Promise.all([cluster.rpush(key, 'zero'), pass(100)])
  beginToMove(first, importing)
  servers.moveKey(key, first, importing)
  // The client learns that the slot is moving only when both have reached the owner: the first is redirected, the second runs.
  servers.slowDown(first, 'in', 300)
  const one = cluster.rpush(key, 'one').catch((error: unknown) => error)
  await pass(50)
  giveBack(servers, importing, first, key)
  const two = cluster.rpush(key, 'two')
  await pass(4_000)
  expect(await one).toMatchObject({ code: 'REPLY_ERROR', fate: 'not-executed' })
  expect(await two).toBe(2)
  expect(list()).toEqual(['zero', 'two'])
  cluster.destroy()
})

it('a node whose connection was lost is sent nothing until others confirm that it still has its slots', async () => {
  const { cluster, servers, first, pass, list } = await start()
  for (const other of servers.servers) if (other !== first) servers.stop(other, 600)
  for (const wire of first.wires) wire.reset()
  const one = cluster.rpush(key, 'one')
  // Time enough to connect again.
  await pass(500)
  expect(list()).toEqual([])
  await pass(4_000)
  expect(await one).toBe(1)
  cluster.destroy()
})

it('a node that names itself as the new owner is connected to again once, if it does so after a newer view', async () => {
  const { cluster, servers, first, others, pass, list } = await start()
  const errors: string[] = []
  cluster.on('error', ({ message }) => errors.push(message))
  first.member.namesItself = true
  const asItself = 'the node redirects to itself'
  const calls = Array.from({ length: 50 }, (_, index) => String(index))
  first.member.assign(others[0].self, slot)
  // The others do not know yet.
  const results = Promise.all(calls.map((each) => cluster.rpush(key, each)))
  // Each has been redirected.
  await pass(45)
  expect(errors).toEqual([])
  await pass(255)
  expect(errors).toEqual([asItself])
  for (const { member } of servers.servers) member.assign(others[0].self, slot)
  await pass(4_000)
  expect((await results).length).toBe(50)
  expect(list()).toEqual(calls)
  expect(errors.filter((error) => error !== asItself)).toEqual([])
  cluster.destroy()
})

it.each(['MOVED', 'ASK'])(
  'a script that answers %s itself at the node that imports its slot runs once',
  async (word) => {
    const { cluster, first, others, pass } = await start()
    const [importing, last] = others
    beginToMove(first, importing)
    const script = "redis.call('RPUSH',KEYS[1],'one') return redis.error_reply(ARGV[1])"
    const { host, port } = last.self
    const call = cluster
      .call('EVAL', script, 1, key, `${word} ${slot} ${host}:${port}`)
      .catch((error: unknown) => error)
    await pass(4_000)
    expect(importing.model.store.database(0).read(key, 'list')?.map(String)).toEqual(['one'])
    expect(await call).toMatchObject({ code: 'REPLY_ERROR', fate: 'refused', message: expect.stringContaining(word) })
    cluster.destroy()
  },
)
