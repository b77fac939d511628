import { describe, expect, it } from 'vitest'
import { compare } from '../../bench/comparison.js'
import { measured, rates } from './figures.js'

const lineOf = (name: string, ...args: Parameters<typeof measured>) =>
  compare(measured(...args)).find((line) => line.name === name)

describe('compare', () => {
  it('takes the ratio within each round, not the ratio of medians', () => {
    // The third round was slow for both: the medians are 100 and 40, but respite was always four times as fast.
    const figures = { respite: rates(400, 100, 40), ioredis: rates(100, 25, 10) }
    expect(lineOf('ioredis', figures)?.ratio).toEqual({ low: 4, median: 4, high: 4 })
  })

  it('gives the median and spread of the rates, and the median CPU time', () => {
    const line = lineOf('ioredis', { respite: rates(1, 1, 1), ioredis: rates(10, 40, 20) })
    expect(line?.rate).toEqual({ low: 10, median: 20, high: 40 })
    expect(line?.cpu).toBe(50_000)
  })

  it('has no ratio for respite itself, or if respite was not measured', () => {
    expect(lineOf('respite', { respite: rates(1) })?.ratio).toBeUndefined()
    expect(lineOf('ioredis', { ioredis: rates(1) }, { ioredis: 2 })).toMatchObject({
      ratio: undefined,
      target: undefined,
    })
  })

  it('checks the target against the fastest other client', () => {
    const figures = {
      respite: rates(9),
      'respite without it': rates(99),
      ioredis: rates(2),
      'node-redis': rates(3),
      'bare socket': rates(100),
    }
    const targets = compare(measured(figures, { fastest: 1.8 })).map(({ name, target }) => [name, target])
    expect(targets).toEqual([
      ['respite', undefined],
      ['respite without it', undefined],
      ['ioredis', undefined],
      ['node-redis', 1.8],
      ['bare socket', undefined],
    ])
  })
})
