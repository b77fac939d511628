import { describe, expect, it } from 'vitest'
import { estimate, format, studentT } from '../../../bench/compare/interval.js'

describe('the estimate of a ratio', () => {
  it('is the geometric mean: twice and half as fast cancel out', () => {
    expect(estimate([2, 0.5]).ratio).toBeCloseTo(1)
  })

  it("has Student's 95% interval, on logarithms", () => {
    // Logarithms -0.1, 0 and 0.1: standard error 0.1 / sqrt(3), two degrees of freedom.
    const margin = (4.3027 * 0.1) / Math.sqrt(3)
    const { low, high } = estimate([Math.exp(-0.1), 1, Math.exp(0.1)])
    expect(Math.log(low)).toBeCloseTo(-margin)
    expect(Math.log(high)).toBeCloseTo(margin)
  })

  it('is inverted when the builds are swapped', () => {
    const ratios = [0.9, 1.05, 1.2, 1.01]
    const swapped = estimate(ratios.map((ratio) => 1 / ratio))
    expect(1 / swapped.ratio).toBeCloseTo(estimate(ratios).ratio)
    expect(1 / swapped.high).toBeCloseTo(estimate(ratios).low)
  })

  it('is narrower with more rounds, and wider with an outlier', () => {
    const width = (ratios: readonly number[]): number => estimate(ratios).high - estimate(ratios).low
    const few = [0.98, 1.02, 0.99, 1.01]
    expect(width([...few, ...few, ...few])).toBeLessThan(width(few))
    expect(width([...few, 1.5])).toBeGreaterThan(width(few))
  })
})

describe("Student's quantile", () => {
  it.each([
    [1, 12.7062],
    [10, 2.2281],
    [11, 2.201],
    [19, 2.093],
    [30, 2.0423],
    [100, 1.984],
  ])('with %i degrees of freedom is %f', (degrees, value) => {
    expect(studentT(degrees)).toBeCloseTo(value, 3)
  })
})

describe('ratio and interval as text', () => {
  it('have only digits that the interval supports', () => {
    expect(format({ ratio: 1.0123, low: 0.9988, high: 1.0257 })).toEqual({ ratio: '1.01x', interval: '1.00 to 1.03' })
    expect(format({ ratio: 1.0123, low: 1.0103, high: 1.0143 })).toEqual({
      ratio: '1.012x',
      interval: '1.010 to 1.014',
    })
    expect(format({ ratio: 1.32, low: 0.71, high: 2.4 })).toEqual({ ratio: '1.3x', interval: '0.7 to 2.4' })
  })

  it('have at most three decimals, even if all rounds are equal', () => {
    expect(format(estimate([1, 1, 1]))).toEqual({ ratio: '1.000x', interval: '1.000 to 1.000' })
  })
})
