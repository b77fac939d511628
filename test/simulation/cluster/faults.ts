import { slotOfKey } from '../../../src/commands/slots.js'
import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'
import type { Tally } from '../tally.js'
import { lists, tags } from './calls.js'
import { courses } from './migrations.js'
import type { SimulatedServer, SimulatedServers } from './servers.js'

/** What a run is mostly about. */
export type Focus = 'migrations' | 'failover' | 'down' | 'mixed'

/** For so many milliseconds, some servers may not know of a new master: gossip, and a view that is under way. */
const newMs = 900

type Fault = 'cut' | 'slow' | 'migrate' | 'readdress' | 'kill' | 'stop' | 'isolate' | 'graceful' | 'down'

const faultsOf: Readonly<Record<Focus, readonly Fault[]>> = {
  migrations: ['migrate', 'migrate', 'migrate', 'migrate', 'slow'],
  failover: ['cut', 'readdress', 'kill', 'kill', 'stop', 'isolate', 'graceful', 'graceful'],
  down: ['down'],
  mixed: ['cut', 'slow', 'migrate', 'migrate', 'migrate', 'readdress', 'kill', 'stop', 'isolate', 'graceful', 'down'],
}

/** A master that was silenced, and replaced while it was silent. */
export interface Silence {
  readonly from: number
  readonly until: number
}

interface Dependencies {
  readonly servers: SimulatedServers
  readonly clock: SimulatedClock
  readonly chance: Chance
  readonly tally: Tally
}

/** What happens to the servers of one run. */
export class Faults {
  readonly #dependencies: Dependencies
  readonly #keys: readonly string[]
  readonly #occurred = new Set<string>()
  readonly #busySlots = new Set<number>()
  #downUntil = 0
  /** The master that failed, or was replaced, if one has been. */
  victim: SimulatedServer | undefined
  /** The slots that it had. */
  readonly victimSlots = new Set<number>()
  silence: Silence | undefined
  /** When it failed. */
  failedAt: number | undefined
  /** When a replica took the place of a failed master. */
  replacedAt: number | undefined
  /** When a replica took the place of a master that had not failed. */
  #handedOverAt = Infinity
  /** The replica that did. */
  #successor: SimulatedServer | undefined

  /** @param isHot slots of a few keys move again and again */
  constructor(dependencies: Dependencies, isHot: boolean) {
    this.#dependencies = dependencies
    const ofTags = tags.map((tag) => `${tag}1`)
    this.#keys = isHot ? [lists[0] as string, ...ofTags] : [...lists, ...ofTags]
  }

  schedule(focus: Focus, duration: number): void {
    const { chance, clock } = this.#dependencies
    const count = focus === 'migrations' ? chance.between(2, 30) : chance.between(0, 5)
    for (let i = 0; i < count; i += 1) {
      const fault = chance.pick(faultsOf[focus])
      clock.schedule(chance.fraction() * Math.min(duration, 3_000), () => this.#strike(fault))
    }
  }

  /** For a while, no connection is accepted. */
  refuseAll(ms: number): void {
    const { servers, clock } = this.#dependencies
    this.#note('nobody answers at first')
    servers.network.isOpen = false
    clock.schedule(ms, () => {
      servers.network.isOpen = true
    })
  }

  /** Whether one of these has occurred, or any. */
  has(...names: readonly string[]): boolean {
    return names.some((name) => this.#occurred.has(name))
  }

  /** Whether nothing but these has occurred. */
  hasOnly(...names: readonly string[]): boolean {
    return [...this.#occurred].every((name) => names.some((each) => name.startsWith(each)))
  }

  /** Slots may have moved. */
  get hasMigrations(): boolean {
    return [...this.#occurred].some((name) => name.startsWith('migration'))
  }

  /** Servers may have lost what they had acknowledged. */
  get mayLose(): boolean {
    return this.has('kill', 'stop', 'isolate', 'migration given up by the owner')
  }

  /** Connections may have been lost. */
  get isCut(): boolean {
    return this.has('cut', 'kill', 'stop', 'isolate', 'another address', 'nobody answers at first')
  }

  /**
   * Whether the client may just leave a master that was replaced gracefully, or the one that took its place as long as other
   * servers may not know of it: it has been so slow that it can't be told from one that has failed.
   * @param suspectAfter milliseconds of silence after which the client leaves a master that was replaced. The latency of the
   *   connections adds to that of which they were slow
   */
  mayBeLeft(time: number, suspectAfter: number): boolean {
    const slow = this.#slowUntil(time).map(
      ({ from, until }) => Math.min(until, time) - Math.max(from, time - suspectAfter),
    )
    return time >= this.#handedOverAt && slow.reduce((sum, ms) => sum + Math.max(0, ms), 0) > suspectAfter / 2
  }

  /** Whether this may have been so at a time before. */
  mayHaveBeenLeft(time: number, suspectAfter: number): boolean {
    const ends = this.#slowUntil(time).map(({ until }) => Math.min(until, time))
    return ends.some((end) => this.mayBeLeft(end, suspectAfter))
  }

  #slowUntil(time: number): SimulatedServer['slow'] {
    const isNew = time <= this.#handedOverAt + newMs
    return [this.victim, isNew ? this.#successor : undefined].flatMap((server) => server?.slow ?? [])
  }

  #note(name: string): void {
    this.#occurred.add(name)
    this.#dependencies.tally.note(`fault: ${name}`)
  }

  #strike(fault: Fault): void {
    const { servers, clock, chance } = this.#dependencies
    const now = clock.now()
    const masters = servers.masters.filter(({ stoppedUntil, isIsolated }) => stoppedUntil <= now && !isIsolated)
    const master = chance.pick(masters)
    switch (fault) {
      case 'cut':
        this.#note('cut')
        servers.network.cut(chance.happens(0.5) ? servers.servers.find(({ isIsolated }) => isIsolated) : undefined)
        return
      case 'slow':
        this.#note('slow connections')
        servers.slowDown(master, chance.pick(['out', 'in']), chance.between(10, 400))
        return
      case 'readdress':
        this.#note('another address')
        servers.readdress(master)
        return
      case 'migrate':
        this.#migrate(chance.pick(masters))
        return
      case 'down':
        this.#note('cluster down')
        this.#takeDown(chance.pick([20, 400, 12_000]))
        return
      default:
        // One failover a run, and none while slots move: the servers themselves would lose keys.
        if (this.victim !== undefined || this.#busySlots.size > 0 || servers.successorOf(master) === undefined) return
        this.victim = master
        for (const slot of servers.slotsOf(master)) this.victimSlots.add(slot)
        this.#note(fault)
        if (fault === 'graceful') {
          this.#handedOverAt = now
          this.#successor = servers.successorOf(master)
          servers.failOver(master, true)
        } else this.#fail(master, fault)
    }
  }

  #migrate(to: SimulatedServer): void {
    const { servers, chance } = this.#dependencies
    const slot = slotOfKey(chance.pick(this.#keys))
    if (this.victim !== undefined || this.#busySlots.has(slot)) return
    this.#busySlots.add(slot)
    const course = chance.happens(0.5) ? 'whole' : chance.pick(courses)
    const isBehindProxy = course === 'whole' && chance.happens(0.1)
    if (servers.ownerOf(slot) !== to) this.#note(`migration ${course}`)
    const { member } = servers.ownerOf(slot) ?? to
    if (isBehindProxy) {
      this.#note('a node names itself')
      member.namesItself = true
    }
    const onDone = (): void => {
      member.namesItself = false
      this.#busySlots.delete(slot)
    }
    servers.migrate(slot, to, onDone, course)
  }

  #takeDown(ms: number): void {
    const { servers, clock } = this.#dependencies
    this.#downUntil = Math.max(this.#downUntil, clock.now() + ms)
    for (const { member } of servers.servers) member.isDown = true
    clock.schedule(ms, () => {
      if (clock.now() >= this.#downUntil) for (const { member } of servers.servers) member.isDown = false
    })
  }

  #fail(master: SimulatedServer, fault: 'kill' | 'stop' | 'isolate'): void {
    const { servers, clock, chance } = this.#dependencies
    const now = clock.now()
    const delay = chance.between(300, 1_500)
    const ms = delay + chance.pick([-200, 500, 1_500, 10_000, 10_000, 10_000])
    if (fault === 'kill') servers.kill(master)
    else if (fault === 'stop') servers.stop(master, ms)
    else {
      servers.isolate(master)
      clock.schedule(delay + chance.between(0, 1_000), () => servers.network.cut(master))
    }
    if (fault === 'stop') this.silence = { from: now + delay, until: now + ms }
    this.failedAt = now
    this.replacedAt = now + delay
    clock.schedule(delay, () => servers.failOver(master, false))
  }
}
