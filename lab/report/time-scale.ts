import type { Moment } from '../recording/trace.js'

/** A moment with its place, for the axis. */
export interface Tick {
  readonly at: Moment
  readonly x: number
}

/**
 * Places moments from left to right, so that both a burst of a tenth of a millisecond and a wait of a second can be seen in one
 * drawing: the distance between two neighbours grows with the logarithm of the time between them. So order is true, and
 * lengths are not to be compared.
 */
export class TimeScale {
  readonly #moments: readonly Moment[]
  readonly #places: readonly number[]

  /**
   * @param moments all that will be asked for, in any order
   * @param left place of the first
   * @param right place of the last
   */
  constructor(moments: readonly Moment[], left: number, right: number) {
    this.#moments = [...new Set(moments)].sort((a, b) => a - b)
    const steps = this.#moments.map((at, i) => (i === 0 ? 0 : distance(at - (this.#moments[i - 1] as Moment))))
    const whole = steps.reduce((sum, step) => sum + step, 0) || 1
    let sum = 0
    this.#places = steps.map((step) => {
      sum += step
      return left + ((right - left) * sum) / whole
    })
  }

  /** @throws RangeError for a moment that was not announced */
  x(at: Moment): number {
    const place = this.#places[this.#moments.indexOf(at)]
    if (place === undefined) throw new RangeError(`${at} is not on the scale`)
    return place
  }

  /** The first moment, and further ones at least so far apart. */
  ticks(apart: number): Tick[] {
    const ticks: Tick[] = []
    for (const [i, at] of this.#moments.entries()) {
      const x = this.#places[i] as number
      const last = ticks.at(-1)
      if (last === undefined || x - last.x >= apart) ticks.push({ at, x })
    }
    return ticks
  }
}

/** Of neighbours so many milliseconds apart, before all is made to fit. */
const distance = (milliseconds: number): number => 0.15 + Math.log10(1 + milliseconds * 10)
