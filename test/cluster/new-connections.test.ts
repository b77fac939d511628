import { expect, it } from 'vitest'
import { slotOfKey } from '../../src/commands/slots.js'
import type { RespiteError } from '../../src/errors.js'
import type { SimulatedServer, SimulatedServers } from '../simulation/cluster/servers.js'
import { keyAt, startCluster, startServers } from './simulated-cluster.js'

/** A master may have been cut off and replaced since the last view, when a new connection to it is ready. */

const key = '{t}list'

/** The servers cut this master off, replace it, and all the others know. It believes that it is still a master. */
async function replace(
  master: SimulatedServer,
  { servers, pass }: { readonly servers: SimulatedServers; pass(ms: number): Promise<void> },
): Promise<void> {
  servers.isolate(master)
  servers.failOver(master, false)
  await pass(400)
}

it('a blocking command and a session are not sent on a new pooled connection to a master that was replaced', async () => {
  const all = await startCluster(key)
  const { cluster, first, pass, ranAt, listAt, replica } = all
  await replace(first, all)
  const popped = Array.from({ length: 3 }, () => cluster.blpop(key, 0.2))
  const pushed = cluster.session(key, (session) => session.rpush(key, 'one'))
  await pass(1_500)
  expect(await Promise.all([...popped, pushed])).toEqual([expect.anything(), null, null, 1])
  expect(ranAt(first).filter((command) => /^(BLPOP|RPUSH)/.test(command))).toEqual([])
  expect(listAt(replica)).toEqual([])
  cluster.destroy()
})

it('the first connection to a master is not used if the master was replaced before it was ready', async () => {
  const ran = new Map<SimulatedServer, string[]>()
  const { cluster, servers, pass } = startServers(
    3,
    { suspectAfter: 10_000 },
    { onExecuted: (server, args) => ran.set(server, [...(ran.get(server) ?? []), args.join(' ')]) },
  )
  const [first] = servers.masters as [SimulatedServer]
  // Connections are accepted, but for so long nothing comes through.
  servers.stop(first, 1_200)
  const name = keyAt({ servers }, first)
  const set = cluster.set(name, 1)
  await pass(500)
  expect(cluster.status).toBe('ready')
  await replace(first, { servers, pass })
  await pass(1_500)
  expect(await set).toBe('OK')
  expect(ran.get(first)).not.toContain(`SET ${name} 1`)
  cluster.destroy()
})

it('after the client has given up connecting to a master, the next call finds the one that replaced it at once', async () => {
  const { cluster, servers, pass } = startServers(3, { connectTimeout: 400, connectDeadline: 1_000 })
  const [first] = servers.masters as [SimulatedServer]
  servers.stop(first, 10_000)
  const name = keyAt({ servers }, first)
  const given = cluster.set(name, 1).catch((error: RespiteError) => error.code)
  await pass(2_000)
  expect(await given).toBe('CONNECT_FAILED')
  await replace(first, { servers, pass })
  await pass(2_000)
  let isSet = false
  void cluster.set(name, 1).then(() => {
    isSet = true
  })
  await pass(100)
  expect(isSet).toBe(true)
  cluster.destroy()
})

it.each([2_500, 3_000, 3_500, 4_000])(
  'while the client has tried to connect to a master for %i ms, it keeps asking who has taken its place',
  async (ms) => {
    const { cluster, servers, pass } = startServers(3)
    const [first] = servers.masters as [SimulatedServer]
    const name = keyAt({ servers }, first)
    servers.kill(first)
    let isSet = false
    void cluster.set(name, 1).then(() => {
      isSet = true
    })
    await pass(ms)
    servers.failOver(first, false)
    // Gossip takes up to 400 ms, and the client asks every 200 ms at least.
    await pass(650)
    expect(isSet).toBe(true)
    cluster.destroy()
  },
)

it('the client keeps asking while slots are about to go back to a lost node, according to an old view', async () => {
  const { cluster, servers, first, others, replica, pass } = await startCluster(key)
  const slot = slotOfKey(key)
  const tell = (owner: SimulatedServer): void => {
    for (const { member } of others) member.assign(owner.self, slot)
  }
  servers.failOver(first, true)
  await pass(1_000)
  servers.kill(first)
  // By now, attempts to connect to it are far apart.
  await pass(8_000)
  tell(first)
  // The others agree before the owner has answered. Until then, it keeps the slot.
  servers.slowDown(replica, 'in', 100)
  const session = cluster.session(keyAt({ servers }, others[0]), (each) => each.ping())
  await pass(60)
  expect(cluster.nodes().find(({ id }) => id === first.self.id)?.role).toBe('master')
  tell(replica)
  await pass(80)
  let isSet = false
  void cluster.set(key, 1).then(() => {
    isSet = true
  })
  await pass(250)
  expect(await session).toBe('PONG')
  expect(isSet).toBe(true)
  cluster.destroy()
})

it('in a calm cluster, one view is asked for when a new connection is ready, and none when it is used again', async () => {
  const { cluster, servers, pass, ranAt } = await startCluster(key)
  const asked = (): number =>
    servers.servers.reduce((sum, server) => sum + ranAt(server).filter((each) => each === 'CLUSTER SLOTS').length, 0)
  const use = async (): Promise<void> => {
    const replies = Promise.all([cluster.session(key, (session) => session.ping()), cluster.set(key, 1)])
    await pass(200)
    expect(await replies).toEqual(['PONG', 'OK'])
    await pass(10_000)
  }
  await pass(10_000)
  expect(asked()).toBe(0)
  await use()
  expect(asked()).toBe(3)
  await use()
  const popped = cluster.blpop('{t}none', 0.1)
  await pass(10_000)
  expect(await popped).toBeNull()
  expect(asked()).toBe(3)
  cluster.destroy()
})
