import { nextTick } from 'node:process'
import { longestDelay } from '../../options/rules.js'

/** A timer that was set; `Clock.cancel` ends it. */
export type Timer = unknown

/**
 * All that the connection layer knows of time and chance, so that a simulation can own both.
 */
export interface Clock {
  /** Monotonic milliseconds; only differences mean something. */
  now(): number
  /** Calls `callback` once, not before `delayMs` milliseconds have passed. */
  after(delayMs: number, callback: () => void): Timer
  /** Ends a timer; one that has fired, or was ended before, is left alone. */
  cancel(timer: Timer): void
  /** Calls `callback` after the code that runs now and the promise reactions it caused, before any further I/O. */
  defer(callback: () => void): void
  /** A number in [0, 1): jitter. */
  random(): number
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  // Sums of times may exceed what is allowed for each by a fraction.
  after: (delayMs, callback) => setTimeout(callback, Math.min(delayMs, longestDelay)),
  cancel: (timer) => clearTimeout(timer as NodeJS.Timeout),
  defer: nextTick,
  random: Math.random,
}
