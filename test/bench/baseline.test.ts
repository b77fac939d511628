import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import { compareWithBaseline, renderChanges } from '../../bench/baseline.js'
import { falseAlarmRate } from '../../bench/welch.js'
import { measured, rates } from './figures.js'

const run = (own: readonly number[], other: readonly number[]) => [
  measured({ respite: rates(...own), ioredis: rates(...other) }),
]

describe('a run compared with an earlier one', () => {
  it('compares how many times as fast as the others respite was, not rates', () => {
    // This machine is half as fast.
    const [change] = compareWithBaseline(run([200, 202], [50, 50]), run([400, 404], [100, 100]))
    expect(change?.ratio).toBeCloseTo(1)
    expect(change?.verdict).not.toBe('slower')
  })

  it('fails where respite certainly lost more than the allowance', () => {
    const before = run([400, 402, 398, 401], [100, 100, 100, 100])
    const verdictOf = (...own: number[]) => compareWithBaseline(run(own, [100, 100, 100, 100]), before)[0]?.verdict
    expect(verdictOf(300, 302, 299, 301)).toBe('slower')
    expect(verdictOf(399, 401, 397, 400)).toBe('ok')
    expect(verdictOf(500, 502, 498, 501)).toBe('ok')
    // As much was lost, but it may be chance.
    expect(verdictOf(300, 402, 190, 380)).toBe('uncertain')
    // Nothing was lost as far as one sees, but that may be chance.
    expect(verdictOf(300, 402, 390, 530)).toBe('uncertain')
  })

  it('leaves out workloads, and clients, that only one of them has', () => {
    const both = measured({ respite: rates(4, 4), ioredis: rates(2, 2), 'node-redis': rates(1, 1) })
    expect(compareWithBaseline([both, { ...both, title: 'new' }], run([4, 4], [2, 2]))).toMatchObject([
      { others: ['ioredis'] },
    ])
    expect(compareWithBaseline([measured({ ioredis: rates(2, 2) })], [both])).toEqual([])
  })

  it('raises no more false alarms than stated, whatever the noise', () => {
    const generator = xoroshiro128plus(7)
    const uniform = (): number => (generator.next() >>> 0) / 2 ** 32
    const noisy = (): number => 100 * Math.exp(0.2 * (uniform() + uniform() + uniform() + uniform() - 2))
    const series = (): number[] => Array.from({ length: 8 }, noisy)
    const whole = () =>
      Array.from({ length: 8 }, (_, index) => ({ ...run(series(), series())[0], title: String(index) })) as ReturnType<
        typeof run
      >
    let alarms = 0
    const runs = 300
    for (let i = 0; i < runs; i += 1) {
      if (compareWithBaseline(whole(), whole()).some(({ verdict }) => verdict === 'slower')) alarms += 1
    }
    expect(alarms).toBeLessThanOrEqual(runs * falseAlarmRate)
  })

  it('is not compared with forms of respite itself, nor with the bare socket, which is no client', () => {
    const names = ['respite', 'respite without it', 'bare socket', 'bare socket that keeps it', 'node-redis']
    const both = [measured(Object.fromEntries(names.map((name) => [name, rates(4, 4)])))]
    expect(compareWithBaseline(both, both)[0]?.others).toEqual(['node-redis'])
  })

  it('is shown as a table, with the versions of the baseline if they differ', () => {
    const changes = compareWithBaseline(
      run([300, 302, 299, 301], [100, 100, 100, 100]),
      run([400, 402, 398, 401], [100, 100, 100, 100]),
    )
    const shown = renderChanges(changes, ['ioredis 6', 'Node 24'], ['ioredis 5', 'Node 24'])
    expect(shown).toMatch(/\| GET <one> & another \| ioredis \| 0\.75x \| 0\.7\dx \| 0\.7\dx \| \*\*slower\*\* \|/)
    expect(shown).not.toContain('uncertain')
    const uncertain = compareWithBaseline(run([300, 402, 190, 380], [100, 100, 100, 100]), run([4, 4], [1, 1]))
    expect(renderChanges(uncertain, [], [])).toMatch(/1 of 1 workloads are uncertain.*\| uncertain \|/s)
    expect(shown).toContain('The baseline was measured with:\n\n- ioredis 5')
    expect(shown).not.toContain('- Node 24')
    expect(renderChanges(changes, ['ioredis 6'], ['ioredis 6'])).not.toContain('was measured with')
  })
})
