import type { Clock } from '../connection/timing/clock.js'

/** Callers that wait for the next view. */
export class ViewWaiters {
  readonly #clock: Clock
  readonly #wakers = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get count(): number {
    return this.#wakers.size
  }

  /** Resolves with the next view, or after this many milliseconds. */
  wait(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#clock.cancel(timer)
        this.#wakers.delete(wake)
        resolve()
      }
      const timer = this.#clock.after(patience, wake)
      this.#wakers.add(wake)
    })
  }

  wake(): void {
    for (const wake of [...this.#wakers]) wake()
  }
}
