import { expect, it } from 'vitest'
import { Cluster } from '../../src/cluster/cluster.js'
import type { Seed } from '../../src/cluster/cluster-options.js'
import { slotCount, slotOfKey } from '../../src/commands/slots.js'
import { ConnectError, ReplyError } from '../../src/errors.js'
import { mutePort } from '../simulation/cluster/network.js'
import type { SimulatedServer } from '../simulation/cluster/servers.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'
import { keyAt, names, startCluster, startServers } from './simulated-cluster.js'

/** At the first connect, the client asks the seeds for a view: two at a time. */

/** At this port, connections are refused. */
const deadPort = 2

/**
 * Starts a cluster with one master, and the first connect to it.
 * @param before the ports of the seeds before the master
 * @param after the ports of those after it
 */
function connectTo({ before = [], after = [] }: { readonly before?: number[]; readonly after?: number[] }) {
  const notes: string[] = []
  const seedAt = (port: number, index: number) => ({ host: `10.0.0.${100 + index}`, port })
  const all = startServers(1, {}, { note: (text) => notes.push(text()) }, (masters) => [
    ...before.map(seedAt),
    ...masters,
    ...after.map(seedAt),
  ])
  void all.cluster.connect()
  return { ...all, notes }
}

it.each([
  ['two seeds refuse connections', [deadPort, deadPort]],
  ['one of two seeds is silent, and the other one refuses connections', [mutePort, deadPort]],
  ['one of two seeds refuses connections, and the other one is silent', [deadPort, mutePort]],
])('if %s, the next one is asked immediately', async (_, before) => {
  const { cluster, pass } = connectTo({ before })
  await pass(150)
  expect(cluster.status).toBe('ready')
  cluster.destroy()
})

it('if two seeds are silent, the next ones are asked after 0.2 s', async () => {
  const { cluster, pass } = connectTo({ before: [mutePort, mutePort] })
  await pass(200)
  expect(cluster.status).toBe('connecting')
  await pass(150)
  expect(cluster.status).toBe('ready')
  cluster.destroy()
})

it('once a seed has answered, no other one is asked', async () => {
  const { cluster, pass, notes } = connectTo({ after: [mutePort, deadPort] })
  await pass(1_000)
  expect(cluster.status).toBe('ready')
  expect(notes).not.toContainEqual(expect.stringContaining('ECONNREFUSED'))
  cluster.destroy()
})

/** From now on, a server believes that one server has all slots; by default, that none has any, as after CLUSTER RESET. */
const believe = ({ member }: SimulatedServer, owner?: SimulatedServer): void =>
  member.assign(owner?.self, 0, slotCount - 1)

/** Notes how calls end. */
function outcomesOf(calls: readonly Promise<unknown>[]): unknown[] {
  const outcomes: unknown[] = []
  for (const call of calls) {
    call.then(
      (value) => outcomes.push(value),
      (error) => outcomes.push(error),
    )
  }
  return outcomes
}

it('seeds that know no slots are passed over', async () => {
  const { cluster, servers, pass } = startServers(5)
  const [last, ...empty] = servers.masters.toReversed() as [SimulatedServer, ...SimulatedServer[]]
  for (const server of empty) believe(server)
  believe(last, last)
  const outcomes = outcomesOf([cluster.set('k', 1)])
  await pass(200)
  expect(outcomes).toEqual(['OK'])
  expect(cluster.nodes().find(({ slots }) => slots.length > 0)?.id).toBe(last.self.id)
  cluster.destroy()
})

it('a client is not ready before a seed knows slots, and gives up when its time to connect is over', async () => {
  const { cluster, servers, pass } = startServers(1, { connectDeadline: 2_000 })
  const [server] = servers.masters as [SimulatedServer]
  believe(server)
  const outcomes = outcomesOf([cluster.connect()])
  await pass(1_900)
  expect(cluster.status).toBe('connecting')
  await pass(200)
  expect(outcomes).toEqual([expect.any(ConnectError)])
  void cluster.connect()
  await pass(500)
  believe(server, server)
  await pass(200)
  expect(cluster.status).toBe('ready')
  cluster.destroy()
})

it('nodes that know no slots any more do not outvote the one that has all', async () => {
  const { cluster, servers, first, others, pass } = await startCluster('k')
  const keys = others.map((server) => keyAt({ servers }, server))
  for (const server of servers.servers) believe(server)
  believe(first, first)
  const owners: string[][] = []
  cluster.on('topology', ({ slotsMoved }) => {
    if (slotsMoved) owners.push(cluster.nodes().flatMap(({ id, slots }) => (slots.length > 0 ? [id] : [])))
  })
  const outcomes = outcomesOf(keys.map((key) => cluster.set(key, 2)))
  await pass(2_000)
  expect(outcomes).toEqual(['OK', 'OK'])
  expect(owners).toEqual([[first.self.id]])
  cluster.destroy()
})

it('a seed that the others have forgotten, and that still has slots, does not keep a client from the others', async () => {
  const { cluster, servers, pass } = startServers(3, {}, {}, ([first, ...others]) => [
    first as { host: string; port: number },
    { host: '10.0.0.100', port: mutePort },
    ...others,
  ])
  const [forgotten, successor, other] = servers.masters as [SimulatedServer, SimulatedServer, SimulatedServer]
  const slots = servers.slotsOf(forgotten)
  for (const { member, self, follows } of servers.servers) {
    const isForgotten = [self, follows?.self].includes(forgotten.self)
    if (isForgotten) member.assign(undefined, 0, slotCount - 1)
    for (const slot of slots) member.assign(isForgotten ? forgotten.self : successor.self, slot)
  }
  void cluster.connect()
  await pass(1_000)
  const outcomes = outcomesOf(names.map((name) => cluster.set(name, 1)))
  await pass(500)
  expect(outcomes).toEqual(names.map(() => 'OK'))
  const owners = cluster.nodes().filter(({ slots }) => slots.length > 0)
  expect(owners.map(({ id }) => id).sort()).toEqual([successor.self.id, other.self.id])
  cluster.destroy()
})

it('if all seeds refuse the question because they are no cluster, the client gives up immediately', async () => {
  const { cluster, servers, pass } = startServers(2)
  for (const { model } of servers.masters) model.cluster = undefined
  const outcomes = outcomesOf([cluster.connect(), cluster.set('k', 1)])
  await pass(100)
  expect(outcomes).toEqual([expect.any(ReplyError), expect.any(ConnectError)])
  expect(outcomes[0]).toMatchObject({ message: 'ERR This instance has cluster support disabled' })
  expect(outcomes[1]).toMatchObject({ fate: 'not-executed' })
  expect(cluster.status).toBe('idle')
  cluster.destroy()
})

it('if only one of the seeds refuses the question, and the others are not there yet, the client tries again', async () => {
  const { cluster, servers, pass } = startServers(1, { connectTimeout: 500 }, {}, (masters) => [
    { host: '10.0.0.100', port: deadPort },
    ...masters,
  ])
  const [{ model, member }] = servers.masters as [SimulatedServer]
  model.cluster = undefined
  void cluster.connect()
  await pass(1_500)
  expect(cluster.status).toBe('connecting')
  model.cluster = member
  await pass(1_500)
  expect(cluster.status).toBe('ready')
  cluster.destroy()
})

it.each([
  ['by names that no view contains', []],
  ['that refuse connections', [deadPort, deadPort]],
  ['that are silent', [mutePort, mutePort]],
])('seeds %s are asked only for as long as there is another reason to ask', async (_, others) => {
  let questions = 0
  const onExecuted = (__: SimulatedServer, [name]: readonly Buffer[]): void => {
    if (String(name) === 'CLUSTER') questions += 1
  }
  const seedsOf = (masters: readonly Seed[]) => [
    ...masters.map((seed) => ({ ...Object(seed), host: '10.0.0.2' })),
    ...others.map((port, index) => ({ host: `10.0.0.${100 + index}`, port })),
  ]
  const { cluster, servers, pass } = startServers(3, {}, { onExecuted }, seedsOf)
  const [server] = servers.masters as [SimulatedServer]
  for (const { member } of servers.servers) member.assign(undefined, slotOfKey('k'))
  void cluster.set(keyAt({ servers }, server), 1)
  await pass(2_000)
  for (let round = 0; round < 5; round += 1) {
    questions = 0
    servers.network.cut(server)
    await pass(2_000)
    expect(questions).toBeGreaterThan(2)
    questions = 0
    await pass(10_000)
    expect(questions).toBe(0)
    expect(cluster.nodes().filter(({ role }) => role === 'unknown')).toEqual([])
  }
  cluster.destroy()
})

it('a duplicate has the seeds and options of its cluster, even if the caller has changed the objects in them', async () => {
  const network = new FakeNetwork()
  const seed = new URL('redis://h1:1')
  const tls = { servername: 'n1' }
  const cluster = new Cluster(seed, { tls }, { dial: network.dial, clock: new FakeClock() })
  seed.host = 'h2:2'
  tls.servername = 'n2'
  const copy = cluster.duplicate()
  copy.connect().catch(() => {})
  await settle()
  expect(network.peer.endpoint).toMatchObject({ host: 'h1', port: 1, tls: { servername: 'n1' } })
  copy.destroy()
})
