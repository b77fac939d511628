import type { ServerReply } from '../../../lab/server/reply.js'
import { RequestParser } from '../../../lab/server/request-parser.js'
import type { Dial } from '../../../src/connection/transport/transport.js'
import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'
import { Wire, type WireObserver } from '../wire.js'
import type { SimulatedServer } from './servers.js'

/** What happens between the client and the servers. */
export interface NetworkObserver {
  /** @param openedAt when the connection was opened that it came from */
  onExecuted(server: SimulatedServer, args: readonly Buffer[], reply: ServerReply, openedAt: number): void
  onRefused(args: readonly Buffer[], server: SimulatedServer): void
  /** The client has written a command to a connection. @param server where it leads */
  onWritten?(wire: Wire, args: readonly Buffer[], server: SimulatedServer | undefined): void
  note(text: () => string): void
  violation(text: string): void
}

const latencies = [0.1, 1, 5, 20]

/** Here nobody says anything, and nobody refuses. */
export const mutePort = 1

/** Behind it are the servers, by other ports than those that they announce. */
export const mappedHost = '192.0.2.1'

/** The connections between the client and the servers. */
export class Network {
  /** Connections are accepted. */
  isOpen = true
  /** Added to each announced port by what is between the client and the servers; 0: nothing is. */
  mappedBy = 0
  readonly #servers: readonly SimulatedServer[]
  readonly #clock: SimulatedClock
  readonly #chance: Chance
  readonly #observer: NetworkObserver
  readonly #latency: number
  readonly #ends = new WeakMap<Wire, SimulatedServer>()
  #dials = 0
  #nextExpiry = Infinity

  constructor(servers: readonly SimulatedServer[], clock: SimulatedClock, chance: Chance, observer: NetworkObserver) {
    this.#servers = servers
    this.#clock = clock
    this.#chance = chance
    this.#observer = observer
    this.#latency = chance.pick(latencies)
  }

  readonly dial: Dial = ({ host, port }, handler) => {
    const { note, violation } = this.#observer
    this.#dials += 1
    if (this.#dials > 3_000) this.#clock.abandon(new Error('the client does nothing but connect'))
    const parser = new RequestParser()
    const observer: WireObserver = {
      note,
      onWritten: (from, bytes) =>
        parser.feed(bytes, (args) => this.#observer.onWritten?.(from, args, this.#ends.get(from))),
      onServed: () => this.#watchWaits(),
      onLate: () => {},
      onMalformed: (wire, error) => violation(`connection ${wire.id} carried what is no request: ${error}`),
    }
    const path = { latency: this.#latency, piece: 5_000, sendBuffer: 50_000, provesIncomplete: true, lateBy: 0 }
    const wire = new Wire(this.#dials, path, handler, { clock: this.#clock, chance: this.#chance, observer })
    this.#clock.scheduleLocally(this.#chance.fraction() * this.#latency, () => {
      // Who is there is decided as the connection arrives.
      const server = this.#servers.find(({ self }) => self.port + this.mappedBy === port)
      if (this.mappedBy > 0 && host !== mappedHost) violation(`an address was dialled that leads nowhere: ${host}`)
      if (port !== mutePort) this.#admit(this.isOpen ? server : undefined, wire)
    })
    return wire
  }

  /** One connection of a server is cut, or of any. */
  cut(server?: SimulatedServer): void {
    const from = server === undefined ? this.#servers : [server]
    const running = from.filter(({ stoppedUntil }) => stoppedUntil <= this.#clock.now())
    const wires = running.flatMap((each) => each.wires.filter((wire) => !wire.isOver))
    if (wires.length > 0) this.#chance.pick(wires).reset()
  }

  /** Sees to it that no command waits at a server longer than it asked for. */
  #watchWaits(): void {
    const next = Math.min(...this.#servers.map(({ model }) => model.nextExpiry() ?? Infinity))
    if (next >= this.#nextExpiry) return
    this.#nextExpiry = next
    // A little later, because a sum of fractions may be too small.
    this.#clock.schedule(Math.max(0, next - this.#clock.now()) + 0.001, () => {
      this.#nextExpiry = Infinity
      for (const { model } of this.#servers) model.expireWaits()
      this.#watchWaits()
    })
  }

  #admit(server: SimulatedServer | undefined, wire: Wire): void {
    if (wire.isOver) return
    if (server === undefined || server.isDead) {
      wire.fail(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
      return
    }
    this.#observer.note(() => `connection ${wire.id} leads to ${server.name}`)
    const openedAt = this.#clock.now()
    const session = server.model.connect(
      (args, reply) => this.#observer.onExecuted(server, args, reply, openedAt),
      (bytes) => wire.say(bytes),
      (args) => this.#observer.onRefused(args, server),
      {
        address: `10.0.0.9:${30_000 + wire.id}`,
        localAddress: `10.0.0.1:${server.self.port}`,
        onKilled: () => wire.kill(),
      },
    )
    server.wires.push(wire)
    this.#ends.set(wire, server)
    wire.open(session)
    const left = server.stoppedUntil - this.#clock.now()
    if (left <= 0) return
    wire.stall('out', left)
    wire.stall('in', left)
  }
}
