import { describe, expect, it } from 'vitest'
import { ratioOf } from '../../bench/comparison.js'
import { renderSummary } from '../../bench/summary-chart.js'
import { measured, rates } from './figures.js'

const titles = [
  'GET, bursts of 1,000 in one tick',
  'GET, 64 concurrent loops',
  'HGETALL of 1,000 fields',
  'GET, one at a time',
]
const all = titles.map((title) => ({
  ...measured({ respite: rates(400, 400), ioredis: rates(100, 100), 'node-redis': rates(190, 210) }),
  title,
}))

describe('the small chart', () => {
  it('has a bar for each workload and client, with its ratio and interval', () => {
    const chart = renderSummary(all) ?? ''
    expect(chart.match(/<rect class="own"/g)).toHaveLength(8)
    expect(chart.match(/<path class="spread"/g)).toHaveLength(8)
    expect(chart).toContain('>4.000x ioredis</text>')
    expect(chart).toMatch(/>2\.\d+x node-redis<\/text>/)
  })

  it('keeps everything within its width, also an interval that is longer than any bar', () => {
    const vague = all.map((each) => ({ ...each, figures: { ...each.figures, ioredis: rates(40, 250) } }))
    const chart = renderSummary(vague) ?? ''
    for (const [, x] of chart.matchAll(/ x="([\d.]+)"/g)) expect(Number(x)).toBeLessThan(420 - 100)
    for (const [, x] of chart.matchAll(/H([\d.]+)/g)) expect(Number(x)).toBeLessThan(420 - 100)
  })

  it('shows the whole of an interval', () => {
    const vague = all.map((each) => ({ ...each, figures: { ...each.figures, ioredis: rates(40, 250) } }))
    const chart = renderSummary(vague) ?? ''
    const { ratio = 0, high = 0 } = ratioOf(vague[0] as (typeof all)[0], 'respite', 'ioredis') ?? {}
    const bar = Number(/<rect class="own" .* width="([\d.]+)"/.exec(chart)?.[1])
    const end = Math.max(...[...chart.matchAll(/H([\d.]+)/g)].map(([, x]) => Number(x))) - 14
    expect(Math.abs(end - (bar * high) / ratio)).toBeLessThan((0.1 * high) / ratio)
  })

  it('has colors for light and dark', () => {
    expect(renderSummary(all)).toContain('@media (prefers-color-scheme: dark)')
  })

  it('is not drawn of a part, or of one round', () => {
    expect(renderSummary(all.slice(1))).toBeUndefined()
    const [first, ...others] = all
    const once = { ...first, figures: { respite: rates(1), ioredis: rates(1), 'node-redis': rates(1) } } as typeof first
    expect(renderSummary([once, ...others] as typeof all)).toBeUndefined()
  })
})
