/** How long to wait between attempts to connect. */
export interface Backoff {
  /** Milliseconds: the bound of the first wait. */
  readonly baseDelay: number
  /** Milliseconds: no wait is longer. */
  readonly maxDelay: number
}

/**
 * Exponential backoff with full jitter: anything between nothing and the bound, which doubles with each attempt, so that
 * many clients that lost the same server do not come back at the same moment.
 * @param attempt 1 for the first
 * @param random a number in [0, 1)
 * @returns milliseconds
 */
export function backoffDelay(backoff: Backoff, attempt: number, random: number): number {
  const bound = Math.min(backoff.maxDelay, backoff.baseDelay * 2 ** Math.min(attempt - 1, 30))
  return random * bound
}
