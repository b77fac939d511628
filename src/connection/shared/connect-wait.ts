import { messageOf } from '../../errors.js'
import type { Clock } from '../timing/clock.js'
import { Waiters } from '../timing/waiters.js'
import { connectError } from '../wire/connect-failure.js'

/** The callers of `connect()`. They share one promise, which the deadline rejects. */
export class ConnectWait extends Waiters {
  readonly #clock: Clock
  readonly #deadline: number
  readonly #whyOffline: () => Error | undefined

  /** @param deadline milliseconds */
  constructor(clock: Clock, deadline: number, whyOffline: () => Error | undefined) {
    super()
    this.#clock = clock
    this.#deadline = deadline
    this.#whyOffline = whyOffline
  }

  override wait(): Promise<void> {
    if (this.promise === undefined) {
      const timer = this.#clock.after(this.#deadline, () => {
        const cause = this.#whyOffline()
        const why = cause === undefined ? '' : `: ${messageOf(cause)}`
        this.reject(connectError(`not connected within ${Math.round(this.#deadline)} ms${why}`, cause))
      })
      this.onSettled = () => this.#clock.cancel(timer)
    }
    return super.wait()
  }
}
