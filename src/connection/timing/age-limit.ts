import type { Clock, Timer } from './clock.js'

/** Milliseconds by which timers may fire early, as clocks are read: nobody is watched anew for the rest of it. */
const timerSlack = 1

/** Something that began to wait, by the clock. */
interface Aging {
  readonly since: number
}

/** Sees to it that nothing stays in a list for longer than it may, with one timer for all of it. */
export class AgeLimit<Entry extends Aging> {
  readonly #clock: Clock
  readonly #limitMs: number
  readonly #entries: readonly Entry[]
  readonly #onOver: (entries: readonly Entry[]) => void
  #timer: Timer | undefined

  /**
   * @param limitMs how long an entry may stay, in milliseconds
   * @param entries the list itself, in any order; `watch` is to be called when it has changed
   * @param onOver takes those away that have stayed for too long
   */
  constructor(clock: Clock, limitMs: number, entries: readonly Entry[], onOver: (entries: readonly Entry[]) => void) {
    this.#clock = clock
    this.#limitMs = limitMs
    this.#entries = entries
    this.#onOver = onOver
  }

  /** The list has changed. A timer that is set already is at worst too early, and then set anew. */
  watch(): void {
    if (this.#entries.length === 0) {
      this.stop()
      return
    }
    if (this.#timer !== undefined) return
    const oldest = this.#entries.reduce((least, { since }) => Math.min(least, since), Number.POSITIVE_INFINITY)
    this.#timer = this.#clock.after(Math.max(1, oldest + this.#limitMs - this.#clock.now()), () => this.#onDue())
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer)
    this.#timer = undefined
  }

  #onDue(): void {
    this.#timer = undefined
    const latest = this.#clock.now() - this.#limitMs + timerSlack
    const over = this.#entries.filter(({ since }) => since <= latest)
    if (over.length > 0) this.#onOver(over)
    this.watch()
  }
}
