import { Store } from '../../../lab/server/store.js'
import type { Tally } from '../tally.js'
import type { Wire } from '../wire.js'
import { type Calls, isRead } from './calls.js'
import type { Reading } from './reading.js'
import type { SimulatedServer, SimulatedServers } from './servers.js'

interface Dependencies {
  readonly servers: SimulatedServers
  readonly calls: Calls
  readonly reading: Reading
  readonly tally: Tally
  violation(text: string): void
}

/** Watches what the client writes to replicas: reads that are for them, after READONLY, and nothing else. */
export class ReplicaWatch {
  readonly #dependencies: Dependencies
  /** Connections on which READONLY was sent. */
  readonly #readers = new Set<Wire>()
  /** They are replicas until one takes the place of its master. */
  readonly #replicas: ReadonlySet<SimulatedServer>

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
    this.#replicas = new Set(dependencies.servers.servers.filter(({ follows }) => follows !== undefined))
  }

  onWritten(wire: Wire, args: readonly Buffer[], server: SimulatedServer | undefined): void {
    const { calls, reading, tally, violation } = this.#dependencies
    const name = String(args[0])
    if (name === 'READONLY') this.#readers.add(wire)
    const isReader = this.#readers.has(wire)
    const isAtReplica = isReader || this.#isReplica(server)
    const text = `${args.map(String).join(' ').slice(0, 60)} was sent to ${server?.name}`
    if (Store.writes(name) || name === 'EVAL') {
      tally.note('invariant: no write goes to a replica')
      if (isAtReplica) violation(`${text}, on a connection ${isReader ? 'for reads' : 'to a replica'}`)
    }
    if (!isRead(name)) return
    const readsFrom = calls.callOf(args)?.readsFrom ?? reading.readFrom
    if (readsFrom === 'master') {
      tally.note('invariant: no read goes to a replica unless it may')
      if (isAtReplica) violation(`${text}, although it is for the master`)
    } else if (isAtReplica) {
      tally.note('invariant: READONLY comes before reads')
      if (!isReader) violation(`${text}, which is a replica, without READONLY`)
    }
  }

  /** Whether no server has ever said that it is a master. The word of a script, which may be taken for that of its server, can be that. */
  #isReplica(server: SimulatedServer | undefined): boolean {
    if (server?.follows === undefined || !this.#replicas.has(server)) return false
    return !this.#dependencies.calls.all.some(({ named }) => named === server)
  }

  /** Connections for reads that lead to a server which has become a master. */
  get readersOfMasters(): number {
    const { servers } = this.#dependencies.servers
    const wires = servers.filter(({ follows }) => follows === undefined).flatMap(({ wires }) => wires)
    return wires.filter((wire) => !wire.isOver && this.#readers.has(wire)).length
  }
}
