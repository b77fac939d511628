import type { ResolvedOptions } from '../../options/options.js'
import { longestDelay } from '../../options/rules.js'
import { backoffDelay, standardBackoff } from '../timing/backoff.js'
import type { Clock } from '../timing/clock.js'
import type { Status } from './state.js'

/**
 * An attempt begins only if at least this many milliseconds are left until the deadline. If `connectDeadline` is less than four
 * times as long, a quarter of it is enough. Otherwise the last attempt would often be cut short, and its error would not say why
 * the client can't connect.
 */
const lastAttempt = 250

/** Decides when to dial again, and when to stop. */
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

  /** Called when the first connect begins. */
  begin(): void {
    this.#attempts = 0
    this.#deadline = this.#clock.now() + this.#options.connectDeadline
  }

  /** Called when a connection stayed up. The next wait is the shortest again. */
  reset(): void {
    this.#attempts = 0
  }

  /** Returns how many milliseconds the next attempt may take. */
  boundAttempt(connectTimeout: number, status: Status): number {
    if (status !== 'connecting') return connectTimeout
    return Math.max(1, Math.min(connectTimeout, this.#deadline - this.#clock.now()))
  }

  /**
   * Returns the number of milliseconds until the next attempt; undefined if there is none.
   * @throws what the user's function throws; there is no further attempt, either
   */
  nextDelay(status: Status, error: Error): number | undefined {
    this.#attempts += 1
    return status === 'connecting' ? this.#firstConnectDelay() : this.#reconnectDelay(error)
  }

  #firstConnectDelay(): number | undefined {
    const { reconnect, connectDeadline } = this.#options
    // If `reconnect` is a function or off, the first connect still tries until its deadline.
    const delay = backoffDelay(this.#clock, this.#attempts, typeof reconnect === 'object' ? reconnect : standardBackoff)
    const left = this.#deadline - this.#clock.now() - Math.min(lastAttempt, connectDeadline / 4)
    return left > 0 ? Math.min(delay, left) : undefined
  }

  #reconnectDelay(error: Error): number | undefined {
    const { reconnect } = this.#options
    if (reconnect === false) return undefined
    if (typeof reconnect === 'function') return askUser(reconnect, this.#attempts, error)
    if (this.#attempts > reconnect.maxAttempts) return undefined
    return backoffDelay(this.#clock, this.#attempts, reconnect)
  }
}

/** @throws what the user's function throws, or TypeError if it does not return a valid number of milliseconds or false */
function askUser(
  reconnect: (attempt: number, error: Error) => number | false,
  attempt: number,
  error: Error,
): number | undefined {
  const delay: unknown = reconnect(attempt, error)
  if (delay === false) return undefined
  // A longer timer would fire immediately.
  if (typeof delay === 'number' && delay >= 0) return Math.min(delay, longestDelay)
  throw new TypeError(`reconnect returned ${String(delay)}, not milliseconds or false`)
}
