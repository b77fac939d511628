import type { Clock } from './clock.js'

/** How long to wait between attempts. */
export interface BackoffLimits {
  /** The limit of the first wait, in milliseconds. */
  readonly baseDelay: number
  /** The limit of every wait, in milliseconds. */
  readonly maxDelay: number
}

/** The limits for waits that no option controls. */
export const standardBackoff: BackoffLimits = { baseDelay: 50, maxDelay: 2_000 }

/**
 * Exponential backoff with full jitter. It returns a random wait below a limit that doubles with each attempt. So
 * clients that lost the same server don't all reconnect at the same time.
 *
 * @param attempt 1 for the first
 * @returns milliseconds
 */
export function backoffDelay(clock: Clock, attempt: number, limits = standardBackoff): number {
  return clock.random() * backoffBound(attempt, limits)
}

/** The longest wait before an attempt, in milliseconds. @param attempt 1 for the first */
export function backoffBound(attempt: number, { baseDelay, maxDelay }: BackoffLimits): number {
  return Math.min(maxDelay, baseDelay * 2 ** Math.min(attempt - 1, 30))
}
