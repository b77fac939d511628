import { describe, expect, it } from 'vitest'
import { readFlags } from '../../bench/flags.js'

describe('the flags of a benchmark', () => {
  it('default to everything, seven rounds and written results', () => {
    expect(readFlags([], 'results')).toEqual({ rounds: 7, time: 300, only: '', quick: false, out: 'results' })
  })

  it('set rounds and time', () => {
    expect(readFlags(['--rounds', '3', '--time', '50'], 'results')).toMatchObject({ rounds: 3, time: 50 })
  })

  it('write no results after a partial run or a smoke run', () => {
    expect(readFlags(['--only', 'GET'], 'results').out).toBeUndefined()
    expect(readFlags(['--quick'], 'results')).toMatchObject({ rounds: 1, time: 20, out: undefined })
    expect(readFlags(['--quick', '--out', 'elsewhere'], 'results').out).toBe('elsewhere')
  })

  it('are rejected by name if unknown or invalid', () => {
    expect(() => readFlags(['--round', '3'], 'results')).toThrow('--round')
    expect(() => readFlags(['--rounds', '0'], 'results')).toThrow('--rounds')
    expect(() => readFlags(['--time', 'long'], 'results')).toThrow('--time')
  })
})
