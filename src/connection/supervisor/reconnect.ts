import type { ResolvedOptions } from '../../options/options.js'
import { longestDelay } from '../../options/rules.js'
import { backoffDelay, standardBackoff } from '../timing/backoff.js'
import type { Clock } from '../timing/clock.js'
import type { Status } from './state.js'

/** Milliseconds kept for a last attempt if the next wait would pass the deadline. */
const lastAttempt = 250

/** When to dial again, and when to stop. */
export class ReconnectPolicy {
  readonly #options: Pick<ResolvedOptions, 'reconnect' | 'connectDeadline'>
  readonly #clock: Clock
  #attempts = 0
  /** Clock time by which the first connect must have succeeded. */
  #deadline = 0

  constructor(options: Pick<ResolvedOptions, 'reconnect' | 'connectDeadline'>, clock: Clock) {
    this.#options = options
    this.#clock = clock
  }

  /** The first connect begins. */
  begin(): void {
    this.#attempts = 0
    this.#deadline = this.#clock.now() + this.#options.connectDeadline
  }

  /** A connection stayed up: the next wait is the shortest again. */
  reset(): void {
    this.#attempts = 0
  }

  /** Milliseconds that the next attempt may take. */
  boundAttempt(connectTimeout: number, status: Status): number {
    if (status !== 'connecting') return connectTimeout
    return Math.max(1, Math.min(connectTimeout, this.#deadline - this.#clock.now()))
  }

  /** Milliseconds until the next attempt; undefined if there is none. */
  nextDelay(status: Status, error: Error): number | undefined {
    this.#attempts += 1
    return status === 'connecting' ? this.#firstConnectDelay() : this.#reconnectDelay(error)
  }

  #firstConnectDelay(): number | undefined {
    const { reconnect } = this.#options
    // If `reconnect` is a function or off, the first connect still tries until its deadline.
    const delay = backoffDelay(this.#clock, this.#attempts, typeof reconnect === 'object' ? reconnect : standardBackoff)
    const left = this.#deadline - this.#clock.now()
    if (delay < left) return delay
    return left > lastAttempt ? left - lastAttempt : undefined
  }

  #reconnectDelay(error: Error): number | undefined {
    const { reconnect } = this.#options
    if (reconnect === false) return undefined
    if (typeof reconnect === 'function') return askUser(reconnect, this.#attempts, error)
    if (this.#attempts > reconnect.maxAttempts) return undefined
    return backoffDelay(this.#clock, this.#attempts, reconnect)
  }
}

/** If the user's function throws, or returns no valid number of milliseconds, the client stops reconnecting. */
function askUser(
  reconnect: (attempt: number, error: Error) => number | false,
  attempt: number,
  error: Error,
): number | undefined {
  try {
    const delay = reconnect(attempt, error)
    if (typeof delay !== 'number' || !(delay >= 0)) return undefined
    // A longer timer would fire at once.
    return Math.min(delay, longestDelay)
  } catch {
    return undefined
  }
}
