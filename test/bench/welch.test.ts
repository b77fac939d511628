import { describe, expect, it } from 'vitest'
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
})
