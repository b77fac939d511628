import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import { estimateOfLogs } from '../../bench/compare/interval.js'
import { uncertaintyOf } from '../../bench/comparison.js'
import { welch } from '../../bench/welch.js'

describe("Welch's t test", () => {
  it('gives the difference of the means, and how large chance makes it', () => {
    // Standard errors of 1 and 2, 4 values each: 4.41 degrees of freedom.
    const first = [-3, -1, 1, 3].map((value) => value * Math.sqrt(3 / 5))
    const second = first.map((value) => 10 + 2 * value)
    const { difference, margin } = welch(first, second)
    expect(difference).toBeCloseTo(10)
    expect(margin(0.025)).toBeCloseTo(2.6776 * Math.sqrt(5), 2)
    expect(margin(0.0005)).toBeGreaterThan(margin(0.025))
  })

  it('leaves no room for chance where nothing varies', () => {
    expect(welch([1, 1], [2, 2]).margin(0.01)).toBe(0)
  })

  it('takes the mean of all values, and the variance of the planned ones', () => {
    const { difference, margin } = welch([-1, 1, 9, 9], [0, 2, 10, 12], [2, 2])
    expect(difference).toBeCloseTo(1.5)
    // Standard errors of the square root of 2 / 4 each, 2 degrees of freedom.
    expect(margin(0.025)).toBeCloseTo(4.3027, 3)
    expect(welch([-1, 1], [0, 2], [1, 9]).margin(0.025)).toBeCloseTo(welch([-1, 1], [0, 2]).margin(0.025))
  })

  it('is exceeded as often as stated if rounds go on until they seem to vary little enough', () => {
    const generator = xoroshiro128plus(5)
    const uniform = (): number => ((generator.next() >>> 0) + 1) / 2 ** 32
    const noise = (): number => 0.1 * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
    /** As `measure` does, with 8 to 16 rounds. */
    const run = (): number[] => {
      const logs = Array.from({ length: 8 }, noise)
      while (logs.length < 16 && uncertaintyOf(estimateOfLogs(logs)) > 0.05) logs.push(noise())
      return logs
    }
    const pairs = 60_000
    const exceeded = { planned: 0, all: 0 }
    for (let pair = 0; pair < pairs; pair += 1) {
      const [first, second] = [run(), run()]
      const isBeyond = ({ difference, margin }: ReturnType<typeof welch>): boolean =>
        // Most are so close that there is no need for the quantile.
        Math.abs(difference) > 0.07 && Math.abs(difference) > margin(0.001)
      if (isBeyond(welch(first, second, [8, 8]))) exceeded.planned += 1
      if (isBeyond(welch(first, second))) exceeded.all += 1
    }
    // The degrees of freedom of two samples are an approximation.
    expect(exceeded.planned).toBeLessThan(1.3 * 0.002 * pairs)
    expect(exceeded.all).toBeGreaterThan(1.6 * 0.002 * pairs)
  })
})
