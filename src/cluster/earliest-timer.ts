import type { Clock, Timer } from '../connection/timing/clock.js'

/** A timer that fires once, at the earliest of the clock times for which it was set. */
export class EarliestTimer {
  readonly #clock: Clock
  readonly #onDue: () => void
  #timer: Timer | undefined
  #time = Infinity

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  get isSet(): boolean {
    return this.#time < Infinity
  }

  setFor(time: number): void {
    if (time >= this.#time) return
    this.stop()
    this.#time = time
    // After less than a millisecond, the time may not have been reached yet, due to rounding.
    this.#timer = this.#clock.after(Math.max(1, time - this.#clock.now()), () => {
      this.#time = Infinity
      this.#onDue()
    })
  }

  stop(): void {
    this.#clock.cancel(this.#timer)
    this.#time = Infinity
  }
}
