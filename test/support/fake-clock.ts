import type { Clock, Timer } from '../../src/connection/timing/clock.js'

interface FakeTimer {
  readonly due: number
  readonly callback: () => void
}

/** A clock that a test advances. */
export class FakeClock implements Clock {
  #now = 0
  readonly #timers = new Set<FakeTimer>()
  /** The number that `random` returns. */
  chance = 0.5

  now(): number {
    return this.#now
  }

  /** Set apart from `now`, as if the machine had slept. */
  sleptMs = 0

  wallTime(): number {
    return 1_700_000_000_000 + this.#now + this.sleptMs
  }

  after(delayMs: number, callback: () => void): Timer {
    const timer: FakeTimer = { due: this.#now + delayMs, callback }
    this.#timers.add(timer)
    return timer
  }

  cancel(timer: Timer): void {
    this.#timers.delete(timer as FakeTimer)
  }

  defer(callback: () => void): void {
    process.nextTick(callback)
  }

  random(): number {
    return this.chance
  }

  /** Time passes while other code runs: no timer fires. */
  holdUp(ms: number): void {
    this.#now += ms
  }

  /** Timers now set. */
  get pending(): number {
    return this.#timers.size
  }

  /** Advances the clock. Each timer fires at its time, and promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (;;) {
      let next: FakeTimer | undefined
      for (const timer of this.#timers)
        if (timer.due <= end && (next === undefined || timer.due < next.due)) next = timer
      if (next === undefined) break
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.due)
      next.callback()
      await settle()
    }
    this.#now = end
  }
}

/** Runs everything that is ready to run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
