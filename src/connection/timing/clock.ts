/** A timer; `Clock.cancel` cancels it. */
export type Timer = unknown

/**
 * The connection layer's only source of time and randomness. The simulation replaces it.
 */
export interface Clock {
  /** Monotonic milliseconds. Use only differences. */
  now(): number
  /** Milliseconds since 1970. Unlike `now`, it may jump, and it continues while the machine sleeps. */
  wallTime(): number
  /**
   * Calls `callback` once, after at least `delayMs` milliseconds.
   * @param isUrgent false: the timer never keeps the process alive; default true
   */
  after(delayMs: number, callback: () => void, isUrgent?: boolean): Timer
  /** Cancels a timer. This has no effect if the timer has fired, was canceled before, or is undefined. */
  cancel(timer: Timer): void
  /** Calls `callback` after the current code and the promise reactions it caused, before any further I/O. */
  defer(callback: () => void): void
  /** Returns a random number in [0, 1), used for jitter. */
  random(): number
}
