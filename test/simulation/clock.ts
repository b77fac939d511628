import type { Clock, Timer } from '../../src/connection/timing/clock.js'
import type { Chance } from './chance.js'

interface Event {
  due: number
  readonly run: () => void
  /** Set by the client; what the world does is not counted as the client's. */
  readonly isTimer: boolean
  /** It runs on the event loop of the client's process. */
  readonly isLocal: boolean
  isCancelled: boolean
}

/** Far more than any simulation has. */
const mostEvents = 1_000_000

const turnsAtOnce = 100

/**
 * As a callback of the event loop, as timers and sockets call back: what it defers runs before promise reactions. Or as a
 * promise reaction, as code after an `await`: what it defers runs after all of them.
 */
type Turn = 'callback' | 'reaction'

/** Half of all seeds have either. It is drawn apart, so that everything else about a seed is as with the other. */
export const turnOf = (chance: Chance): Turn => (chance.apart('turn').happens(0.5) ? 'callback' : 'reaction')

/**
 * Virtual time: the events of the world (bytes that arrive, faults, calls) and the timers of the client, in one order.
 * Between two events everything that is ready to run has run.
 */
export class SimulatedClock implements Clock {
  /** Latest first, so that the next one is taken off the end. */
  readonly #events: Event[] = []
  readonly #chance: Chance
  readonly #onThrown: (error: unknown) => void
  readonly #turn: Turn
  #now = 0
  #timers = 0
  #stalledUntil = 0
  #stalledFor = 0
  #abandoned: Error | undefined

  /**
   * @param onThrown told of what the code that runs in the course of time throws: it would have ended the process
   * @param turn as what each event runs
   */
  constructor(chance: Chance, onThrown: (error: unknown) => void, turn: Turn = 'reaction') {
    this.#chance = chance
    this.#onThrown = onThrown
    this.#turn = turn
  }

  now(): number {
    return this.#now
  }

  wallTime(): number {
    return this.#now
  }

  after(delayMs: number, callback: () => void): Timer {
    this.#timers += 1
    return this.#insert({ due: this.#now + delayMs, run: callback, isTimer: true, isLocal: true, isCancelled: false })
  }

  cancel(timer: Timer): void {
    const event = timer as Event | undefined
    if (event === undefined || event.isCancelled) return
    event.isCancelled = true
    this.#timers -= 1
  }

  defer(callback: () => void): void {
    process.nextTick(() => this.#run(callback))
  }

  random(): number {
    return this.#chance.fraction()
  }

  /** Timers that the client has set and neither ended nor seen fire. */
  get timers(): number {
    return this.#timers
  }

  /** Something that the world will do. */
  schedule(delayMs: number, run: () => void): void {
    this.#insert({ due: this.#now + delayMs, run, isTimer: false, isLocal: false, isCancelled: false })
  }

  /** Something that will happen in the client's process, beside its timers: bytes that it reads, calls that it makes. */
  scheduleLocally(delayMs: number, run: () => void): void {
    this.#insert({ due: this.#now + delayMs, run, isTimer: false, isLocal: true, isCancelled: false })
  }

  /** Something holds up the event loop of the client's process for so long; the world goes on meanwhile. */
  stall(delayMs: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, this.#now + delayMs)
    this.#stalledFor += delayMs
  }

  /** The run can't go on: `advanceTo` rejects with this. */
  abandon(error: Error): void {
    this.#abandoned ??= error
  }

  /** Milliseconds for which the event loop has been held up, all told. */
  get stalledFor(): number {
    return this.#stalledFor
  }

  /** Lets time pass until `end`; all events until then happen, each in its moment. */
  async advanceTo(end: number): Promise<void> {
    const step = (): boolean => this.#step(end)
    for (let count = 0; await inTurns(step, this.#turn); count += turnsAtOnce) {
      if (count > mostEvents)
        throw new Error(`more than ${mostEvents} events before ${end} ms: it goes round in circles`)
    }
    if (this.#abandoned !== undefined) throw this.#abandoned
    this.#now = end
  }

  /** Lets the next event happen. @returns false if there is none until `end`, or the run can't go on */
  #step(end: number): boolean {
    while (this.#abandoned === undefined) {
      const event = this.#events.at(-1)
      if (event === undefined || event.due > end) break
      this.#events.pop()
      if (event.isCancelled) continue
      if (event.isLocal && event.due < this.#stalledUntil) {
        // Timers that are due are called before anything is read, as by Node's event loop.
        event.due = this.#stalledUntil + (event.isTimer ? 0 : 1e-6)
        this.#insert(event)
        continue
      }
      if (event.isTimer) {
        event.isCancelled = true
        this.#timers -= 1
      }
      this.#now = event.due
      this.#run(event.run)
      return true
    }
    return false
  }

  #run(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.#onThrown(error)
    }
  }

  #insert(event: Event): Event {
    let low = 0
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#events[middle] as Event).due > event.due) low = middle + 1
      else high = middle
    }
    this.#events.splice(low, 0, event)
    return event
  }
}

/**
 * Calls `step` again and again until it returns false, but at most `turnsAtOnce` times. Before each call everything that
 * is ready to run has run, promise reactions and what was deferred: Node sees to that between any two callbacks of
 * `setImmediate`. Many are set at once because a round of the event loop takes longer than most events.
 * @returns what `step` returned last
 */
function inTurns(step: () => boolean, turn: Turn): Promise<boolean> {
  return new Promise((resolve) => {
    let goesOn = true
    const next = (): void => {
      goesOn &&= step()
    }
    const callback = turn === 'callback' ? next : () => queueMicrotask(next)
    for (let count = 0; count < turnsAtOnce; count += 1) setImmediate(callback)
    setImmediate(() => resolve(goesOn))
  })
}
