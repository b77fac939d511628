import { describe, expect, it } from 'vitest'
import type { Performance } from '../../lab/recording/trace.js'
import { combineResults, combineRuns, resultOf } from '../../lab/repetition.js'
import { answered, command, failed, performanceOf } from './traces.js'

const good = (durationMs: number): Performance => performanceOf({ durationMs, commands: [command(answered('1'), 1)] })
const silent = (durationMs: number, count = 1): Performance =>
  performanceOf({ durationMs, commands: Array.from({ length: count }, () => command(failed(undefined), 1)) })

describe('several runs of a scenario', () => {
  it('with one result have that result', () => {
    const [combined] = combineRuns([good(1), good(2)])
    expect(combined).toMatchObject({ durationMs: 1, runs: [{ result: 'good' }, { result: 'good' }] })
    expect(resultOf(combined as Performance)).toEqual({ text: 'good', isGood: true, differs: false })
  })

  it('with different results have all of them, and show a run with the most frequent one', () => {
    const [combined] = combineRuns([good(1), silent(2), silent(3)])
    expect(combined?.durationMs).toBe(2)
    expect(resultOf(combined as Performance)).toEqual({
      text: '1 may or may not have run; or good',
      isGood: false,
      differs: true,
    })
  })

  it('are combined for each scenario and client', () => {
    const other = performanceOf({ client: 'other' })
    expect(combineRuns([good(1), other, good(2), other])).toHaveLength(2)
  })

  it('are only one without a repetition: it stays as it is', () => {
    const once = good(1)
    expect(combineRuns([once])).toEqual([once])
    expect(resultOf(silent(1))).toEqual({ text: '1 may or may not have run', isGood: false, differs: false })
  })
})

describe('results that differ only in their numbers', () => {
  it.each([
    [['3 lost', '1 lost', '3 lost'], '1 or 3 lost'],
    [['31 lost', '35 lost', '33 lost'], '31 to 35 lost'],
    [['2 lost, 1 of 5 missed', '2 lost, 2 of 5 missed'], '2 lost, 1 or 2 of 5 missed'],
    [['good', '2 lost', 'good', '1 lost'], 'good; or 1 or 2 lost'],
  ])('%j are one: %s', (results, combined) => {
    expect(combineResults(results)).toBe(combined)
  })
})
