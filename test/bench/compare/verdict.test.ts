import { describe, expect, it } from 'vitest'
import { isLinear, judge } from '../../../bench/compare/verdict.js'

const interval = (low: number, high: number) => ({ ratio: Math.sqrt(low * high), low, high })

describe('the verdict on a row', () => {
  it.each([
    ['faster', 'the whole interval is above 1', 1.001, 1.2],
    ['no difference', 'the interval contains 1', 0.9, 1.1],
    ['no difference', 'the interval begins at 1', 1, 1.1],
    ['ok', 'the whole interval is below 1, but reaches 0.97', 0.9, 0.97],
    ['ok', 'the loss is certain, but small', 0.98, 0.99],
    ['slower', 'the whole interval is below 0.97', 0.9, 0.969],
  ])('is "%s" when %s', (verdict, _, low, high) => {
    expect(judge(interval(low, high))).toBe(verdict)
  })
})

describe('a decoder', () => {
  it('is linear when twice the bytes take about twice the time', () => {
    expect(isLinear(interval(1.95, 2.05))).toBe(true)
  })

  it('passes as linear if the interval includes the limit', () => {
    expect(isLinear(interval(2.4, 2.9))).toBe(true)
  })

  it('is not linear when twice the bytes take four times as long', () => {
    expect(isLinear(interval(3.8, 4.2))).toBe(false)
  })
})
