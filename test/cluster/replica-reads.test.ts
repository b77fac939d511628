import { expect, it, vi } from 'vitest'
import type { ClusterOptionsOf } from '../../src/cluster/cluster-options.js'
import { Nodes } from '../../src/cluster/nodes.js'
// Loaded on demand by the client: here before, so that loading takes no time that is not simulated.
import '../../src/credentials/renewal.js'
import { slotOfKey } from '../../src/commands/slots.js'
import type { SimulatedServer } from '../simulation/cluster/servers.js'
import { beginToMove, names, startCluster } from './simulated-cluster.js'

const key = '{t}key'
const slot = slotOfKey(key)

/** A cluster in which the replicas of all masters answer reads. */
async function start(options: ClusterOptionsOf = {}) {
  const simulated = await startCluster(key, { readFrom: 'replica', ...options })
  const { cluster, servers, pass, ranAt } = simulated
  /** Returns the value, and the names of the servers that ran GET. */
  const get = async (name: string): Promise<{ value: string | null; by: string[] }> => {
    const before = servers.servers.map((server) => ranAt(server).length)
    const read = cluster.get(name)
    await pass(200)
    const hasRead = (server: SimulatedServer, index: number): boolean =>
      ranAt(server).slice(before[index]).includes(`GET ${name}`)
    return { value: await read, by: servers.servers.filter(hasRead).map((server) => server.name) }
  }
  await Promise.all([cluster.set(key, 'value'), pass(100)])
  // The first read loads the code for the others. These let the client connect to the replicas.
  await Promise.all([get(key), import('../../src/cluster/replica-reads.js')])
  await Promise.all([...names.map((name) => cluster.get(name)), pass(500)])
  return { ...simulated, get }
}

it('a read goes to a replica of the master that has the slot', async () => {
  const { cluster, replica, get } = await start()
  expect(await get(key)).toEqual({ value: 'value', by: [replica.name] })
  cluster.destroy()
})

it('reads go to a replica that was busy with a script when the client connected to it, once the script has ended', async () => {
  const { cluster, replica, pass, get } = await start()
  for (const wire of replica.wires) wire.reset()
  replica.model.isBusy = true
  await pass(2_000)
  expect((await get(key)).by).not.toContain(replica.name)
  await pass(2_000)
  const connections = replica.wires.length
  replica.model.isBusy = false
  await pass(2_000)
  expect(await get(key)).toEqual({ value: 'value', by: [replica.name] })
  expect(replica.wires.length).toBe(connections)
  cluster.destroy()
})

it('a read of a slot that is moving key by key follows the key to the importing master, once the client knows', async () => {
  const { cluster, servers, first, replica, others, pass, get } = await start()
  const [importing] = others
  beginToMove(slot, first, importing)
  servers.moveKey(key, first, importing)
  await pass(10)
  // A replica of Redis does not say that keys of the slot have moved.
  expect(await get(key)).toEqual({ value: null, by: [replica.name] })
  // The owner does not have this key, and redirects with ASK.
  await Promise.all([cluster.set('{t}new', 1), pass(200)])
  expect(await get(key)).toEqual({ value: 'value', by: [importing.name] })
  cluster.destroy()
})

it('reads go to a replica again when the slot has moved', async () => {
  const { cluster, servers, first, others, pass, get } = await start()
  const [importing] = others
  beginToMove(slot, first, importing)
  await Promise.all([cluster.set('{t}new', 1), pass(200)])
  servers.moveKey(key, first, importing)
  importing.member.importing.delete(slot)
  first.member.migrating.delete(slot)
  servers.hasMoved(slot, first, importing)
  await Promise.all([cluster.set(key, 'newer'), pass(1_000)])
  const replica = servers.servers.find(({ follows }) => follows === importing)
  expect(await get(key)).toEqual({ value: 'newer', by: [replica?.name] })
  cluster.destroy()
})

it('the time for which a read was in flight to a replica is not part of the time for which it waits for the master', async () => {
  const { cluster, servers, first, replica, pass } = await start({ queueTimeout: 1_000, suspectAfter: 5_000 })
  servers.slowDown(replica, 'out', 900)
  const read = cluster.get(key).catch((reason: unknown) => reason)
  // Then nobody has the slot for a while. The client learns that from a write, before the replica refuses the read.
  for (const { member } of servers.servers) member.assign(undefined, slot)
  const written = cluster.set(key, 'other').catch((reason: unknown) => reason)
  await pass(1_400)
  for (const { member } of servers.servers) member.assign(first.self, slot)
  await pass(1_000)
  expect(await written).toMatchObject({ code: 'REPLY_ERROR', fate: 'not-executed' })
  expect(await read).toBe('value')
  cluster.destroy()
})

it('a read that is called in the tick in which a view shows that the replica was promoted is answered', async () => {
  const { cluster, servers, first, replica, pass } = await start()
  const { update } = Nodes.prototype
  const reads: Promise<string | null>[] = []
  // As if a reply that has arrived with the view had resumed the caller. Views are applied after that.
  const updated = vi.spyOn(Nodes.prototype, 'update').mockImplementation(function (this: Nodes, view) {
    const isPromoted = view.masters.some(({ id }) => id === replica.self.id)
    if (isPromoted && reads.length === 0) reads.push(cluster.get(key))
    return update.call(this, view)
  })
  servers.failOver(first, true)
  // While replicas are used, views are asked for regularly.
  await pass(130_000)
  updated.mockRestore()
  expect(await Promise.all(reads)).toEqual(['value'])
  // A later view has closed the connection for reads. The one for commands is left.
  expect([...replica.model.connections]).toHaveLength(1)
  cluster.destroy()
})

it('credentials are renewed although the connection for reads is lost on which AUTH waits', async () => {
  const { cluster, servers, replica, pass } = await start({ username: 'default', password: 'secret' })
  servers.slowDown(replica, 'out', 900)
  const read = cluster.get(key)
  await pass(10)
  let renewals = 0
  const renew = async (): Promise<void> => {
    await cluster.reauthenticate()
    renewals += 1
  }
  const renewed = [renew(), renew()]
  await pass(10)
  for (const wire of replica.wires.splice(0)) wire.reset(false)
  await pass(2_000)
  expect(renewals).toBe(2)
  expect(await read).toBe('value')
  await Promise.all(renewed)
  cluster.destroy()
})
