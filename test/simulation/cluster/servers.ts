import { ClusterMember, type Peer } from '../../../lab/server/cluster.js'
import { ServerModel } from '../../../lab/server/model.js'
import type { Audience } from '../../../lab/server/pubsub.js'
import type { ServerReply } from '../../../lab/server/reply.js'
import { RequestParser } from '../../../lab/server/request-parser.js'
import { Store } from '../../../lab/server/store.js'
import { slotCount, slotOfKey } from '../../../src/commands/slots.js'
import type { Dial } from '../../../src/connection/transport/transport.js'
import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'
import { runIdFrom } from '../faults.js'
import { Wire, type WireObserver } from '../wire.js'
import { type Course, migrate } from './migrations.js'

/** What the servers tell. */
export interface ServersObserver {
  /** @param openedAt when the connection was opened that it came from */
  onExecuted(server: SimulatedServer, args: readonly Buffer[], reply: ServerReply, openedAt: number): void
  onRefused(args: readonly Buffer[]): void
  /** The client has written a command to a connection. */
  onWritten?(wire: Wire, args: readonly Buffer[]): void
  note(text: () => string): void
  violation(text: string): void
}

/** One server of the simulated cluster. */
export interface SimulatedServer {
  readonly name: string
  self: Peer
  model: ServerModel
  member: ClusterMember
  /** The server whose data it copies; undefined for a master. */
  follows: SimulatedServer | undefined
  /** It has been killed. */
  isDead: boolean
  /** When another took its place, and it does not know that yet. */
  replacedAt: number
  /** When it took the place of its master, which had failed. */
  promotedAt: number
  /** It reaches clients, but no other server. */
  isIsolated: boolean
  /** When the last effect arrives that its master has sent it. */
  copiedUntil: number
  /** Nothing comes through until this time: its process is stopped. */
  stoppedUntil: number
  /** When it left the address that it had at first. */
  movedAt: number
  /** When its connections were slow. */
  readonly slow: { readonly from: number; readonly until: number }[]
  wires: Wire[]
}

const allSlots = Array.from({ length: slotCount }, (_, slot) => slot)

const latencies = [0.1, 1, 5, 20]

/** Here nobody says anything, and nobody refuses. */
export const mutePort = 1

/** Behind it are the servers, by other ports than those that they announce. */
export const mappedHost = '192.0.2.1'

/** A cluster of model servers: shards of a master and a replica, what they believe, and what happens to them. */
export class SimulatedServers {
  readonly servers: SimulatedServer[] = []
  /** Connections are accepted. */
  isOpen = true
  /** Added to each announced port by what is between the client and the servers; 0: nothing is. */
  mappedBy = 0
  readonly #clock: SimulatedClock
  readonly #chance: Chance
  readonly #observer: ServersObserver
  readonly #latency: number
  #dials = 0
  #nextExpiry = Infinity
  /** When what was published last arrives at a server. */
  readonly #heardUntil = new Map<SimulatedServer, number>()

  constructor(shards: number, clock: SimulatedClock, chance: Chance, observer: ServersObserver) {
    this.#clock = clock
    this.#chance = chance
    this.#observer = observer
    this.#latency = chance.pick(latencies)
    for (let i = 0; i < shards * 2; i += 1) {
      const self = { id: `${i}`.repeat(40), host: '10.0.0.1', port: 7_000 + i }
      const model = this.#modelOf(runIdFrom(chance.apart(`process ${i}`)))
      const server: SimulatedServer = {
        name: `${i < shards ? 'master' : 'replica'} ${i}`,
        self,
        model,
        member: new ClusterMember(self, model),
        follows: i < shards ? undefined : (this.servers[i - shards] as SimulatedServer),
        isDead: false,
        replacedAt: Infinity,
        promotedAt: -Infinity,
        isIsolated: false,
        copiedUntil: 0,
        stoppedUntil: 0,
        movedAt: Infinity,
        slow: [],
        wires: [],
      }
      model.cluster = server.member
      model.isReadonly = i >= shards
      this.servers.push(server)
    }
    for (const { member } of this.servers) {
      for (let i = 0; i < shards; i += 1) {
        const master = this.servers[i] as SimulatedServer
        member.assign(master.self, Math.ceil((i * slotCount) / shards), Math.ceil(((i + 1) * slotCount) / shards) - 1)
        member.replicas.set(master.self.id, [(this.servers[i + shards] as SimulatedServer).self])
      }
    }
  }

  readonly dial: Dial = ({ host, port }, handler) => {
    const { note, violation } = this.#observer
    this.#dials += 1
    if (this.#dials > 3_000) this.#clock.abandon(new Error('the client does nothing but connect'))
    const parser = new RequestParser()
    const observer: WireObserver = {
      note,
      onWritten: (from, bytes) => parser.feed(bytes, (args) => this.#observer.onWritten?.(from, args)),
      onServed: () => this.#watchWaits(),
      onLate: () => {},
      onMalformed: (wire, error) => violation(`connection ${wire.id} carried what is no request: ${error}`),
    }
    const path = { latency: this.#latency, piece: 5_000, sendBuffer: 50_000, provesIncomplete: true, lateBy: 0 }
    const wire = new Wire(this.#dials, path, handler, { clock: this.#clock, chance: this.#chance, observer })
    this.#clock.scheduleLocally(this.#chance.fraction() * this.#latency, () => {
      // Who is there is decided as the connection arrives.
      const server = this.servers.find(({ self }) => self.port + this.mappedBy === port)
      if (this.mappedBy > 0 && host !== mappedHost) violation(`an address was dialled that leads nowhere: ${host}`)
      if (port !== mutePort) this.#admit(this.isOpen ? server : undefined, wire)
    })
    return wire
  }

  /** Those that take writes, as they believe. */
  get masters(): SimulatedServer[] {
    return this.servers.filter(({ follows, isDead }) => follows === undefined && !isDead)
  }

  /** The server that all will agree on in the end. */
  ownerOf(slot: number): SimulatedServer | undefined {
    return this.masters.find(({ member, self }) => member.ownerOf(slot)?.id === self.id)
  }

  /** The slots that have this server as `ownerOf`. */
  slotsOf(server: SimulatedServer): number[] {
    const { masters } = this
    const ownerOf = (slot: number) => masters.find(({ member, self }) => member.ownerOf(slot)?.id === self.id)
    return allSlots.filter((slot) => ownerOf(slot) === server)
  }

  /** A write was run by a master: its replica does the same a while later, if it still follows. */
  replicate(master: SimulatedServer, args: readonly Buffer[]): void {
    if (!Store.writes(String(args[0]).toUpperCase())) return
    const copy = args.map((arg) => Buffer.from(arg))
    for (const replica of this.servers) {
      if (replica.follows !== master) continue
      const now = this.#clock.now()
      replica.copiedUntil = Math.max(replica.copiedUntil, now + this.#chance.fraction() * 3)
      this.#clock.schedule(replica.copiedUntil - now, () => {
        const isReached = this.#clock.now() >= master.stoppedUntil && !master.isIsolated
        if (replica.follows === master && !replica.isDead && isReached) {
          replica.model.store.execute(copy, 0)
        }
      })
    }
  }

  /** The other servers reach it no longer, but clients do. */
  isolate(server: SimulatedServer): void {
    this.#observer.note(() => `${server.name} is isolated`)
    server.isIsolated = true
  }

  kill(server: SimulatedServer): void {
    this.#observer.note(() => `${server.name} is killed`)
    server.isDead = true
    for (const wire of server.wires.splice(0)) wire.reset(false)
  }

  stop(server: SimulatedServer, ms: number): void {
    this.#observer.note(() => `${server.name} is stopped for ${ms} ms`)
    server.stoppedUntil = this.#clock.now() + ms
    for (const wire of server.wires) {
      wire.stall('out', ms)
      wire.stall('in', ms)
    }
  }

  /** What is sent to a server, or by it, arrives later on the connections that there are. */
  slowDown(server: SimulatedServer, direction: 'out' | 'in', ms: number): void {
    this.#observer.note(() => `${server.name} is slow for ${ms} ms`)
    const from = this.#clock.now()
    server.slow.push({ from, until: from + ms })
    for (const wire of server.wires) wire.stall(direction, ms)
  }

  /** A killed server comes back, as a replica without data of its own. */
  revive(server: SimulatedServer): void {
    server.isDead = false
    this.#observer.note(() => `${server.name} comes back`)
  }

  /** The replica of a shard takes its place. @param isGraceful it has all data, and the master knows */
  failOver(master: SimulatedServer, isGraceful: boolean): void {
    const replica = this.servers.find(({ follows }) => follows === master)
    if (replica === undefined || replica.isDead) return
    this.#observer.note(() => `${replica.name} takes the place of ${master.name}`)
    if (isGraceful) replica.model = this.#copyOf(master, replica)
    replica.follows = undefined
    replica.model.isReadonly = false
    const slots = allSlots.filter((slot) => master.member.ownerOf(slot)?.id === master.self.id)
    // Who has failed is named by nobody.
    const follower = isGraceful ? [master.self] : []
    this.#tell(replica, slots, replica, follower)
    for (const server of this.servers) {
      if (server === replica || (server === master && !isGraceful)) continue
      if (server === master) this.#depose(master, replica, slots)
      else this.#hear(server, () => this.#tell(server, slots, replica, follower))
    }
    if (isGraceful) return
    // It learns of it when it runs again; until then, it believes what it believed.
    master.replacedAt = this.#clock.now()
    replica.promotedAt = this.#clock.now()
    const isolation = master.isIsolated ? this.#chance.between(1_000, 4_000) : 0
    const wake = Math.max(isolation, master.stoppedUntil - this.#clock.now()) + this.#chance.fraction() * 200
    this.#clock.schedule(wake, () => {
      master.replacedAt = Infinity
      master.isIsolated = false
      if (master.isDead) this.revive(master)
      this.#depose(master, replica, slots)
      for (const server of this.servers) {
        if (server !== master) this.#hear(server, () => server.member.replicas.set(replica.self.id, [master.self]))
      }
    })
  }

  /** Moves a slot to another master. */
  migrate(slot: number, to: SimulatedServer, onDone: () => void, course: Course = 'whole'): void {
    const from = this.ownerOf(slot)
    if (from === undefined || from === to || from.isDead || to.isDead) {
      onDone()
      return
    }
    this.#observer.note(() => `slot ${slot} is on its way from ${from.name} to ${to.name}: ${course}`)
    migrate({ slot, from, to, course }, { servers: this, clock: this.#clock, chance: this.#chance }, onDone)
  }

  /** A slot has another owner, as both know at once, and the others later. */
  hasMoved(slot: number, from: SimulatedServer, to: SimulatedServer): void {
    this.#observer.note(() => `slot ${slot} has moved to ${to.name}`)
    for (const { member } of [to, from]) member.assign(to.self, slot)
    for (const server of this.servers) {
      if (server !== to && server !== from) this.#hear(server, () => server.member.assign(to.self, slot))
    }
  }

  keysOf(server: SimulatedServer, slot: number): string[] {
    const keys = server.model.store.database(0).keys()
    return keys.filter((key) => slotOfKey(Buffer.from(key, 'latin1')) === slot)
  }

  /** It starts again at another address, with its data. */
  readdress(server: SimulatedServer): void {
    const self = { ...server.self, port: server.self.port + 100 }
    this.#observer.note(() => `${server.name} has another address: ${self.host}:${self.port}`)
    server.self = self
    server.movedAt = Math.min(server.movedAt, this.#clock.now())
    server.member.readdress(self)
    for (const wire of server.wires.splice(0)) wire.reset(false)
    // News that arrives late is of what is so by then: an address never comes after the one that has replaced it.
    for (const other of this.servers) if (other !== server) this.#hear(other, () => other.member.readdress(server.self))
  }

  /** The connections with a subscription to a channel, and their servers. */
  audienceOf(channel: string): Map<Audience, SimulatedServer> {
    const name = Buffer.from(channel)
    return new Map(
      this.servers.flatMap((server) => [...server.model.broadcasts.audienceOf(name)].map((each) => [each, server])),
    )
  }

  /**
   * Somebody publishes a message to one of the servers, which forwards it to the others.
   * @returns when the last of them has it
   */
  publish(channel: string, message: string): number {
    const now = this.#clock.now()
    let latest = now
    const isThere = (server: SimulatedServer): boolean => !server.isDead && !server.isIsolated
    const source = this.servers.find((server) => isThere(server) && server.stoppedUntil <= now) as SimulatedServer
    for (const server of this.servers) {
      if (!isThere(server)) continue
      const earliest = server === source ? now : now + this.#chance.fraction() * 3
      const at = Math.max(earliest, server.stoppedUntil, this.#heardUntil.get(server) ?? 0)
      this.#heardUntil.set(server, at)
      latest = Math.max(latest, at)
      this.#clock.schedule(at - now, () => {
        if (isThere(server)) server.model.broadcasts.publish(Buffer.from(channel), Buffer.from(message))
      })
    }
    return latest
  }

  /** Somebody publishes a message in the shard that has the slot of a channel. @returns whether there is one */
  publishToShard(channel: string, message: string): boolean {
    const slot = slotOfKey(channel)
    const owner = this.masters.find(
      // One that was deposed may believe for a while that it has the slot.
      ({ member, self, replacedAt }) => member.ownerOf(slot)?.id === self.id && replacedAt === Infinity,
    )
    if (owner === undefined || owner.isIsolated || owner.stoppedUntil > this.#clock.now()) return false
    this.#observer.note(() => `${channel} is published at ${owner.name}: ${message}`)
    owner.model.broadcasts.publishToShard(Buffer.from(channel), Buffer.from(message))
    return true
  }

  /** One connection of a server is cut. */
  cut(server?: SimulatedServer): void {
    const from = server === undefined ? this.servers : [server]
    const running = from.filter(({ stoppedUntil }) => stoppedUntil <= this.#clock.now())
    const wires = running.flatMap((each) => each.wires.filter((wire) => !wire.isOver))
    if (wires.length > 0) this.#chance.pick(wires).reset()
  }

  #modelOf(runId: string): ServerModel {
    return new ServerModel({ now: () => this.#clock.now(), databases: 1, runId })
  }

  #copyOf(source: SimulatedServer, target: SimulatedServer): ServerModel {
    const { store } = source.model
    target.model.store.execute(['FLUSHALL'], 0)
    for (const key of store.database(0).keys()) copyKey(key, store, target.model.store)
    return target.model
  }

  moveKey(key: string, from: SimulatedServer, to: SimulatedServer): void {
    this.#observer.note(() => `${key} moves from ${from.name} to ${to.name}`)
    for (const args of copyKey(key, from.model.store, to.model.store)) this.replicate(to, args)
    this.drop(key, from)
  }

  /** Somebody deletes a key at a server, whoever has its slot. */
  drop(key: string, server: SimulatedServer): void {
    const del = [Buffer.from('DEL'), Buffer.from(key, 'latin1')]
    server.model.store.execute(del, 0)
    this.replicate(server, del)
  }

  /** From now on it is a replica of that one, with its data. */
  #depose(master: SimulatedServer, by: SimulatedServer, slots: readonly number[]): void {
    this.#observer.note(() => `${master.name} follows ${by.name}`)
    this.#tell(master, slots, by, [master.self])
    master.follows = by
    this.#copyOf(by, master)
    master.model.demote()
  }

  #tell(server: SimulatedServer, slots: readonly number[], owner: SimulatedServer, replicas: readonly Peer[]): void {
    for (const slot of slots) server.member.assign(owner.self, slot)
    server.member.replicas.set(owner.self.id, replicas)
  }

  /** Gossip arrives later. */
  #hear(server: SimulatedServer, tell: () => void): void {
    const lag = this.#chance.skewed(0, 300) + Math.max(0, server.stoppedUntil - this.#clock.now())
    this.#clock.schedule(lag, tell)
  }

  /** Sees to it that no command waits at a server longer than it asked for. */
  #watchWaits(): void {
    const next = Math.min(...this.servers.map(({ model }) => model.nextExpiry() ?? Infinity))
    if (next >= this.#nextExpiry) return
    this.#nextExpiry = next
    // A little later, because a sum of fractions may be too small.
    this.#clock.schedule(Math.max(0, next - this.#clock.now()) + 0.001, () => {
      this.#nextExpiry = Infinity
      for (const { model } of this.servers) model.expireWaits()
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
    const { model } = server
    const openedAt = this.#clock.now()
    const session = model.connect(
      (args, reply) => {
        this.#observer.onExecuted(server, args, reply, openedAt)
        const [command, key = Buffer.from('')] = args
        const hasTaken = reply.type === 'array' && String(command).toUpperCase() === 'BLPOP'
        this.replicate(server, hasTaken ? [Buffer.from('LPOP'), key] : args)
      },
      (bytes) => wire.say(bytes),
      (args) => this.#observer.onRefused(args),
      {
        address: `10.0.0.9:${30_000 + wire.id}`,
        localAddress: `10.0.0.1:${server.self.port}`,
        onKilled: () => wire.kill(),
      },
    )
    server.wires.push(wire)
    wire.open(session)
    const left = server.stoppedUntil - this.#clock.now()
    if (left <= 0) return
    wire.stall('out', left)
    wire.stall('in', left)
  }
}

/** Copies a list or a string. @returns the commands that do so */
function copyKey(key: string, from: Store, to: Store): Buffer[][] {
  const name = Buffer.from(key, 'latin1')
  const database = from.database(0)
  const args =
    database.kindOf(key) === 'list'
      ? [Buffer.from('RPUSH'), name, ...(database.read(key, 'list') ?? []).map((item) => Buffer.from(item))]
      : [Buffer.from('SET'), name, Buffer.from((database.read(key, 'string') as Buffer | undefined) ?? '')]
  to.execute([Buffer.from('DEL'), name], 0)
  to.execute(args, 0)
  return [args]
}
