import { Store } from '../../../lab/server/store.js'
import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'
import type { SimulatedServer } from './servers.js'

/** What a master has written, on its way to a replica. */
interface Effect {
  readonly master: SimulatedServer
  readonly args: Buffer[]
  /** Of the replica, when it was written. */
  readonly syncs: number
}

/** Brings what masters have written to their replicas, a while later. */
export class Replication {
  readonly #servers: readonly SimulatedServer[]
  readonly #clock: SimulatedClock
  readonly #chance: Chance
  /** For each replica, what its master has written, in order. */
  readonly #underWay = new Map<SimulatedServer, Effect[]>()

  constructor(servers: readonly SimulatedServer[], clock: SimulatedClock, chance: Chance) {
    this.#servers = servers
    this.#clock = clock
    this.#chance = chance
  }

  /** A command was run by a master: if it writes, its replicas do the same a while later, if they still follow. */
  onExecuted(master: SimulatedServer, args: readonly Buffer[]): void {
    if (!Store.writes(String(args[0]).toUpperCase())) return
    const copy = args.map((arg) => Buffer.from(arg))
    for (const replica of this.#servers) {
      if (replica.follows !== master) continue
      const now = this.#clock.now()
      const arrivesAt = Math.max(replica.copiedUntil, now + this.#chance.fraction() * 3)
      // What has run at one moment, as the commands of a transaction, arrives together.
      if (replica.writtenAt !== now) replica.copiedUntil = arrivesAt
      replica.writtenAt = now
      const underWay = this.#underWay.get(replica) ?? []
      this.#underWay.set(replica, underWay)
      underWay.push({ master, args: copy, syncs: replica.syncs })
      this.#clock.schedule(replica.copiedUntil - now, () => this.#arrive(replica, underWay))
    }
  }

  /** The next effect arrives. In order, though sums of fractions differ a little. */
  #arrive(replica: SimulatedServer, underWay: Effect[]): void {
    const [next] = underWay
    if (next === undefined) return
    const { master, args, syncs } = next
    const isNews = replica.follows === master && replica.syncs === syncs && !replica.isDead && !master.isIsolated
    const left = master.stoppedUntil - this.#clock.now()
    if (isNews && left > 0) {
      // It sends the rest when it runs again.
      this.#clock.schedule(left, () => this.#arrive(replica, underWay))
      return
    }
    underWay.shift()
    if (isNews) replica.model.store.execute(args, 0)
  }

  /** Nothing that a master writes arrives at its replica for a while. */
  delay(replica: SimulatedServer, ms: number): void {
    replica.copiedUntil = Math.max(replica.copiedUntil, this.#clock.now() + ms)
  }

  /** A server gets all data of another at once, in place of its own. What is under way to it is part of that. */
  copyAll(source: SimulatedServer, target: SimulatedServer): void {
    const { store } = source.model
    target.syncs += 1
    target.model.store.execute(['FLUSHALL'], 0)
    for (const key of store.database(0).keys()) copyKey(key, store, target.model.store)
  }

  /** A key gets from one master to another, and so to their replicas. */
  moveKey(key: string, from: SimulatedServer, to: SimulatedServer): void {
    for (const args of copyKey(key, from.model.store, to.model.store)) this.onExecuted(to, args)
    this.drop(key, from)
  }

  /** Somebody deletes a key at a server, whoever has its slot. */
  drop(key: string, server: SimulatedServer): void {
    const del = [Buffer.from('DEL'), Buffer.from(key, 'latin1')]
    server.model.store.execute(del, 0)
    this.onExecuted(server, del)
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
