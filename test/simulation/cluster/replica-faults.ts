import type { SimulatedClock } from '../clock.js'
import type { Tally } from '../tally.js'
import type { Faults } from './faults.js'
import type { Reading } from './reading.js'
import type { SimulatedServer, SimulatedServers } from './servers.js'

export const replicaFaults = ['killed', 'stopped', 'cut', 'slow', 'behind', 'at another address'] as const

type ReplicaFault = (typeof replicaFaults)[number]

interface Dependencies {
  readonly servers: SimulatedServers
  readonly clock: SimulatedClock
  readonly reading: Reading
  readonly tally: Tally
  /** What happens to masters. */
  readonly faults: Faults
}

/** Something happened to a replica. */
interface Strike {
  readonly replica: SimulatedServer
  readonly from: number
  /** When its effects are over. */
  until: number
  /** Until then it says nothing, and refuses nothing: it is stopped, or slow. */
  silentUntil: number
}

/** Milliseconds after which a client has noticed, connected again, and known of the replica again. */
const aftermath = 2_000

/** What happens to the replicas of one run. */
export class ReplicaFaults {
  readonly #dependencies: Dependencies
  readonly #occurred = new Set<ReplicaFault>()
  readonly #strikes: Strike[] = []

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  schedule(duration: number): void {
    const { clock, reading } = this.#dependencies
    const { chance } = reading
    if (!reading.hasReplicaFaults) return
    for (let count = chance.between(1, 6); count > 0; count -= 1) {
      const fault = chance.pick(replicaFaults)
      clock.schedule(chance.fraction() * duration, () => this.#strike(fault))
    }
  }

  /** Whether replicas may have been lost, or left as silent, with reads in flight. */
  get mayLoseReads(): boolean {
    return !this.hasOnly('behind')
  }

  /** Whether nothing but these has occurred. */
  hasOnly(...names: readonly ReplicaFault[]): boolean {
    return [...this.#occurred].every((name) => names.includes(name))
  }

  /** Whether the client may have left a replica in this time, or could not reach it. */
  mayBeLeft(replica: SimulatedServer, from: number, until: number): boolean {
    return this.#strikes.some((each) => each.replica === replica && each.from <= until && each.until >= from)
  }

  /** Whether a replica was silent at some time of these. */
  wereSilent(from: number, until: number): boolean {
    return this.#strikes.some((each) => each.silentUntil > each.from && each.from <= until && each.silentUntil >= from)
  }

  #strike(fault: ReplicaFault): void {
    const { servers, clock, reading, tally } = this.#dependencies
    const { chance } = reading
    const replicas = servers.servers.filter((server) => this.#mayStrike(server))
    if (replicas.length === 0) return
    const replica = chance.pick(replicas)
    this.#occurred.add(fault)
    tally.note(`fault: replica ${fault}`)
    const now = clock.now()
    const strike = { replica, from: now, until: now + aftermath, silentUntil: now }
    if (fault !== 'behind') this.#strikes.push(strike)
    switch (fault) {
      case 'killed':
        strike.until += this.#kill(replica)
        return
      case 'stopped':
        servers.stop(replica, chance.between(300, 4_000))
        strike.silentUntil = replica.stoppedUntil
        strike.until = replica.stoppedUntil + aftermath
        return
      case 'cut':
        servers.network.cut(replica)
        return
      case 'slow': {
        const direction = chance.pick(['out', 'in'] as const)
        const ms = chance.between(10, 400)
        servers.slowDown(replica, direction, ms)
        strike.silentUntil = now + ms
        return
      }
      case 'behind':
        servers.replication.delay(replica, chance.between(50, 2_000))
        return
      case 'at another address':
        servers.readdress(replica)
    }
  }

  /** One that runs, and that no failed master waits for. */
  #mayStrike(server: SimulatedServer): boolean {
    const { clock, faults } = this.#dependencies
    const { follows, isDead, stoppedUntil } = server
    if (follows === undefined || isDead || stoppedUntil > clock.now()) return false
    return server !== faults.victim && follows !== faults.victim
  }

  /** The others notice after a while, and it comes back. @returns milliseconds until it answers again */
  #kill(replica: SimulatedServer): number {
    const { servers, clock, reading } = this.#dependencies
    const { chance } = reading
    const delay = chance.between(300, 1_500)
    servers.kill(replica)
    clock.schedule(delay, () => servers.announceReplicas(replica.follows as SimulatedServer))
    const pause = delay + chance.between(100, 2_000)
    const loading = chance.between(0, 500)
    clock.schedule(pause, () => servers.rejoin(replica, loading))
    return pause + loading
  }
}
