import { array, bulk, error, map, noArray, type ServerReply } from '../../../lab/server/reply.js'
import type { Dial } from '../../../src/connection/transport/transport.js'
import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'
import { type Path, Wire, type WireObserver } from '../wire.js'
import { SimulatedServer } from './server.js'

export const masterName = 'm'

/** What a sentinel believes. */
interface Belief {
  master: SimulatedServer
  epoch: number
  /** It leads a failover that is not over: SENTINEL MASTER still has the address of the old one. */
  promotes: SimulatedServer | undefined
}

/** A failover, once it was decided. */
export interface Failover {
  readonly old: SimulatedServer
  readonly next: SimulatedServer
  /** When the first sentinel named the new master, and the last of those that were not away. */
  readonly decidedAt: number
  knownAt: number
}

/** What the group is told of, and asks. */
export interface GroupObserver {
  onExecuted(server: SimulatedServer, wire: Wire, args: readonly Buffer[], isError: boolean): void
  note(text: () => string): void
  violation(text: string): void
}

/** A master, two replicas, and the three sentinels that watch them, on a simulated network. */
export class Group {
  readonly servers: readonly SimulatedServer[]
  readonly sentinels: readonly SimulatedServer[]
  readonly wires: Wire[] = []
  readonly failovers: Failover[] = []
  readonly #beliefs = new Map<SimulatedServer, Belief>()
  readonly #wiresOf = new Map<SimulatedServer, Set<Wire>>()
  readonly #clock: SimulatedClock
  readonly #chance: Chance
  readonly #path: () => Path
  readonly #observer: GroupObserver
  /** Deposed masters that no sentinel has made a replica of yet. */
  readonly #deposed = new Set<SimulatedServer>()
  #epoch = 0
  /** The one that the last failover chose. */
  master: SimulatedServer

  constructor(clock: SimulatedClock, chance: Chance, path: () => Path, observer: GroupObserver) {
    this.#clock = clock
    this.#chance = chance
    this.#path = path
    this.#observer = observer
    const now = (): number => clock.now()
    this.servers = ['a', 'b', 'c'].map((host) => new SimulatedServer(host, now))
    this.master = this.servers[0] as SimulatedServer
    for (const server of this.servers.slice(1)) server.model.isReadonly = true
    this.sentinels = ['s1', 's2', 's3'].map((host) => {
      const sentinel: SimulatedServer = new SimulatedServer(host, now, (args) => this.#answer(sentinel, args))
      this.#beliefs.set(sentinel, { master: this.master, epoch: 0, promotes: undefined })
      return sentinel
    })
    for (const server of [...this.servers, ...this.sentinels]) this.#wiresOf.set(server, new Set())
  }

  readonly dial: Dial = (endpoint, handler) => {
    const server = [...this.servers, ...this.sentinels].find(({ host }) => host === endpoint.host)
    if (server === undefined) throw new Error(`nobody is at ${endpoint.host}`)
    const observer: WireObserver = {
      onWritten: () => {},
      onServed: () => {},
      onLate: () => {},
      onMalformed: (_, text) => this.#observer.violation(`${server.host} was sent what is no request: ${text}`),
      note: this.#observer.note,
    }
    const wire = new Wire(this.wires.length + 1, this.#path(), handler, {
      clock: this.#clock,
      chance: this.#chance,
      observer,
    })
    this.wires.push(wire)
    if (this.wires.length > 3_000) this.#clock.abandon(new Error('the client does nothing but connect'))
    this.#wiresOf.get(server)?.add(wire)
    this.#observer.note(() => `connection ${wire.id} to ${server.host} is dialled`)
    this.#clock.scheduleLocally(this.#chance.fraction() * wire.path.latency, () => {
      if (wire.isOver || server.state === 'gone') return
      if (server.state === 'dead') wire.fail(Object.assign(new Error('ECONNREFUSED'), { code: 'ECONNREFUSED' }))
      else {
        wire.open(
          server.admit(wire, (args, reply) => this.#observer.onExecuted(server, wire, args, reply.type === 'error')),
        )
      }
    })
    return wire
  }

  wiresTo(server: SimulatedServer): Wire[] {
    return [...(this.#wiresOf.get(server) ?? [])].filter((wire) => !wire.isOver)
  }

  get liveWires(): Wire[] {
    return this.wires.filter((wire) => !wire.isOver)
  }

  /** Whether another master could be chosen now. */
  get canFailOver(): boolean {
    const last = this.failovers.at(-1)
    return (last === undefined || last.knownAt <= this.#clock.now()) && this.#candidates().length > 0
  }

  /** A sentinel leads a failover: a replica becomes master, without the last writes of the old one. */
  failOver(): void {
    const old = this.master
    const next = this.#chance.pick(this.#candidates())
    const tail = this.#chance.happens(0.5) ? this.#chance.skewed(0, 40) : 0
    next.promote(old.log.slice(0, Math.max(1, old.log.length - tail)))
    this.#deposed.add(old)
    this.#deposed.delete(next)
    this.master = next
    this.#epoch += 1
    const epoch = this.#epoch
    const failover: Failover = { old, next, decidedAt: this.#clock.now(), knownAt: Infinity }
    this.failovers.push(failover)
    this.#observer.note(() => `${next.host} becomes master instead of ${old.host}, which loses ${tail} writes`)
    const living = this.sentinels.filter(({ state }) => state === 'runs')
    const leader = this.#chance.pick(living.length > 0 ? living : this.sentinels)
    let learned = 0
    for (const sentinel of this.sentinels) {
      const after = sentinel === leader ? 0 : this.#chance.between(1, 2_000)
      // One that is away hears of it when it goes on.
      const learn = (): void => {
        if (sentinel.state === 'runs') this.#learn(sentinel, next, epoch, sentinel === leader)
        else this.#clock.schedule(100, learn)
      }
      this.#clock.schedule(after, () => {
        learn()
        learned += 1
        if (learned === this.sentinels.length) failover.knownAt = this.#clock.now()
      })
    }
    // The old one is made a replica, once it can be: it may be master for as long, and take writes.
    this.#clock.schedule(this.#chance.skewed(1, 12_000), () => this.#reconfigure(old))
  }

  /** All live, and the deposed are replicas. */
  heal(): void {
    for (const server of [...this.servers, ...this.sentinels]) if (server.state !== 'runs') server.goOn()
    for (const server of [...this.#deposed]) this.#reconfigure(server)
  }

  #candidates(): SimulatedServer[] {
    return this.servers.filter(
      (server) => server !== this.master && server.state === 'runs' && !this.#deposed.has(server),
    )
  }

  #reconfigure(server: SimulatedServer): void {
    if (!this.#deposed.has(server)) return
    if (server.state !== 'runs') {
      this.#clock.schedule(200, () => this.#reconfigure(server))
      return
    }
    this.#deposed.delete(server)
    this.#observer.note(() => `${server.host} becomes a replica`)
    server.demote()
  }

  #learn(sentinel: SimulatedServer, master: SimulatedServer, epoch: number, isLeader: boolean): void {
    const belief = this.#beliefs.get(sentinel) as Belief
    if (epoch <= belief.epoch) return
    const old = belief.master
    const announce = (): void => {
      belief.promotes = undefined
      belief.master = master
      this.#observer.note(() => `${sentinel.host} announces ${master.host}`)
      const text = `${masterName} ${old.host} ${old.port} ${master.host} ${master.port}`
      sentinel.model.broadcasts.publish(Buffer.from('+switch-master'), Buffer.from(text))
    }
    belief.epoch = epoch
    // The leader has the address some time before it says so.
    if (isLeader && this.#chance.happens(0.5)) {
      belief.promotes = master
      const replica = `slave ${master.host}:${master.port} ${master.host} ${master.port}`
      const text = `${replica} @ ${masterName} ${old.host} ${old.port}`
      sentinel.model.broadcasts.publish(Buffer.from('+promoted-slave'), Buffer.from(text))
      this.#clock.schedule(this.#chance.between(1, 900), () => belief.promotes === master && announce())
    } else announce()
  }

  #answer(sentinel: SimulatedServer, args: readonly Buffer[]): ServerReply {
    const [, subcommand, name] = args.map((arg) => String(arg).toUpperCase())
    const { master, epoch, promotes } = this.#beliefs.get(sentinel) as Belief
    const isKnown = name === masterName.toUpperCase()
    if (subcommand === 'GET-MASTER-ADDR-BY-NAME') {
      const { host, port } = promotes ?? master
      return isKnown ? array([bulk(host), bulk(String(port))]) : noArray
    }
    if (subcommand !== 'MASTER' || !isKnown) return error('ERR No such master with that name')
    const fields = { name: masterName, ip: master.host, port: String(master.port), 'config-epoch': String(epoch) }
    return map(Object.entries(fields).map(([field, value]) => [bulk(field), bulk(value)] as const))
  }
}
