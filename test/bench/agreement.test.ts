import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import { agree, renderAgreement } from '../../bench/agreement.js'
import type { Results } from '../../bench/results.js'
import { falseAlarmRate } from '../../bench/welch.js'
import { measured, rates, results } from './figures.js'

const run = (own: readonly number[], other: readonly number[]): Results =>
  results({
    precision: { rounds: own.length, mostRounds: own.length, time: 100, precision: 0.05 },
    measured: [measured({ respite: rates(...own), ioredis: rates(...other) })],
  })

const verdictOf = (first: Results, second: Results) => agree(first, second)[0]?.verdict

describe('two runs', () => {
  const first = run([400, 404, 396, 400], [100, 100, 100, 100])

  it('agree if their ratios do, whatever the rates', () => {
    expect(verdictOf(first, run([202, 200, 198, 201], [50, 50, 50, 50]))).toBe('agrees')
  })

  it('may differ by chance, or by more than that', () => {
    expect(verdictOf(first, run([407, 411, 403, 407], [100, 100, 100, 100]))).toBe('may differ')
    expect(verdictOf(first, run([500, 504, 496, 500], [100, 100, 100, 100]))).toBe('differs')
  })

  it('differ only if the planned rounds vary little enough, whatever the others do', () => {
    const planned = (rounds: number, own: readonly number[]): Results => ({
      ...run(
        own,
        own.map(() => 100),
      ),
      precision: { rounds, mostRounds: 9, time: 100, precision: 0.05 },
    })
    const [one, other] = [
      [380, 420, 400, 400, 400, 400, 400, 400],
      [430, 470, 450, 450, 450, 450, 450, 450],
    ]
    expect(verdictOf(planned(8, one), planned(8, other))).toBe('differs')
    expect(verdictOf(planned(2, one), planned(2, other))).toBe('agrees')
    // A file that does not say how many were planned.
    expect(verdictOf(planned(0, one), planned(0, other))).toBe('differs')
  })

  it('are compared only in what both have, with two rounds at least', () => {
    const more = measured({ respite: rates(4, 4), ioredis: rates(2, 2), iovalkey: rates(2, 2) })
    const second = results({ measured: [more, { ...more, title: 'new' }], tls: [more] })
    expect(agree(first, second).map(({ names }) => names)).toEqual(['respite against ioredis'])
    expect(agree(run([4], [2]), second)).toEqual([])
  })

  it('of the same are called different no more often than stated', () => {
    const generator = xoroshiro128plus(11)
    const uniform = (): number => (generator.next() >>> 0) / 2 ** 32
    const noisy = (): number => 100 * Math.exp(0.2 * (uniform() + uniform() + uniform() + uniform() - 2))
    const series = () => rates(...Array.from({ length: 8 }, noisy))
    const whole = () =>
      results({
        precision: { rounds: 8, mostRounds: 8, time: 100, precision: 0.05 },
        measured: Array.from({ length: 8 }, (_, index) => ({
          ...measured({ respite: series(), ioredis: series() }),
          title: String(index),
        })),
      })
    let apart = 0
    let alarms = 0
    const runs = 150
    for (let i = 0; i < runs; i += 1) {
      const verdicts = agree(whole(), whole()).map(({ verdict }) => verdict)
      apart += verdicts.filter((verdict) => verdict !== 'agrees').length
      if (verdicts.includes('differs')) alarms += 1
    }
    expect(alarms).toBeLessThanOrEqual(2 * runs * falseAlarmRate)
    expect(apart / (8 * runs)).toBeGreaterThan(0.03)
    expect(apart / (8 * runs)).toBeLessThan(0.07)
  })
})

describe('the report of the agreement', () => {
  it('counts, and lists only what does not agree', () => {
    const all = agree(run([400, 404, 396, 400], [100, 100, 100, 100]), run([500, 504, 496, 500], [100, 100, 100, 100]))
    const report = renderAgreement(all)
    expect(report).toContain('0 of 1 ratios agree')
    expect(report).toMatch(
      /\| GET <one> & another \| respite against ioredis \| 4\.00x \(3\.95 to 4\.05\) \| 5\.00x .* \| differs \|/,
    )
    const same = run([4, 4], [2, 2])
    expect(renderAgreement(agree(same, same))).not.toContain('|')
  })
})
