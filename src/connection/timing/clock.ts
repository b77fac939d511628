import { performance } from 'node:perf_hooks'
import { nextTick } from 'node:process'
import { clearTimeout, setTimeout } from 'node:timers'
import { longestDelay } from '../../options/rules.js'
import { inRootContext } from '../../root-context.js'

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
  /** Calls `callback` once, after at least `delayMs` milliseconds. */
  after(delayMs: number, callback: () => void): Timer
  /** Cancels a timer. This has no effect if the timer has fired or was canceled before. */
  cancel(timer: Timer): void
  /** Calls `callback` after the current code and the promise reactions it caused, before any further I/O. */
  defer(callback: () => void): void
  /** Returns a random number in [0, 1), used for jitter. */
  random(): number
}

/** The system's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: Date.now,
  // The sum of two allowed times may exceed the limit for a timer.
  after: (delayMs, callback) => inRootContext(() => setTimeout(callback, Math.min(delayMs, longestDelay))),
  cancel: (timer) => clearTimeout(timer as NodeJS.Timeout),
  defer: nextTick,
  random: Math.random,
}
