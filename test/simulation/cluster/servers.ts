import { ClusterMember, type Peer } from '../../../lab/server/cluster.js'
import { ServerModel } from '../../../lab/server/model.js'
import type { Audience } from '../../../lab/server/pubsub.js'
import { slotCount, slotOfKey } from '../../../src/commands/slots.js'
import type { Dial } from '../../../src/connection/transport/transport.js'
import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'
import { runIdFrom } from '../faults.js'
import type { Wire } from '../wire.js'
import { type Course, migrate } from './migrations.js'
import { Network, type NetworkObserver } from './network.js'
import { Replication } from './replication.js'

/** The move of a slot, key by key, that was given up. */
export interface GivenUpMove {
  readonly slot: number
  /** The server that imported the slot. */
  readonly to: SimulatedServer
  readonly beganAt: number
  readonly importedUntil: number
  /** Until then, the owner has redirected commands to the importing server: perhaps after this one had given up. */
  readonly redirectedUntil: number
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
  /** How often it has got all data of another server. */
  syncs: number
  /** Nothing comes through until this time: its process is stopped. */
  stoppedUntil: number
  /** When it left the address that it had at first. */
  movedAt: number
  /** When its connections were slow. */
  readonly slow: { readonly from: number; readonly until: number }[]
  wires: Wire[]
}

const allSlots = Array.from({ length: slotCount }, (_, slot) => slot)

/** A cluster of model servers: shards of a master and its replicas, what they believe, and what happens to them. */
export class SimulatedServers {
  readonly servers: SimulatedServer[] = []
  readonly network: Network
  readonly replication: Replication
  readonly #clock: SimulatedClock
  readonly #chance: Chance
  readonly #observer: NetworkObserver
  readonly givenUp: GivenUpMove[] = []
  /** The slots that have changed hands, and who got them last. */
  readonly #latestOwners = new Map<number, SimulatedServer>()
  /** When what was published last arrives at a server. */
  readonly #heardUntil = new Map<SimulatedServer, number>()

  /** @param replicas how many each master has */
  constructor(shards: number, clock: SimulatedClock, chance: Chance, observer: NetworkObserver, replicas = 1) {
    this.#clock = clock
    this.#chance = chance
    this.#observer = observer
    this.replication = new Replication(this.servers, clock, chance)
    this.network = new Network(this.servers, clock, chance, {
      ...observer,
      onExecuted: (server, args, reply, openedAt) => {
        observer.onExecuted(server, args, reply, openedAt)
        const [command, key = Buffer.from('')] = args
        const hasTaken = reply.type === 'array' && String(command).toUpperCase() === 'BLPOP'
        this.replication.onExecuted(server, hasTaken ? [Buffer.from('LPOP'), key] : args)
      },
    })
    for (let i = 0; i < shards * (1 + replicas); i += 1) {
      const self = { id: `${i}`.repeat(40), host: '10.0.0.1', port: 7_000 + i }
      const model = this.#modelOf(runIdFrom(chance.apart(`process ${i}`)))
      const server: SimulatedServer = {
        name: `${i < shards ? 'master' : 'replica'} ${i}`,
        self,
        model,
        member: new ClusterMember(self, model),
        follows: i < shards ? undefined : (this.servers[i % shards] as SimulatedServer),
        isDead: false,
        replacedAt: Infinity,
        promotedAt: -Infinity,
        isIsolated: false,
        copiedUntil: 0,
        syncs: 0,
        stoppedUntil: 0,
        movedAt: Infinity,
        slow: [],
        wires: [],
      }
      model.cluster = server.member
      model.isReadonly = i >= shards
      this.servers.push(server)
    }
    for (const server of this.servers) {
      for (let i = 0; i < shards; i += 1) {
        const master = this.servers[i] as SimulatedServer
        server.member.assign(
          master.self,
          Math.ceil((i * slotCount) / shards),
          Math.ceil(((i + 1) * slotCount) / shards) - 1,
        )
        this.#nameReplicas(server, master)
      }
    }
  }

  get dial(): Dial {
    return this.network.dial
  }

  /** Those that take writes, as they believe. */
  get masters(): SimulatedServer[] {
    return this.servers.filter(({ follows, isDead }) => follows === undefined && !isDead)
  }

  /** The server that all will agree on in the end. */
  ownerOf(slot: number): SimulatedServer | undefined {
    return this.masters.find(({ member, self }) => member.ownerOf(slot)?.id === self.id)
  }

  /** The servers that copy its data. */
  replicasOf(master: SimulatedServer): SimulatedServer[] {
    return this.servers.filter(({ follows }) => follows === master)
  }

  /** The replica that takes its place when it fails: one that runs. */
  successorOf(master: SimulatedServer): SimulatedServer | undefined {
    const now = this.#clock.now()
    return this.replicasOf(master).find(({ isDead, stoppedUntil }) => !isDead && stoppedUntil <= now)
  }

  /** The slots that have this server as `ownerOf`. */
  slotsOf(server: SimulatedServer): number[] {
    const { masters } = this
    const ownerOf = (slot: number) => masters.find(({ member, self }) => member.ownerOf(slot)?.id === self.id)
    return allSlots.filter((slot) => ownerOf(slot) === server)
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

  /** A killed replica is back: it gets all data, and the others learn that it is there. @param loadingMs it loads so long */
  rejoin(replica: SimulatedServer, loadingMs: number): void {
    this.revive(replica)
    const { model } = replica
    this.#follow(replica, replica.follows as SimulatedServer)
    model.isLoading = true
    this.#clock.schedule(loadingMs, () => {
      model.isLoading = false
    })
    this.announceReplicas(replica.follows as SimulatedServer)
  }

  /** All learn which replicas a master has. @param but nobody need tell it */
  announceReplicas(master: SimulatedServer, but?: SimulatedServer): void {
    for (const server of this.servers) if (server !== but) this.#hear(server, () => this.#nameReplicas(server, master))
  }

  /** A replica of a shard takes its place. @param isGraceful it has all data, and the master knows */
  failOver(master: SimulatedServer, isGraceful: boolean): void {
    const replica = this.successorOf(master)
    if (replica === undefined) return
    this.#observer.note(() => `${replica.name} takes the place of ${master.name}`)
    if (isGraceful) this.replication.copyAll(master, replica)
    replica.follows = undefined
    replica.model.isReadonly = false
    const slots = allSlots.filter((slot) => master.member.ownerOf(slot)?.id === master.self.id)
    const others = this.replicasOf(master)
    if (isGraceful) master.follows = replica
    for (const slot of slots) this.#latestOwners.set(slot, replica)
    this.#tell(replica, slots, replica)
    for (const server of this.servers) {
      if (server === replica || (server === master && !isGraceful)) continue
      if (server === master) this.#depose(master, replica, slots)
      else
        this.#hear(server, () => {
          this.#tell(server, slots, replica)
          if (!others.includes(server)) return
          this.#follow(server, replica)
          this.announceReplicas(replica)
        })
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
      this.announceReplicas(replica, master)
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
    this.#latestOwners.set(slot, to)
    for (const server of [to, from]) this.#assign(server, slot)
    for (const server of this.servers) {
      if (server !== to && server !== from) this.#hear(server, () => this.#assign(server, slot))
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
   * @param onCutOff called with a server that does not get it, because it is cut off from the others, perhaps only while the
   *   message is on its way
   * @returns when the last of them has it
   */
  publish(channel: string, message: string, onCutOff: (server: SimulatedServer) => void = () => {}): number {
    const now = this.#clock.now()
    let latest = now
    const isThere = (server: SimulatedServer): boolean => !server.isDead && !server.isIsolated
    const source = this.servers.find((server) => isThere(server) && server.stoppedUntil <= now) as SimulatedServer
    for (const server of this.servers) {
      if (server.isIsolated) onCutOff(server)
      if (!isThere(server)) continue
      const earliest = server === source ? now : now + this.#chance.fraction() * 3
      const at = Math.max(earliest, server.stoppedUntil, this.#heardUntil.get(server) ?? 0)
      this.#heardUntil.set(server, at)
      latest = Math.max(latest, at)
      this.#clock.schedule(at - now, () => {
        if (isThere(server)) server.model.broadcasts.publish(Buffer.from(channel), Buffer.from(message))
        else if (server.isIsolated) onCutOff(server)
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

  #modelOf(runId: string): ServerModel {
    return new ServerModel({ now: () => this.#clock.now(), databases: 1, runId })
  }

  moveKey(key: string, from: SimulatedServer, to: SimulatedServer): void {
    this.#observer.note(() => `${key} moves from ${from.name} to ${to.name}`)
    this.replication.moveKey(key, from, to)
  }

  /** From now on it is a replica of that one, with its data. */
  #depose(master: SimulatedServer, by: SimulatedServer, slots: readonly number[]): void {
    this.#follow(master, by)
    this.#tell(master, slots, by)
    master.model.demote()
  }

  #follow(server: SimulatedServer, master: SimulatedServer): void {
    this.#observer.note(() => `${server.name} follows ${master.name}`)
    server.follows = master
    if (!server.isDead) this.replication.copyAll(master, server)
  }

  #tell(server: SimulatedServer, slots: readonly number[], owner: SimulatedServer): void {
    for (const slot of slots) this.#assign(server, slot)
    this.#nameReplicas(server, owner)
  }

  /** News that arrives late is of what is so by then: a server, which compares epochs, never goes back to an earlier owner. */
  #assign(server: SimulatedServer, slot: number): void {
    server.member.assign((this.#latestOwners.get(slot) as SimulatedServer).self, slot)
  }

  /** News that arrives late is of what is so by then. Who has failed is named by nobody. */
  #nameReplicas(server: SimulatedServer, master: SimulatedServer): void {
    const replicas = this.replicasOf(master).filter(({ isDead }) => !isDead)
    server.member.replicas.set(
      master.self.id,
      replicas.map(({ self }) => self),
    )
  }

  /** Gossip arrives later. */
  #hear(server: SimulatedServer, tell: () => void): void {
    const lag = this.#chance.skewed(0, 300) + Math.max(0, server.stoppedUntil - this.#clock.now())
    this.#clock.schedule(lag, tell)
  }
}
