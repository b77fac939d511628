import type { Clock, Timer } from './clock.js'

/** Timers may fire this many milliseconds early by the clock. No new timer is set for the remaining time. */
const timerSlack = 1

/** Limits how long entries stay in a map, with one timer for all of them. */
export class AgeLimit<Entry> {
  readonly #clock: Clock
  readonly #limitMs: number
  readonly #since: ReadonlyMap<Entry, number>
  readonly #onOver: (entries: readonly Entry[]) => void
  #timer: Timer | undefined

  /**
   * @param limitMs how long an entry may stay, in milliseconds
   * @param since the entries, in any order, each with the clock time when its wait began; call `watch` after each change
   * @param onOver removes the entries that have stayed too long
   */
  constructor(
    clock: Clock,
    limitMs: number,
    since: ReadonlyMap<Entry, number>,
    onOver: (entries: readonly Entry[]) => void,
  ) {
    this.#clock = clock
    this.#limitMs = limitMs
    this.#since = since
    this.#onOver = onOver
  }

  /** Called when the map has changed. A timer that is already set may fire too early; it is then set again. */
  watch(): void {
    if (this.#since.size === 0) {
      this.stop()
      return
    }
    if (this.#timer !== undefined) return
    let oldest = Infinity
    for (const since of this.#since.values()) oldest = Math.min(oldest, since)
    this.#timer = this.#clock.after(Math.max(1, oldest + this.#limitMs - this.#clock.now()), () => this.#onDue())
  }

  stop(): void {
    this.#clock.cancel(this.#timer)
    this.#timer = undefined
  }

  #onDue(): void {
    this.#timer = undefined
    const latest = this.#clock.now() - this.#limitMs + timerSlack
    const over = [...this.#since.keys()].filter((entry) => (this.#since.get(entry) as number) <= latest)
    if (over.length > 0) this.#onOver(over)
    this.watch()
  }
}
