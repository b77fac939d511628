import { describe, expect, it } from 'vitest'
import { readFlags } from '../../bench/flags.js'

describe('the flags of a benchmark', () => {
  it('measure everything in seven rounds and write the results when there are none', () => {
    expect(readFlags([], 'results')).toEqual({ rounds: 7, time: 300, only: '', quick: false, out: 'results' })
  })

  it('set rounds and time', () => {
    expect(readFlags(['--rounds', '3', '--time', '50'], 'results')).toMatchObject({ rounds: 3, time: 50 })
  })

  it('leave the results alone after a part, and after a smoke run', () => {
    expect(readFlags(['--only', 'GET'], 'results').out).toBeUndefined()
    expect(readFlags(['--quick'], 'results')).toMatchObject({ rounds: 1, time: 20, out: undefined })
    expect(readFlags(['--quick', '--out', 'elsewhere'], 'results').out).toBe('elsewhere')
  })

  it('are refused, by name, when they are unknown or impossible', () => {
    expect(() => readFlags(['--round', '3'], 'results')).toThrow('--round')
    expect(() => readFlags(['--rounds', '0'], 'results')).toThrow('--rounds')
    expect(() => readFlags(['--time', 'long'], 'results')).toThrow('--time')
  })
})
