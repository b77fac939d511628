import { backoffDelay } from './backoff.js'
import type { Clock, Timer } from './clock.js'

/** Why a connection, though ready, is given nothing for now. */
export class SendPause {
  readonly #clock: Clock
  readonly #onOver: () => void
  #timer: Timer | undefined
  /** The connection is to be replaced as soon as it owes nothing. */
  isRetiring = false

  /** @param onOver called when a pause is over */
  constructor(clock: Clock, onOver: () => void) {
    this.#clock = clock
    this.#onOver = onOver
  }

  get isActive(): boolean {
    return this.isRetiring || this.#timer !== undefined
  }

  /** Leaves the server alone for a while, the longer the more often it has refused. */
  pause(refusals: number): void {
    if (this.#timer !== undefined) return
    this.#timer = this.#clock.after(backoffDelay(this.#clock, refusals), () => {
      this.#timer = undefined
      this.#onOver()
    })
  }

  endPause(): void {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer)
    this.#timer = undefined
  }
}
