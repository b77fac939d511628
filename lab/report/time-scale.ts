import type { Moment } from '../recording/trace.js'

/** A moment and its position, for the axis. */
export interface Tick {
  readonly at: Moment
  readonly x: number
}

/**
 * Positions of moments from left to right. The distance between two neighbours grows with the logarithm of the time between them,
 * so that both a tenth of a millisecond and a second are visible. Only the order is true: distances can't be compared.
 */
export class TimeScale {
  readonly #moments: readonly Moment[]
  readonly #places: readonly number[]

  /**
   * @param moments all moments of the drawing, in any order
   * @param left position of the first
   * @param right position of the last
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

  /** @throws RangeError for a moment that was not given to the constructor */
  x(at: Moment): number {
    const place = this.#places[this.#moments.indexOf(at)]
    if (place === undefined) throw new RangeError(`${at} is not on the scale`)
    return place
  }

  /** The first moment, and further ones with at least this distance. */
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

/** Distance of neighbours with this many milliseconds between them, before scaling. */
const distance = (milliseconds: number): number => 0.15 + Math.log10(1 + milliseconds * 10)
