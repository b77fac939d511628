import type { ServerModel } from '../../lab/server/model.js'
import type { Dial } from '../../src/connection/transport/transport.js'
import type { Chance } from './chance.js'
import type { SimulatedClock } from './clock.js'
import { type Path, Wire, type WireObserver } from './wire.js'

/** What the network is told of, and asks. */
export interface NetworkObserver extends Omit<WireObserver, 'onServed'> {
  onExecuted(wire: Wire, args: readonly Buffer[], isError: boolean): void
  onRefused(args: readonly Buffer[]): void
  /** The client begins to connect. */
  onDial(): void
}

/** Far more than any run has. */
const mostConnections = 2_000

/** The address that a server sees of a connection with this number. */
export const addressOf = (number: number): string => `10.0.0.1:${30_000 + number}`
export const localAddress = '10.0.0.2:6379'

/** All paths between the client and the model of a server, and what becomes of attempts to connect. */
export class SimulatedNetwork {
  readonly wires: Wire[] = []
  /** What an attempt to connect meets. */
  door: 'open' | 'refuses' | 'full' | 'closes' | 'mute' = 'open'
  /** The server behind the address, and those that were before. */
  readonly models: ServerModel[]
  readonly #clock: SimulatedClock
  readonly #chance: Chance
  readonly #path: () => Path
  readonly #observer: NetworkObserver
  #nextExpiry = Infinity

  constructor(
    model: ServerModel,
    ground: { readonly clock: SimulatedClock; readonly chance: Chance; readonly path: () => Path },
    observer: NetworkObserver,
  ) {
    this.models = [model]
    this.#clock = ground.clock
    this.#chance = ground.chance
    this.#path = ground.path
    this.#observer = observer
  }

  readonly dial: Dial = (_endpoint, handler) => {
    const { onWritten, onMalformed, onLate, note } = this.#observer
    const observer: WireObserver = { onWritten, onMalformed, onLate, note, onServed: () => this.watchWaits() }
    const chance = this.#chance.part(`connection ${this.wires.length + 1}`)
    const around = { clock: this.#clock, chance, observer }
    const wire = new Wire(this.wires.length + 1, this.#path(), handler, around)
    this.wires.push(wire)
    this.#observer.onDial()
    if (this.wires.length > mostConnections) {
      this.#clock.abandon(new Error(`more than ${mostConnections} connections: the client does nothing but connect`))
    }
    this.#observer.note(() => `connection ${wire.id} is dialled`)
    this.#clock.scheduleLocally(chance.fraction() * wire.path.latency, () => this.#admit(wire))
    return wire
  }

  /** The server that an attempt to connect leads to. */
  get model(): ServerModel {
    return this.models[0] as ServerModel
  }

  /** From now on the address leads to another server. Connections to the old one stay. */
  leadTo(model: ServerModel): void {
    this.models.unshift(model)
  }

  /** Those that the client has not seen the end of. */
  get live(): Wire[] {
    return this.wires.filter((wire) => !wire.isOver)
  }

  /** Sees to it that no command waits at the server longer than it asked for. */
  watchWaits(): void {
    const next = Math.min(...this.models.map((model) => model.nextExpiry() ?? Infinity))
    if (next >= this.#nextExpiry) return
    this.#nextExpiry = next
    // A little later, because a sum of fractions may be too small.
    this.#clock.schedule(Math.max(0, next - this.#clock.now()) + 0.001, () => {
      this.#nextExpiry = Infinity
      for (const model of this.models) model.expireWaits()
      this.watchWaits()
    })
  }

  #admit(wire: Wire): void {
    if (wire.isOver) return
    if (this.door === 'mute') return
    if (this.door === 'refuses') {
      wire.fail(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
      return
    }
    const session = this.model.connect(
      (args, reply) => this.#observer.onExecuted(wire, args, reply.type === 'error'),
      (bytes) => wire.say(bytes),
      (args) => this.#observer.onRefused(args),
      { address: addressOf(wire.id), localAddress, onKilled: () => wire.kill() },
    )
    wire.open(session)
    if (this.door === 'full') wire.say(Buffer.from('-ERR max number of clients reached\r\n'))
    if (this.door !== 'open') wire.end(true)
  }
}
