import { RequestParser } from '../../lab/server/request-parser.js'
import type { RespiteError } from '../../src/errors.js'
import type { RetryPolicy } from '../../src/options/options.js'
import type { SimulatedClock } from './clock.js'
import { type Operation, operationOf } from './operations.js'
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
  /** How often the server has run it, by the name of the command: a transaction has several. */
  readonly runs: Map<string, number>
  /** How often the server has answered it with an error when it ran. */
  failures: number
  /** How often its frame was handed to the network. */
  written: number
  /** The connections on which. */
  readonly wires: Set<Wire>
}

/** How often the server has run what was called. */
export const executionsOf = (entry: Entry): number => Math.max(0, ...entry.runs.values())

/** What a connection was given to write. */
interface Written {
  readonly parser: RequestParser
  /** The last operation. */
  last: number
  /** Whether a transaction is being written, and its operation has been noted. */
  transaction: 'none' | 'begun' | 'counted'
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
  readonly #clock: SimulatedClock
  readonly #keepsOrder: boolean
  readonly #trace: string[] | undefined
  /** Of each connection: its requests, and the last operation that was written to it. */
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
    this.violations.push(text)
    this.note(() => `VIOLATION: ${text}`)
  }

  readonly onWritten = (wire: Wire, bytes: Buffer): void => {
    let written = this.#written.get(wire)
    if (written === undefined) {
      written = { parser: new RequestParser(), last: -1, transaction: 'none', use: undefined }
      this.#written.set(wire, written)
    }
    for (const args of written.parser.push(bytes)) {
      const name = String(args[0])
      if (name === 'MULTI') written.transaction = 'begun'
      if (name === 'EXEC') written.transaction = 'none'
      const number = operationOf(args)
      if (number === undefined) {
        this.note(() => `${args.slice(0, 3).join(' ').slice(0, 60)} is written to connection ${wire.id}`)
      }
      // A transaction's commands may all bear its mark: the first of them counts.
      if (number === undefined || written.transaction === 'counted') continue
      if (written.transaction === 'begun') written.transaction = 'counted'
      const entry = this.entries[number] as Entry
      entry.written += 1
      entry.wires.add(wire)
      this.note(() => `${title(entry)} is written to connection ${wire.id}`)
      if (entry.settled !== 'no' && entry.operation.isLarge !== true)
        this.violation(`${title(entry)} was written after its caller had been told`)
      written.use ??= entry.operation.own === undefined ? 'shared' : 'own'
      if ((written.use === 'own') !== (entry.operation.own !== undefined)) {
        this.violation(`${title(entry)} was written to connection ${wire.id}, which is for others`)
      }
      if (this.#keepsOrder && written.use === 'shared' && number < written.last) {
        this.violation(`${title(entry)} was written after #${written.last} to connection ${wire.id}`)
      }
      written.last = number
    }
  }

  readonly onExecuted = (wire: Wire, args: readonly Buffer[], isError: boolean): void => {
    const number = operationOf(args)
    if (number === undefined) return
    const entry = this.entries[number] as Entry
    const name = String(args[0])
    if (isError) entry.failures += 1
    else entry.runs.set(name, (entry.runs.get(name) ?? 0) + 1)
    this.note(() => `the server runs ${name} of ${title(entry)} from connection ${wire.id}`)
  }

  /** Whether all calls have been settled. */
  get isSettled(): boolean {
    return this.entries.every(({ settled }) => settled !== 'no')
  }
}

export const title = (entry: Entry): string => `#${entry.number} ${entry.operation.title}`
