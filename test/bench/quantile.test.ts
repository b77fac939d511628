import { describe, expect, it } from 'vitest'
import { median, quantile, quantileOfSorted } from '../../bench/quantile.js'

describe('quantile', () => {
  it('takes the nearest rank, whatever the order of the values', () => {
    const values = [5, 1, 4, 2, 3]
    expect(quantile(values, 0)).toBe(1)
    expect(quantile(values, 0.5)).toBe(3)
    expect(quantile(values, 1)).toBe(5)
    expect(values, 'the values stay as they were').toEqual([5, 1, 4, 2, 3])
  })

  it('compares numbers as numbers', () => {
    expect(quantile([10, 9, 100], 1)).toBe(100)
  })

  it('finds one value in a thousand', () => {
    const sorted = Array.from({ length: 1_001 }, (_, index) => index)
    expect(quantileOfSorted(sorted, 0.999)).toBe(999)
  })

  it('of no values is NaN', () => {
    expect(quantile([], 0.5)).toBeNaN()
    expect(median([])).toBeNaN()
  })
})

describe('median', () => {
  it('is the middle of an odd number of values', () => {
    expect(median([30, 10, 20])).toBe(20)
  })

  it('is the mean of the two middle values of an even number', () => {
    expect(median([40, 10, 20, 30])).toBe(25)
  })
})
