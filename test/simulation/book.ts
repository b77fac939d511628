import { Store } from '../../lab/server/store.js'
import type { Fate, RespiteError } from '../../src/errors.js'
import type { RetryPolicy } from '../../src/options/options.js'
import type { SimulatedClock } from './clock.js'
import { Deliveries } from './deliveries.js'
import { Dials } from './dials.js'
import { beyondKey } from './operations/beyond-limits.js'
import { operationOf } from './operations/mark.js'
import type { Operation } from './operations/operation.js'
import { Order } from './order.js'
import { Promises } from './promises.js'
import { Tally } from './tally.js'
import type { Wire } from './wire.js'

/** What is known of one call, from both ends. */
export interface Entry {
  readonly number: number
  readonly operation: Operation
  readonly policy: RetryPolicy
  readonly maxAttempts: number
  readonly timeout: number
  readonly calledAt: number
  settled: 'no' | 'resolved' | 'rejected'
  error: RespiteError | undefined
  /** Its error says that nothing of it can run any more. */
  isFenced: boolean
  /** What its error says, later than `fate`. */
  resolvedAs: Fate | undefined
  /** How often the server has run it, by the name of the command: a transaction has several. */
  readonly runs: Map<string, number>
  /** How often the server has answered it with an error when it ran. */
  failures: number
  /** How often the server has answered it, or a command of it, with an error instead of running it. */
  refusals: number
  /** When its frame was first begun to be handed to the network. */
  firstWrittenAt: number | undefined
  lastWrittenAt: number
  /** How often its frame was begun to be handed to the network. */
  written: number
  /** The connections to which, the one of the last time last. */
  readonly wires: Set<Wire>
}

/** How often the server has run what was called. */
export const executionsOf = (entry: Entry): number => Math.max(0, ...entry.runs.values())

/** So many are told of one seed. */
const mostViolations = 50

/** What a connection was given to write. */
interface Written {
  readonly deliveries: Deliveries
  /** The last operation of this write that had never been written before. */
  lastFresh: number
  /** The last operation of all that was not refused before. */
  last: number
  /** Whether it is the connection that all share. */
  use: 'shared' | 'own' | undefined
}

/**
 * Keeps the books of a simulation: every call, every frame written, every command run, and what was seen to be wrong at
 * the moment when it happened.
 */
export class Book {
  readonly entries: Entry[] = []
  readonly violations: string[] = []
  readonly tally = new Tally()
  readonly order = new Order()
  readonly promises = new Promises()
  readonly dials = new Dials()
  /** As the client's option says: what may have run is sent again only once its connection is fenced. */
  requiresFence = false
  readonly #clock: SimulatedClock
  readonly #keepsOrder: boolean
  readonly #trace: string[] | undefined
  readonly #written = new Map<Wire, Written>()

  constructor(clock: SimulatedClock, keepsOrder: boolean, trace: string[] | undefined) {
    this.#clock = clock
    this.#keepsOrder = keepsOrder
    this.#trace = trace
  }

  /** A line of the trace; the text is not made where nobody reads it. */
  readonly note = (text: () => string): void => {
    this.#trace?.push(`${this.#clock.now().toFixed(1).padStart(9)}  ${text()}`)
  }

  violation(text: string): void {
    // A client that goes round in circles breaks the same rule again and again.
    if (this.violations.length >= mostViolations) return
    this.violations.push(text)
    this.note(() => `VIOLATION: ${text}`)
  }

  readonly onWritten = (wire: Wire, bytes: Buffer): void => {
    let written = this.#written.get(wire)
    if (written === undefined) {
      written = { deliveries: this.#deliveriesOf(wire), lastFresh: -1, last: -1, use: undefined }
      this.#written.set(wire, written)
    }
    written.lastFresh = -1
    written.deliveries.push(bytes)
  }

  readonly onMalformed = (wire: Wire, error: string): void => {
    this.violation(`the server was sent what is no request, on connection ${wire.id}: ${error}`)
  }

  readonly onExecuted = (wire: Wire, args: readonly Buffer[], isError: boolean): void => {
    const number = operationOf(args)
    const name = String(args[0])
    if (name === 'GET' || name === 'MGET') wire.isGarbled ||= args.some((arg) => String(arg) === beyondKey)
    if (number === undefined) {
      if (Store.writes(name.toUpperCase())) this.violation(`the server ran a ${name} that nobody called`)
      return
    }
    const entry = this.entries[number] as Entry
    // The script runs at each try; what it runs is reported by itself, what it refuses is not.
    if (entry.operation.runsOnce === true && name.startsWith('EVAL')) {
      if (isError) entry.refusals += 1
      return
    }
    const isOfLostConnection = wire.isOver && entry.operation.retryClass !== 'read'
    if (isOfLostConnection && this.requiresFence && entry.settled === 'resolved') {
      this.violation(`${title(entry)} ran from a lost connection after it had been answered, and the fence is required`)
    }
    if (entry.isFenced) this.violation(`${title(entry)} ran after it had been fenced`)
    if (isError) entry.failures += 1
    else {
      const key = entry.operation.runKey?.(args) ?? name
      entry.runs.set(key, (entry.runs.get(key) ?? 0) + 1)
      if (Store.writes(name.toUpperCase())) this.#onEffect(wire, String(args[1]), entry)
    }
    this.note(() => `the server runs ${name} of ${title(entry)} from connection ${wire.id}`)
    if (entry.operation.judgeRun !== undefined) this.tally.note('invariant: what runs is what was called')
    const wrong = entry.operation.judgeRun?.(args)
    if (wrong !== undefined) this.violation(`${title(entry)}: ${wrong}`)
  }

  readonly onDial = (): void => this.dials.onDial(this.#clock.now())

  readonly onLate = (): void => this.tally.note('bytes delivered late')

  readonly onRefused = (args: readonly Buffer[]): void => {
    const number = operationOf(args)
    if (number === undefined) return
    const entry = this.entries[number] as Entry
    entry.refusals += 1
    this.note(() => `the server refuses ${args[0]} of ${title(entry)}`)
  }

  #onEffect(wire: Wire, key: string, entry: Entry): void {
    if (wire.isOver) this.tally.note('effect of bytes of a lost connection')
    const wrong = this.order.onEffect(key, entry, wire.isOver)
    if (wrong !== undefined) this.violation(`${title(entry)} ${wrong}`)
  }

  /** How often something was held up: a connection, or the event loop. */
  get stalls(): number {
    const kinds = ['stalled towards the server', 'stalled towards the client', 'event loop held up']
    return kinds.reduce((sum, kind) => sum + this.tally.countOf(`fault: ${kind}`), 0)
  }

  /** Milliseconds for which the event loop has been held up. */
  get stalledFor(): number {
    return this.#clock.stalledFor
  }

  /** Whether all calls have been settled. */
  get isSettled(): boolean {
    return this.entries.every(({ settled }) => settled !== 'no')
  }

  #deliveriesOf(wire: Wire): Deliveries {
    return new Deliveries({
      onDelivered: (number) => this.#onDelivered(wire, this.entries[number] as Entry),
      onOther: (args) =>
        this.note(() => `${args.slice(0, 3).join(' ').slice(0, 60)} is written to connection ${wire.id}`),
      onMalformed: (reason) => this.violation(`what is written to connection ${wire.id} is no request: ${reason}`),
    })
  }

  #onDelivered(wire: Wire, entry: Entry): void {
    const written = this.#written.get(wire) as Written
    const { operation } = entry
    entry.written += 1
    entry.lastWrittenAt = this.#clock.now()
    entry.firstWrittenAt ??= entry.lastWrittenAt
    entry.wires.delete(wire)
    entry.wires.add(wire)
    this.note(() => `${title(entry)} is written to connection ${wire.id}`)
    if (entry.settled !== 'no') this.violation(`${title(entry)} was written after its caller had been told`)
    written.use ??= operation.own === undefined ? 'shared' : 'own'
    if ((written.use === 'own') !== (operation.own !== undefined)) {
      this.violation(`${title(entry)} was written to connection ${wire.id}, which is for others`)
    }
    if (written.use === 'shared') this.#checkOrder(entry, written)
  }

  /** What was refused for now is written again later than some that were called after it, but never behind a fresh one. */
  #checkOrder(entry: Entry, written: Written): void {
    const { number } = entry
    if (number < written.lastFresh) {
      this.violation(`${title(entry)} was written behind #${written.lastFresh}, in one write`)
    }
    if (entry.written === 1) written.lastFresh = number
    if (!this.#keepsOrder || entry.refusals + entry.failures > 0) return
    if (number < written.last) this.violation(`${title(entry)} was written after #${written.last}`)
    written.last = number
  }
}

export const title = (entry: Entry): string => `#${entry.number} ${entry.operation.title}`
