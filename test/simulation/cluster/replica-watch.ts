import { Store } from '../../../lab/server/store.js'
import { slotOfKey } from '../../../src/commands/slots.js'
import type { Tally } from '../tally.js'
import type { Wire } from '../wire.js'
import { type Call, type Calls, isRead } from './calls.js'
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
    const isReplica = server?.follows !== undefined && this.#replicas.has(server)
    const isAtReplica = isReader || (isReplica && !this.#isNamed(server, args))
    const text = `${args.map(String).join(' ').slice(0, 60)} was sent to ${server?.name}`
    if (Store.writes(name) || name === 'EVAL') {
      tally.note('invariant: no write goes to a replica')
      if (isReader) violation(`${text}, on a connection for reads`)
      else if (isAtReplica) violation(`${text}, on a connection to a replica`)
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

  /**
   * Whether a script has returned a redirection to the server for the slot of a call. If its slot has really left, as its node then
   * confirms, this can't be told from the word of the node. The server redirects what is sent to it.
   */
  #isNamed(server: SimulatedServer, args: readonly Buffer[]): boolean {
    const { calls } = this.#dependencies
    const slotOf = ({ keys }: Call): number => slotOfKey(keys[0] as string)
    const call = calls.callOf(args)
    if (call === undefined) return false
    return calls.all.some((each) => each.named === server && each.runs.length > 0 && slotOf(each) === slotOf(call))
  }

  /** Connections for reads that lead to a server which has become a master. */
  get readersOfMasters(): number {
    const { servers } = this.#dependencies.servers
    const wires = servers.filter(({ follows }) => follows === undefined).flatMap(({ wires }) => wires)
    return wires.filter((wire) => !wire.isOver && this.#readers.has(wire)).length
  }
}
