import { describe, expect, it } from 'vitest'
import { fails, summarize } from '../../../bench/compare/summary.js'
import { measured, rowOf, turn } from './figures.js'

describe('the summary of a row', () => {
  it('takes the ratio within each round', () => {
    // The second round was slow for both.
    const { ratios, estimate } = summarize(measured('LRANGE', [100, 110], [10, 11]))
    expect(ratios).toEqual([expect.closeTo(1.1), expect.closeTo(1.1)])
    expect(estimate.ratio).toBeCloseTo(1.1)
  })

  it('compares adjacent turns, whichever build was first, and takes the geometric mean', () => {
    const turns = [turn('baseline', 100), turn('present', 50), turn('present', 200), turn('baseline', 100)]
    const { ratios } = summarize({ row: rowOf('LRANGE'), rounds: [turns, turns] })
    expect(ratios).toEqual([expect.closeTo(1), expect.closeTo(1)])
  })

  it('ignores the extreme turns of a round', () => {
    const pairs = [110, 1, 110, 9_999].flatMap((present) => [turn('baseline', 100), turn('present', present)])
    const { ratios } = summarize({ row: rowOf('LRANGE'), rounds: [pairs, pairs] })
    expect(ratios).toEqual([expect.closeTo(1.1), expect.closeTo(1.1)])
  })

  it('counts a shorter import as faster', () => {
    expect(summarize(measured('Import', [20, 10], [20, 10])).estimate.ratio).toBeCloseTo(2)
  })

  it('gives the median figure of each side', () => {
    const { medians } = summarize(measured('LRANGE', [1, 9], [2, 8], [30, 7]))
    expect(medians).toEqual({ baseline: 2, present: 8 })
  })
})

describe('a run', () => {
  it('fails when a row is slower than allowed', () => {
    expect(fails(summarize(measured('LRANGE', [100, 90], [100, 91], [100, 90])))).toBe(true)
  })

  it('does not fail if the interval includes an allowed ratio', () => {
    expect(fails(summarize(measured('LRANGE', [100, 90], [100, 99])))).toBe(false)
  })

  it('does not fail because of memory, which is only reported', () => {
    const summary = summarize(measured('Memory', [100, 200], [100, 200]))
    expect(summary.verdict).toBeUndefined()
    expect(fails(summary)).toBe(false)
  })

  it('fails if the decoder of this build is not linear, even if it is fast', () => {
    const round = [turn('baseline', 100), turn('present', 200, 4)]
    const summary = summarize({ row: rowOf('Decode'), rounds: [round, round] })
    expect(summary.verdict).toBe('faster')
    expect(fails(summary)).toBe(true)
  })
})
