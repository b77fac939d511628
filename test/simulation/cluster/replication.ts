import type { Kind, Kinds } from '../../../lab/server/database.js'
import { Store } from '../../../lab/server/store.js'
import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'
import type { SimulatedServer } from './servers.js'

/** What a master has written at one moment, as the commands of a transaction, on its way to a replica: it arrives as a whole. */
interface Effect {
  readonly master: SimulatedServer
  readonly writtenAt: number
  /** Of the replica, when it was written. */
  readonly syncs: number
  readonly commands: Buffer[][]
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

  /** Commands were run by a master: if they write, its replicas do the same a while later, if they still follow. */
  onExecuted(master: SimulatedServer, ...commands: (readonly Buffer[])[]): void {
    const writes = commands.filter(([name]) => Store.writes(String(name).toUpperCase()))
    if (writes.length === 0) return
    const copies = writes.map((args) => args.map((arg) => Buffer.from(arg)))
    for (const replica of this.#servers) {
      if (replica.follows !== master) continue
      const now = this.#clock.now()
      const arrivesAt = Math.max(replica.copiedUntil, now + this.#chance.fraction() * 3)
      const underWay = this.#underWay.get(replica) ?? []
      this.#underWay.set(replica, underWay)
      const { syncs } = replica
      const last = underWay.at(-1)
      if (last?.master === master && last.writtenAt === now && last.syncs === syncs) {
        last.commands.push(...copies)
        continue
      }
      const effect: Effect = { master, writtenAt: now, syncs, commands: [...copies] }
      underWay.push(effect)
      replica.copiedUntil = arrivesAt
      this.#clock.schedule(arrivesAt - now, () => this.#arrive(effect, replica, underWay))
    }
  }

  /**
   * An effect arrives, after all that was written before it: also where sums of fractions differ a little, or where what a stopped
   * master has not sent is still there when the replica follows another.
   */
  #arrive(effect: Effect, replica: SimulatedServer, underWay: Effect[]): void {
    const at = underWay.indexOf(effect)
    if (at < 0) return
    const { master } = effect
    const left = master.stoppedUntil - this.#clock.now()
    if (isNews(effect, replica) && left > 0) {
      // It sends the rest when it runs again.
      this.#clock.schedule(left, () => this.#arrive(effect, replica, underWay))
      return
    }
    for (const each of underWay.splice(0, at + 1)) {
      if (isNews(each, replica)) for (const args of each.commands) replica.model.store.execute(args, 0)
    }
  }

  /** The replicas that do not have the same data as their masters. Once nothing is under way, there are none. */
  get diverged(): SimulatedServer[] {
    return this.#servers.filter(
      ({ follows, isDead, model }) => follows && !isDead && textOf(model.store) !== textOf(follows.model.store),
    )
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

  /** A key gets from one master to another, and so to their replicas: in place of what these have, as with MIGRATE and REPLACE. */
  moveKey(key: string, from: SimulatedServer, to: SimulatedServer): void {
    this.onExecuted(to, ...copyKey(key, from.model.store, to.model.store))
    this.drop(key, from)
  }

  /** Somebody deletes a key at a server, whoever has its slot. */
  drop(key: string, server: SimulatedServer): void {
    const del = [Buffer.from('DEL'), Buffer.from(key, 'latin1')]
    server.model.store.execute(del, 0)
    this.onExecuted(server, del)
  }
}

/** Whether a replica takes it: it still follows its master, and has not got all data since. */
function isNews({ master, syncs }: Effect, { follows, syncs: latest, isDead }: SimulatedServer): boolean {
  return follows === master && syncs === latest && !isDead && !master.isIsolated
}

/** Copies a key, in place of what the other store has. @returns the commands that do so */
function copyKey(key: string, from: Store, to: Store): Buffer[][] {
  const commands = [[Buffer.from('DEL'), Buffer.from(key, 'latin1')], creationOf(key, from)]
  for (const command of commands) to.execute(command, 0)
  return commands
}

/** The command that creates a key as it is, if it is no stream. */
function creationOf(key: string, store: Store): Buffer[] {
  const database = store.database(0)
  const read = <K extends Kind>(kind: K, empty: Kinds[K]): Readonly<Kinds[K]> => database.read(key, kind) ?? empty
  const writes: Readonly<Record<string, () => readonly unknown[]>> = {
    list: () => ['RPUSH', key, ...read('list', [])],
    hash: () => ['HSET', key, ...[...read('hash', new Map())].flat()],
    set: () => ['SADD', key, ...read('set', new Set())],
    zset: () => ['ZADD', key, ...[...read('zset', new Map())].flatMap(([member, score]) => [score, member])],
  }
  const write = writes[database.kindOf(key) ?? ''] ?? (() => ['SET', key, read('string', Buffer.alloc(0))])
  return write().map((arg) => (Buffer.isBuffer(arg) ? Buffer.from(arg) : Buffer.from(String(arg), 'latin1')))
}

/** All that a store has. */
function textOf(store: Store): string {
  const creations = store
    .database(0)
    .keys()
    .map((key) => creationOf(key, store).join(' '))
  return creations.sort().join('\n')
}
