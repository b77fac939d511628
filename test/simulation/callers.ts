import type { Client } from '../../src/client.js'
import type { RespiteError } from '../../src/errors.js'
import type { CallOptions, ResolvedOptions } from '../../src/options/options.js'
import { type Book, type Entry, executionsOf, title } from './book.js'
import type { Chance } from './chance.js'
import type { SimulatedClock } from './clock.js'
import { wrongsOfFate } from './invariants.js'
import { makeOperation } from './operations/any-operation.js'
import { makeBeyondLimits, narrowLimits } from './operations/beyond-limits.js'
import { retryPolicies } from './scenario.js'

/** Those who call the client, each with options of its own, and who write down what they are told. */
export class Callers {
  /** Signals that were handed out: in the end none may have a listener left. */
  readonly signals: AbortSignal[] = []
  readonly #client: Client
  readonly #options: ResolvedOptions
  readonly #largest: number
  readonly #book: Book
  readonly #clock: SimulatedClock
  readonly #chance: Chance

  constructor(
    client: Client,
    options: ResolvedOptions,
    largest: number,
    ground: { readonly book: Book; readonly clock: SimulatedClock; readonly chance: Chance },
  ) {
    this.#client = client
    this.#options = options
    this.#largest = largest
    this.#book = ground.book
    this.#clock = ground.clock
    this.#chance = ground.chance
  }

  /** Calls several times in one tick, perhaps under one signal. */
  burst(): void {
    const signal = this.#chance.happens(0.15) ? this.#signal() : undefined
    const count = this.#chance.skewed(1, 30)
    for (let i = 0; i < count; i += 1) void this.call(signal)
  }

  /** Calls again and again, each time after the reply. */
  async loop(): Promise<void> {
    const count = this.#chance.between(1, 15)
    for (let i = 0; i < count; i += 1) await this.call()
  }

  /** One call. Resolves when it has been settled, however. */
  async call(shared?: AbortSignal): Promise<void> {
    const chance = this.#chance
    const { entries, note } = this.#book
    const settings: CallOptions = {
      ...(chance.happens(0.2) ? { retry: chance.pick(retryPolicies) } : {}),
      ...(chance.happens(0.2) ? { maxAttempts: chance.between(1, 3) } : {}),
      ...(chance.happens(0.2) ? { timeout: chance.skewed(1, 500) } : {}),
      ...(shared !== undefined ? { signal: shared } : chance.happens(0.15) ? { signal: this.#signal() } : {}),
    }
    const isBeyondLimit = this.#options.limits.bulkBytes === narrowLimits.bulkBytes && chance.happens(0.08)
    const operation = isBeyondLimit
      ? makeBeyondLimits(entries.length, chance)
      : makeOperation(entries.length, chance, this.#largest)
    // Nothing in a session is ever sent again, whatever the settings.
    const isSession = operation.own === 'session'
    const entry: Entry = {
      number: entries.length,
      operation,
      policy: isSession ? 'never' : (settings.retry ?? this.#options.retry),
      maxAttempts: isSession ? 1 : (settings.maxAttempts ?? this.#options.maxAttempts),
      timeout: isSession ? 0 : (operation.timeout ?? settings.timeout ?? this.#options.timeout),
      calledAt: this.#clock.now(),
      settled: 'no',
      error: undefined,
      isFenced: false,
      resolvedAs: undefined,
      runs: new Map(),
      wires: new Set(),
      failures: 0,
      refusals: 0,
      written: 0,
      firstWrittenAt: undefined,
      lastWrittenAt: 0,
    }
    entries.push(entry)
    this.#book.tally.note(operation.kind)
    if (this.#client.status === 'idle') this.#book.dials.onRestart(entry.calledAt)
    this.#book.dials.onNeed(entry.calledAt, operation.own === undefined ? 1 : entry.maxAttempts + 1)
    note(() => `${title(entry)} is called ${describe(settings)}`)
    try {
      const reply = await operation.call({
        view: this.#client.with(settings) as Client,
        client: this.#client,
        clock: this.#clock,
      })
      this.#onReply(entry, reply)
    } catch (error) {
      this.#onError(entry, error as RespiteError)
    }
  }

  #onReply(entry: Entry, reply: unknown): void {
    entry.settled = 'resolved'
    this.#book.tally.note('verdict: resolved')
    if (entry.written > 1) this.#book.tally.note('verdict: resolved after another attempt')
    this.#book.note(() => `${title(entry)} is resolved`)
    const wrong = entry.operation.judge(reply, executionsOf(entry))
    if (wrong !== undefined) this.#book.violation(`${title(entry)}: ${wrong}`)
    this.#checkTime(entry)
    if (reply === null) this.#checkWait(entry)
  }

  /** A connection is given up for its silence only where something is still to come. */
  #checkSilence(entry: Entry): void {
    this.#book.tally.note('invariant: a connection that is given up for its silence owes something')
    const last = [...entry.wires].at(-1)
    if (last?.wasAtRest === true) {
      this.#book.violation(`${title(entry)}: connection ${last.id} was given up for its silence, and all was answered`)
    }
  }

  /** What is sent again to wait is to wait only for the time that is left. */
  #checkWait({ operation: { wait }, number, firstWrittenAt, lastWrittenAt }: Entry): void {
    const { stalls } = this.#book
    // Bytes may be under way for long: then nothing is known.
    if (wait === undefined || firstWrittenAt === undefined || stalls > 0 || this.#largest <= 100) return
    this.#book.tally.note('invariant: all waits of a command together are as long as it asked for')
    const left = Math.max(1, wait - (lastWrittenAt - firstWrittenAt))
    const taken = this.#clock.now() - lastWrittenAt
    if (taken <= left + longestTrip) return
    this.#book.violation(`#${number} waited ${taken.toFixed(1)} ms at last, of ${left.toFixed(1)} that were left`)
  }

  #onError(entry: Entry, error: RespiteError): void {
    if (error.fate === undefined) {
      this.#book.violation(`${title(entry)} is rejected with no error of ours: ${error.stack ?? String(error)}`)
      return
    }
    entry.settled = 'rejected'
    entry.error = error
    this.#book.tally.note(`verdict: ${error.fate}`)
    this.#book.tally.note(`error: ${error.code}`)
    this.#book.note(() => `${title(entry)} is rejected, ${error.fate}: ${error.message}`)
    if (error.message.includes('unblocked via CLIENT UNBLOCK')) {
      this.#book.violation(`${title(entry)} was unblocked, and nobody had asked for that`)
    }
    // A time limit may name the end of another connection as the reason why there was none.
    if (error.code !== 'TIMEOUT' && error.message.includes('no data for')) this.#checkSilence(entry)
    const { judgeError } = entry.operation
    const wrong = judgeError === undefined ? wrongsOfAnyError(error) : judgeError(error)
    if (wrong !== undefined) this.#book.violation(`${title(entry)}: ${wrong}`)
    // At this very moment, too, and not only in the end.
    for (const wrong of wrongsOfFate(error.fate, entry)) this.#book.violation(`${title(entry)}: ${wrong}`)
    if (error.fate === 'unknown' && entry.operation.own !== 'session') this.#followFence(entry, error)
    if (error.code === 'TIMEOUT' || error.code === 'ABORT_ERR') this.#followUp(entry, error)
    this.#checkTime(entry)
  }

  /** Of a command that may have run: what is said of it later must be true, and stay true. */
  #followFence(entry: Entry, error: RespiteError): void {
    const { fenced, resolved } = error
    if (fenced === undefined || resolved === undefined) return
    void this.#book.promises.expect(`fenced of ${title(entry)}`, fenced).then((isFenced) => {
      this.#book.tally.note(`fenced: ${isFenced}`)
      this.#book.note(() => `${title(entry)}: fenced is ${isFenced}`)
      entry.isFenced = isFenced
    })
    void this.#book.promises.expect(`resolved of ${title(entry)}`, resolved).then((fate) => {
      this.#book.tally.note(`resolved: ${fate}`)
      this.#book.note(() => `${title(entry)}: its fate is resolved as ${fate}`)
      entry.resolvedAs = fate
      for (const wrong of wrongsOfFate(fate, entry)) this.#book.violation(`${title(entry)}, resolved: ${wrong}`)
    })
  }

  /** Of a command that its caller gave up: what became of it after all must be as true. */
  #followUp(entry: Entry, error: RespiteError & { readonly outcome?: Promise<unknown> | undefined }): void {
    // Within a session it is that of one command, which is not always the one that is judged.
    if (entry.operation.own === 'session') return
    if (error.outcome === undefined) return
    this.#book.promises.expect(`the outcome of ${title(entry)}`, error.outcome).then(
      (reply) => {
        this.#book.tally.note('invariant: a late reply is the right one')
        const wrong = entry.operation.judge(reply, executionsOf(entry))
        if (wrong !== undefined) this.#book.violation(`outcome of ${title(entry)}: ${wrong}`)
      },
      (late: RespiteError) => {
        for (const wrong of wrongsOfFate(late.fate, entry)) {
          this.#book.violation(`outcome of ${title(entry)}: ${wrong}`)
        }
      },
    )
  }

  #checkTime(entry: Entry): void {
    const taken = this.#clock.now() - entry.calledAt
    // The wait of a blocking command is ended through the server, which has a second to do it.
    const grace = (entry.operation.own === 'blocking' ? 1_000 : 0) + this.#clock.stalledFor
    if (entry.timeout > 0) this.#book.tally.note('invariant: a time limit is kept')
    if (entry.timeout > 0 && taken > entry.timeout + grace + 0.001) {
      this.#book.violation(`${title(entry)} was settled after ${taken} ms, its time limit being ${entry.timeout} ms`)
    }
  }

  #signal(): AbortSignal {
    const controller = new AbortController()
    const abort = (): void => {
      this.#book.note(() => 'a caller aborts')
      controller.abort()
    }
    const delay = this.#chance.skewed(-50, 500)
    if (delay < -40) abort()
    else this.#clock.scheduleLocally(Math.max(0, delay), abort)
    this.signals.push(controller.signal)
    return controller.signal
  }
}

/** Milliseconds that a short command and its reply are under way at most, without accidents. */
const longestTrip = 150

/** Of calls that there is nothing wrong with. */
const wrongsOfAnyError = (error: RespiteError): string | undefined =>
  error.code === 'USAGE' ? `called unsendable: ${error.message}` : undefined

function describe({ signal, ...settings }: CallOptions): string {
  const shown = Object.entries(settings).map(([name, value]) => `${name} ${value}`)
  return [...shown, ...(signal === undefined ? [] : [signal.aborted ? 'aborted already' : 'with a signal'])].join(', ')
}
