import { backoffDelay } from './backoff.js'
import type { Clock, Timer } from './clock.js'

/** The reasons why sending on a ready connection is paused. */
export class SendPause {
  readonly #clock: Clock
  readonly #onOver: () => void
  #timer: Timer | undefined
  /** Whether the connection must be replaced as soon as no reply is pending. */
  isRetiring = false

  /** @param onOver called when a pause has ended */
  constructor(clock: Clock, onOver: () => void) {
    this.#clock = clock
    this.#onOver = onOver
  }

  get isActive(): boolean {
    return this.isRetiring || this.#timer !== undefined
  }

  /** Pauses sending. The more times the server has refused, the longer the pause. */
  pause(refusals: number): void {
    if (this.#timer !== undefined) return
    this.#timer = this.#clock.after(backoffDelay(this.#clock, refusals), () => {
      this.#timer = undefined
      this.#onOver()
    })
  }

  endPause(): void {
    this.#clock.cancel(this.#timer)
    this.#timer = undefined
  }
}
