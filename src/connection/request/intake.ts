import type { Clock } from '../timing/clock.js'
import { Cancellation } from './cancellation.js'
import type { Counters } from './counters.js'
import { Deadlines } from './deadlines.js'
import * as rejections from './rejections.js'
import type { Rejection, Request } from './request.js'

/**
 * Accepts requests for a queue. It records when they were called, and reports to the queue when their signal or time
 * limit ends the wait of their callers.
 */
export class Intake {
  readonly #counters: Counters
  readonly #deadlines: Deadlines
  readonly #cancellation: Cancellation

  /**
   * @param onGivenUp called when the caller of an unsettled request no longer waits; the queue rejects it
   * @param whyOffline returns why there is no connection; undefined if there is one, or the reason is not known
   */
  constructor(
    clock: Clock,
    counters: Counters,
    onGivenUp: (request: Request, rejection: Rejection) => void,
    whyOffline?: () => Error | undefined,
  ) {
    this.#counters = counters
    this.#deadlines = new Deadlines(clock, (request) => {
      counters.timedOut += 1
      onGivenUp(request, rejections.timedOut(request, whyOffline?.()))
    })
    this.#cancellation = new Cancellation((request, signal) => {
      counters.aborted += 1
      onGivenUp(request, rejections.aborted(signal))
    })
  }

  /** Rejects a request if its signal is already aborted. @returns whether the signal is aborted */
  rejectAborted(request: Request, signal: AbortSignal | undefined): boolean {
    if (!signal?.aborted) return false
    this.#counters.aborted += 1
    request.fail('not-executed', rejections.aborted(signal))
    return true
  }

  /**
   * Watches a request. Call this before the request is queued, so that nothing is left behind if this method throws
   * (because of an invalid signal).
   * @param now clock time of the call
   */
  watch(request: Request, signal: AbortSignal | undefined, now: number): void {
    request.calledAt = now
    if (signal !== undefined) this.#cancellation.watch(request, signal)
    if (request.timeout > 0) this.#deadlines.add(request)
  }

  /** Cancels the timer if there is no request to watch, so that it does not keep the process running. */
  rest(): void {
    this.#deadlines.rest()
  }

  /** Cancels the timer. */
  stop(): void {
    this.#deadlines.stop()
  }
}
