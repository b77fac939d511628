import { describe, expect, it } from 'vitest'
import { compare, largestUncertainty, showsNoDifference, uncertaintyOf } from '../../bench/comparison.js'
import { measured, rates } from './figures.js'

const lineOf = (name: string, ...args: Parameters<typeof measured>) =>
  compare(measured(...args)).find((line) => line.name === name)

describe('compare', () => {
  it('takes the ratio within each round, not the ratio of medians', () => {
    // The third round was slow for both: the medians are 100 and 40, but respite was always four times as fast.
    const figures = { respite: rates(400, 100, 40), ioredis: rates(100, 25, 10) }
    const { ratio = 0, low = 0, high = 0 } = lineOf('ioredis', figures)?.ratio ?? {}
    for (const value of [ratio, low, high]) expect(value).toBeCloseTo(4)
  })

  it('gives rates whose quotient is the ratio, however much the rounds differ', () => {
    const figures = { respite: rates(300, 90, 40), ioredis: rates(70, 110, 10) }
    const [own, other] = [lineOf('respite', figures), lineOf('ioredis', figures)]
    expect(other?.ratio?.ratio).toBeCloseTo((own?.rate ?? 0) / (other?.rate ?? 0), 12)
  })

  it('gives the slowest and the fastest round, the rate of the median call, and CPU time', () => {
    const line = lineOf('ioredis', {
      respite: rates(1, 1, 1),
      ioredis: { rates: [10, 40, 20], medianCalls: [30, 30, 30], cpu: [5, 5, 5] },
    })
    expect(line).toMatchObject({ slowest: 10, fastest: 40 })
    expect([line?.rate, line?.medianCall, line?.cpu].map((value) => value?.toFixed(3))).toEqual([
      '20.000',
      '30.000',
      '5.000',
    ])
  })

  it('knows nothing of the exactness of a single round', () => {
    const { ratio } = lineOf('ioredis', { respite: rates(4), ioredis: rates(2) }) ?? {}
    expect(ratio?.high).toBe(Infinity)
    expect(ratio?.ratio).toBeCloseTo(2)
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

describe('uncertainty', () => {
  it('is the share by which the true ratio may be off', () => {
    expect(uncertaintyOf({ ratio: 2, low: 2 / 1.05, high: 2 * 1.05 })).toBeCloseTo(0.05)
  })

  it('of a workload is that of the ratio known least well', () => {
    const figures = { respite: rates(4, 4), ioredis: rates(2, 2), 'node-redis': rates(2, 3) }
    expect(largestUncertainty(measured(figures))).toBeGreaterThan(1)
    expect(largestUncertainty(measured({ respite: rates(4, 4), ioredis: rates(2, 2) }))).toBeCloseTo(0)
    expect(largestUncertainty(measured({ ioredis: rates(2, 9) }))).toBe(0)
  })
})

describe('no difference', () => {
  it('is shown where the interval contains 1', () => {
    expect(showsNoDifference({ ratio: 1.1, low: 0.9, high: 1.3 })).toBe(true)
    expect(showsNoDifference({ ratio: 1.1, low: 1.05, high: 1.15 })).toBe(false)
    expect(showsNoDifference({ ratio: 0.8, low: 0.7, high: 0.9 })).toBe(false)
  })
})
