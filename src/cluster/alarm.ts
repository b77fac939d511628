import type { Clock, Timer } from '../connection/timing/clock.js'

/** A timer for the earliest of several clock times. */
export class Alarm {
  readonly #clock: Clock
  readonly #onDue: () => void
  #timer: Timer | undefined
  #dueAt = Infinity

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  /** Calls `onDue` at this clock time, or before. */
  setBy(time: number): void {
    if (time >= this.#dueAt) return
    this.stop()
    this.#dueAt = time
    this.#timer = this.#clock.after(Math.max(1, time - this.#clock.now()), () => {
      this.stop()
      this.#onDue()
    })
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer)
    this.#timer = undefined
    this.#dueAt = Infinity
  }
}
