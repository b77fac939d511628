import type { Clock, Timer } from '../timing/clock.js'
import { Waiters } from '../timing/waiters.js'

/** The state of `close()`: its callers, what must end first, and the time limit. */
export class Closing {
  readonly #clock: Clock
  readonly #waiters = new Waiters()
  /** Whether something must end first. */
  isHeld = false
  #timer: Timer | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when everything is closed. */
  wait(): Promise<void> {
    return this.#waiters.wait()
  }

  /** @param onOver called after the time limit @param others what must end first; after that, `onReleased` is called */
  begin(timeout: number, onOver: () => void, others: Promise<void> | undefined, onReleased: () => void): void {
    this.#timer = this.#clock.after(timeout, onOver)
    if (others === undefined) return
    this.isHeld = true
    others.then(() => {
      this.isHeld = false
      onReleased()
    })
  }

  /** Called when everything is closed. */
  finish(): void {
    this.#clock.cancel(this.#timer)
    this.#waiters.resolve()
  }
}
