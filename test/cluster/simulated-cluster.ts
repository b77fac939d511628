// Loaded on demand by the client: here before, so that loading takes no time that is not simulated.
import '../../src/cluster/cluster-scan.js'
import '../../src/cluster/cluster-sessions.js'
import { Cluster } from '../../src/cluster/cluster.js'
import type { ClusterOptionsOf, Seed } from '../../src/cluster/cluster-options.js'
import { slotOfKey } from '../../src/commands/slots.js'
import { Chance } from '../simulation/chance.js'
import { SimulatedClock } from '../simulation/clock.js'
import { type SimulatedServer, SimulatedServers } from '../simulation/cluster/servers.js'

/** A client of a cluster of simulated servers, in virtual time. */
export interface SimulatedCluster {
  readonly cluster: Cluster
  readonly servers: SimulatedServers
  /** The master that has the slot of the key at first. */
  readonly first: SimulatedServer
  /** Its replica. */
  readonly replica: SimulatedServer
  /** The other masters. */
  readonly others: [SimulatedServer, SimulatedServer]
  /** Lets this many milliseconds pass. */
  pass(ms: number): Promise<void>
  /** The list with the key, at the owner of its slot. */
  list(): string[]
  /** The list with the key, at this server. */
  listAt(server: SimulatedServer): string[]
  /** What a server has run since the start, as in `GET k`. */
  ranAt(server: SimulatedServer): readonly string[]
}

/** Keys of all masters, which exist from the start. */
export const names: readonly string[] = Array.from({ length: 60 }, (_, index) => `k${index}`)

/** A key that exists, of a slot that this server has. */
export const keyAt = ({ servers }: Pick<SimulatedCluster, 'servers'>, server: SimulatedServer | undefined): string =>
  names.find((name) => servers.ownerOf(slotOfKey(name)) === server) as string

/** What happens at simulated servers. */
type ServerEvents = Partial<ConstructorParameters<typeof SimulatedServers>[3]>

/**
 * Starts masters with a replica each, and a client that has not connected yet.
 * @param seedsOf returns the seeds of the client, given the addresses of the masters; by default, these
 */
export function startServers(
  masters: number,
  options: ClusterOptionsOf = {},
  events: ServerEvents = {},
  seedsOf: (masters: readonly Seed[]) => readonly Seed[] = (all) => all,
) {
  const chance = new Chance(1)
  const fail = (what: unknown): void => {
    throw what
  }
  const clock = new SimulatedClock(chance, fail)
  const silent = { note: () => {}, violation: fail, onRefused: () => {}, onExecuted: () => {} }
  const servers = new SimulatedServers(masters, clock, chance, { ...silent, ...events })
  const seeds = seedsOf(servers.masters.map(({ self: { host, port } }) => ({ host, port })))
  const cluster = new Cluster(seeds, options, { dial: servers.dial, clock })
  const pass = (ms: number): Promise<void> => clock.advanceTo(clock.now() + ms)
  return { cluster, servers, pass }
}

/** Starts three masters with a replica each, and a client that knows all nodes and is connected to the masters. */
export async function startCluster(key: string, options: ClusterOptionsOf = {}): Promise<SimulatedCluster> {
  const slot = slotOfKey(key)
  const ran = new Map<SimulatedServer, string[]>()
  const { cluster, servers, pass } = startServers(3, options, {
    onExecuted: (server, args) => ran.get(server)?.push(args.join(' ')),
  })
  const first = servers.ownerOf(slot) as SimulatedServer
  const others = servers.masters.filter((server) => server !== first)
  const calls = names.map((name) => cluster.set(name, 1))
  await pass(1_000)
  await Promise.all(calls)
  for (const server of servers.servers) ran.set(server, [])
  const listAt = ({ model }: SimulatedServer): string[] => (model.store.database(0).read(key, 'list') ?? []).map(String)
  return {
    cluster,
    servers,
    first,
    replica: servers.servers.find(({ follows }) => follows === first) as SimulatedServer,
    others: others as [SimulatedServer, SimulatedServer],
    pass,
    list: () => listAt(servers.ownerOf(slot) as SimulatedServer),
    listAt,
    ranAt: (server) => ran.get(server) ?? [],
  }
}

/** From now on, the owner redirects to the importing node what concerns keys that it does not have. */
export function beginToMove(slot: number, owner: SimulatedServer, importing: SimulatedServer): void {
  importing.member.importing.add(slot)
  owner.member.migrating.set(slot, importing.self)
}
