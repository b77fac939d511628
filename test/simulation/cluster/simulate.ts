// Loaded on demand by the client: here before, so that it takes no time that is not simulated.
import '../../../src/cluster/cluster-scan.js'
import '../../../src/cluster/cluster-sessions.js'
import '../../../src/cluster/replica-reads.js'
import { Cluster as RealCluster } from '../../../src/cluster/cluster.js'
import { slotOfKey } from '../../../src/commands/slots.js'
import { Chance } from '../chance.js'
import { SimulatedClock, turnOf } from '../clock.js'
import { Tally } from '../tally.js'
import { Calls, isRead, type Kind, staticKeys } from './calls.js'
import { DeposedMasters } from './deposed-masters.js'
import { Faults, type Focus } from './faults.js'
import { checkCalls, gossip, type RunSettings } from './invariants.js'
import { Listeners } from './listeners.js'
import { mappedHost, mutePort, type NetworkObserver } from './network.js'
import { readingOf } from './reading.js'
import { ReplicaFaults } from './replica-faults.js'
import { ReplicaWatch } from './replica-watch.js'
import { SimulatedServers } from './servers.js'

/** The code under test: the cluster as it is, or one that was changed on purpose. */
export interface ClusterCode {
  readonly Cluster: typeof RealCluster
}

/** What came of one seed. */
export interface ClusterOutcome {
  readonly violations: readonly string[]
  readonly calls: number
  readonly resolved: number
  /** Rejections by code and fate. */
  readonly fates: Readonly<Record<string, number>>
  /** Calls that were acknowledged, and thrown away by a failover. */
  readonly lost: number
  /** How often each kind of thing occurred. */
  readonly tally: Tally
  readonly trace: readonly string[]
}

/** Milliseconds within which everything is settled once nothing more happens. */
const convalescence = 20_000

/** Here, connections are refused. */
const deadPort = 2

/** Milliseconds before the end in which nothing has happened for long. */
const calm = 3_000

const kinds: readonly Kind[] = ['push', 'push', 'push', 'script', 'transaction', 'mset', 'read']
const readKinds: readonly Kind[] = ['range', 'range', 'range', 'ranges', 'push', 'transaction']
/** These are called now and then. */
const rareKinds: readonly Kind[] = ['split', 'cross', 'pretence', 'pop', 'pop']

/** Runs one schedule of calls and faults against the client of a cluster; then checks what must hold. */
export async function simulateCluster(
  seed: number,
  { Cluster }: ClusterCode = { Cluster: RealCluster },
  tracing = false,
): Promise<ClusterOutcome> {
  const chance = new Chance(seed)
  const trace: string[] = []
  const violations: string[] = []
  const tally = new Tally()
  const clock = new SimulatedClock(
    chance,
    (error) => violation(`thrown: ${(error as Error)?.stack ?? error}`),
    turnOf(chance),
  )
  const note = (text: () => string): void => {
    if (tracing) trace.push(`${clock.now().toFixed(1).padStart(9)}  ${text()}`)
  }
  const violation = (text: string): void => {
    if (violations.length < 20) violations.push(text)
    note(() => `VIOLATION: ${text}`)
  }
  const shards = chance.between(2, 3)
  const focus = chance.pick<Focus>(['migrations', 'failover', 'down', 'mixed'])
  const settings: RunSettings = {
    maxAttempts: chance.between(1, 4),
    queueTimeout: chance.pick([1_000, 3_000, 8_000]),
    suspectAfter: chance.pick([200, 500]),
    endsEarly: chance.happens(0.2),
  }
  const reading = readingOf(chance)
  const connectTimeout = 400
  const connectDeadline = chance.pick([1_000, 5_000])
  /** When nodes were asked for their view. */
  const askedAt: number[] = []
  /** When the connections were opened over which masters were asked. */
  const openedAtMasters = new Set<number>()
  const observer: NetworkObserver = {
    note,
    violation,
    onRefused: (args, server) => {
      const { follows } = server
      calls.onRefused(server, args)
      tally.note('refused by a server')
      if (follows !== undefined && isRead(String(args[0]))) tally.note('read refused by a replica')
    },
    onWritten: (wire, args, server) => {
      calls.onWritten(wire, args, server)
      watch.onWritten(wire, args, server)
    },
    onExecuted: (server, args, reply, openedAt) => {
      const now = clock.now()
      if (String(args[1]) === 'SLOTS') {
        askedAt.push(now)
        deposed.onView(server, now)
        if (server.follows === undefined) openedAtMasters.add(openedAt)
      }
      if (deposed.isDeposed(server, now) && ['RPUSH', 'MSET', 'BLPOP'].includes(String(args[0]).toUpperCase())) {
        tally.note('invariant: nothing is sent to a deposed master')
        if (deposed.shouldBeKnown(server, openedAt))
          violation(`${server.name} was sent ${args} on a new connection, long after another had taken its place`)
      }
      const knownAt = server.replacedAt + gossip + settings.suspectAfter * 2 + 1_000
      calls.onExecuted(server, args, reply, server.stoppedUntil > 0 && now > knownAt)
    },
  }
  const servers = new SimulatedServers(shards, clock, chance, observer, reading.replicas)
  const deposed = new DeposedMasters(servers.servers)
  const { seeds, hasMuteSeed, mapAddress } = placeServers(servers, shards, chance, tally)
  const cluster = new Cluster(
    seeds,
    {
      protocol: chance.pick([2, 3]),
      maxAttempts: settings.maxAttempts,
      queueTimeout: settings.queueTimeout,
      suspectAfter: settings.suspectAfter,
      connectTimeout,
      connectDeadline,
      stallTimeout: chance.pick([2_000, 20_000]),
      fence: chance.pick(['try', 'try', 'off']),
      readFrom: reading.readFrom,
      mapAddress,
    } as never,
    { dial: servers.dial, clock },
  )
  let changedAt = -Infinity
  cluster.on('topology', (change) => {
    changedAt = clock.now()
    note(() => `the topology changes: ${JSON.stringify(change)}`)
  })
  cluster.on('error', (error) => note(() => `error: ${error.message}`))
  const calls = new Calls({ cluster, servers, clock, chance, reading, tally, note })
  const watch = new ReplicaWatch({ servers, calls, reading, tally, violation })
  // Two attempts to connect fit into the shorter deadline, and two replicas may be silent.
  const mayEnd = (): boolean =>
    faults.has('nobody answers at first', 'another address') ||
    (connectDeadline < 3 * connectTimeout && replicaFaults.mayLoseReads)
  const listeners = new Listeners({ cluster, servers, clock, tally, note, violation, mayEnd })

  // What happens, and when.
  const duration = focus === 'failover' ? chance.between(5_000, 8_000) : chance.between(500, 4_000)
  const isHot = focus === 'migrations' || chance.happens(0.3)
  const hotKinds = isHot ? kinds.slice(chance.between(0, 4)) : kinds
  const bursts = isHot ? chance.between(50, 200) : chance.between(5, 100)
  for (let i = 0; i < bursts; i += 1) {
    clock.schedule(chance.fraction() * duration, () => {
      const size = chance.skewed(1, isHot ? 6 : 20)
      for (let n = 0; n < size; n += 1) calls.call(chance.pick(hotKinds))
      if (chance.happens(0.1)) calls.call(chance.pick(rareKinds))
    })
  }
  if (chance.happens(0.2)) clock.schedule(chance.fraction() * duration, () => calls.call('scan'))
  if (chance.happens(0.4)) {
    for (const kind of ['channel', 'pattern', 'shard'] as const) {
      if (chance.happens(0.6)) clock.schedule((chance.fraction() * duration) / 2, () => listeners.subscribe(kind))
    }
    for (let at = 0; at < duration; at += chance.between(20, 200)) clock.schedule(at, () => listeners.publish())
    clock.schedule(duration + convalescence - calm, () => listeners.publish())
  }
  if (reading.isUsed) {
    for (let count = reading.chance.between(20, 150); count > 0; count -= 1)
      clock.schedule(reading.chance.fraction() * duration, () => {
        for (let size = reading.chance.skewed(1, 6); size > 0; size -= 1) calls.call(reading.chance.pick(readKinds))
      })
  }
  const faults = new Faults({ servers, clock, chance, tally }, isHot)
  if (!reading.sparesMasters) faults.schedule(focus, duration)
  const replicaFaults = new ReplicaFaults({ servers, clock, reading, tally, faults })
  replicaFaults.schedule(duration)
  if (chance.happens(0.05)) faults.refuseAll(chance.pick([200, 2_000]))
  const connected = chance.happens(0.5) ? connect(cluster, clock) : undefined

  try {
    await clock.advanceTo(duration)
    if (!settings.endsEarly) {
      await clock.advanceTo(duration + convalescence)
      listeners.checkComplete()
      checkRest()
    }
    if (chance.happens(0.5)) void cluster.close({ timeout: 300 })
    else cluster.destroy()
    await clock.advanceTo(clock.now() + 400)
    tally.note('invariant: nothing is left after the end')
    if (cluster.status !== 'closed') violation(`the cluster is ${cluster.status} after close`)
    if (cluster.inFlight().length > 0) violation('commands are in flight after close')
    if (open() > 0) violation(`${open()} connections are open after close`)
    await clock.advanceTo(clock.now() + convalescence)
    if (clock.timers > 0) violation(`${clock.timers} timers are left`)
  } catch (error) {
    violation(`abandoned: ${(error as Error).message}`)
  }
  checkConnect()
  listeners.checkGaps()
  const seedServers = servers.servers.slice(0, shards)
  const [viewedAt = Infinity, viewedAgainAt = viewedAt] = askedAt
  const knowledge = { seedServers, hasMuteSeed, viewedAt, viewedAgainAt }
  const lost = checkCalls({ calls, servers, ...knowledge, faults, replicaFaults, reading, settings, tally, violation })
  const fates: Record<string, number> = {}
  for (const { error } of calls.all) {
    if (error !== undefined) fates[`${error.code} ${error.fate}`] = (fates[`${error.code} ${error.fate}`] ?? 0) + 1
  }
  const resolved = calls.all.filter(({ settled }) => settled === 'resolved').length
  return { violations, calls: calls.all.length, resolved, fates, lost, tally, trace }

  function open(): number {
    return servers.servers.flatMap(({ wires }) => wires).filter((wire) => !wire.isOver).length
  }

  /** Long after the last fault. */
  function checkRest(): void {
    tally.note('invariant: nobody is asked while nothing is wrong')
    const isRecent = (at: number): boolean => at > duration + convalescence - calm
    const asked = askedAt.filter(isRecent).length
    // While replicas are read, three nodes are asked now and then: after a change in 1, 3 and 7 seconds, and then less often.
    const isSoonAfterChange = changedAt > duration + convalescence - 3 * calm
    const rounds = !reading.isUsed ? 0 : isSoonAfterChange ? 3 : 1
    // If a master is asked to which no connection is open, the new connection is a reason to ask once more, as one for a call is:
    // another node may take its place while the client connects.
    const again = rounds === 0 ? 0 : [...openedAtMasters].filter(isRecent).length
    if (asked > 3 * (rounds + again)) violation(`nodes were asked ${asked} times for their view, and nothing was wrong`)
    tally.note('invariant: one connection a node')
    const { ownConnections } = cluster.stats()
    const readers = reading.isUsed ? servers.servers.length - servers.masters.length : 0
    const most = servers.servers.length + readers + ownConnections + listeners.connections
    if (open() > most) violation(`${open()} connections are open, of ${most} at most`)
    tally.note('invariant: replicas have what their masters have')
    for (const { name, follows } of servers.replication.diverged)
      violation(`${name} does not have what ${follows?.name} has: the simulated replication is wrong`)
    tally.note('invariant: no connection for reads leads to a master')
    if (watch.readersOfMasters > 0) violation(`${watch.readersOfMasters} connections for reads lead to masters`)
  }

  function checkConnect(): void {
    if (connected === undefined) return
    tally.note('invariant: the first connect comes to an end')
    const { settledAt, error } = connected
    if (settledAt > connectDeadline + 1) violation(`the first connect took ${settledAt} ms, of ${connectDeadline}`)
    if (error !== undefined && !faults.isCut && !settings.endsEarly)
      violation(`the first connect failed: ${error.message}`)
  }
}

/** How the client reaches the servers, and what it is told of them. */
function placeServers(servers: SimulatedServers, shards: number, chance: Chance, tally: Tally) {
  const place = chance.pick(['announced', 'announced', 'without hosts', 'mapped'] as const)
  tally.note(`address: ${place}`)
  if (place === 'without hosts') for (const { member } of servers.servers) member.hidesHosts = true
  if (place === 'mapped') servers.network.mappedBy = 10_000
  const mapAddress = ({ port }: { readonly port: number }) => ({
    host: mappedHost,
    port: port + servers.network.mappedBy,
  })
  const host = place === 'mapped' ? mappedHost : '10.0.0.1'
  const seeds = servers.servers
    .slice(0, shards)
    .map(({ self }) => ({ host, port: self.port + servers.network.mappedBy }))
  if (chance.happens(0.2)) {
    tally.note('seed that does not answer')
    seeds.unshift({ host, port: chance.pick([mutePort, deadPort]) })
  }
  for (const { self, follows, model } of servers.servers) {
    for (const key of staticKeys) {
      const owner = servers.ownerOf(slotOfKey(key))?.self.id
      if (owner === self.id || owner === follows?.self.id)
        model.store.execute([Buffer.from('SET'), Buffer.from(key), Buffer.from('1')], 0)
    }
  }
  const hasMuteSeed = seeds[0]?.port === mutePort
  return { seeds, hasMuteSeed, mapAddress: place === 'mapped' ? mapAddress : undefined }
}

/** The first connect, and what came of it. */
function connect(cluster: RealCluster, clock: SimulatedClock): { settledAt: number; error: Error | undefined } {
  const outcome = { settledAt: Infinity, error: undefined as Error | undefined }
  cluster.connect().then(
    () => {
      outcome.settledAt = clock.now()
    },
    (error: Error) => {
      outcome.settledAt = clock.now()
      outcome.error = error
    },
  )
  return outcome
}
