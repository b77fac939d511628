import type { Clock, Timer } from '../timing/clock.js'
import { Waiters } from '../timing/waiters.js'

/** The state of `close()`: its callers, what must end first, and the time limit. */
export class Closing {
  readonly #clock: Clock
  readonly #waiters = new Waiters()
  #holds = 0
  #timer: Timer | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether something must end first. */
  get isHeld(): boolean {
    return this.#holds > 0
  }

  /** Resolves when everything is closed. */
  wait(): Promise<void> {
    return this.#waiters.wait()
  }

  /** @param onOver called after the time limit @param others what must end first; after that, `onReleased` is called */
  begin(timeout: number, onOver: () => void, others: Promise<void> | undefined, onReleased: () => void): void {
    this.#timer = this.#clock.after(timeout, onOver)
    if (others === undefined) return
    this.#holds += 1
    others.then(() => {
      this.#holds -= 1
      onReleased()
    })
  }

  /** Called when everything is closed. */
  finish(): void {
    this.#clock.cancel(this.#timer)
    this.#timer = undefined
    this.#waiters.resolve()
  }
}
