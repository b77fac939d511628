import type { Clock, Timer } from './clock.js'

/** Timers may fire this many milliseconds early by the clock. No new timer is set for the remaining time. */
const timerSlack = 1

/** An entry, and when its wait began. */
interface Aging {
  readonly since: number
}

/** Limits how long entries stay in a list, with one timer for all of them. */
export class AgeLimit<Entry extends Aging> {
  readonly #clock: Clock
  readonly #limitMs: number
  readonly #entries: readonly Entry[]
  readonly #onOver: (entries: readonly Entry[]) => void
  #timer: Timer | undefined

  /**
   * @param limitMs how long an entry may stay, in milliseconds
   * @param entries the list itself, in any order; call `watch` after each change
   * @param onOver removes the entries that have stayed too long
   */
  constructor(clock: Clock, limitMs: number, entries: readonly Entry[], onOver: (entries: readonly Entry[]) => void) {
    this.#clock = clock
    this.#limitMs = limitMs
    this.#entries = entries
    this.#onOver = onOver
  }

  /** Called when the list has changed. A timer that is already set may fire too early; it is then set again. */
  watch(): void {
    if (this.#entries.length === 0) {
      this.stop()
      return
    }
    if (this.#timer !== undefined) return
    const oldest = this.#entries.reduce((least, { since }) => Math.min(least, since), Infinity)
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
