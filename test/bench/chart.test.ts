import { describe, expect, it } from 'vitest'
import { renderChart, wrap } from '../../bench/chart.js'
import { measured, rates } from './figures.js'

const workload = measured({
  respite: rates(400, 400),
  'respite without it': rates(500, 500),
  ioredis: rates(100, 100),
  'bare socket': rates(800, 800),
})

describe('the chart', () => {
  const chart = renderChart([workload], ['respite 1.2.3'])

  it('has a bar for each client, the longest for the fastest', () => {
    const bars = [...chart.matchAll(/<rect class="(own|other|bare)" [^>]* width="([\d.]+)"/g)]
    const widths = bars.map(([, kind, width]) => [kind, Number(width)] as const)
    const [own = 0, other = 0, bare = 0] = widths.map(([, width]) => width)
    expect(widths.map(([kind]) => kind)).toEqual(['own', 'other', 'bare'])
    expect(own / bare).toBeCloseTo(0.5, 1)
    expect(other / bare).toBeCloseTo(0.125, 1)
  })

  it('gives the speed of each client relative to respite', () => {
    expect(chart).toContain('>400</text>')
    expect(chart).toContain('>0.250x · 100</text>')
    expect(chart).toContain('>2.000x · 800</text>')
  })

  it('shows the slowest and the fastest round of each', () => {
    const [line = ''] =
      renderChart([measured({ respite: rates(200, 400) })], []).match(/<path class="spread" d="[^"]+"/) ?? []
    const [from = 0, to = 0] = [/M([\d.]+)/, /H([\d.]+)/].map((pattern) => Number(pattern.exec(line)?.[1]))
    const start = Number(/class="own" x="([\d.]+)"/.exec(chart)?.[1])
    expect((from - start) / (to - start)).toBeCloseTo(0.5, 2)
  })

  it('escapes titles', () => {
    expect(chart).toContain('>GET &lt;one&gt; &amp; another</text>')
  })

  it('has colors for light and dark, and loads nothing', () => {
    expect(chart).toContain('@media (prefers-color-scheme: dark)')
    expect(chart.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|url\(|@import|<script/)
  })

  it('places every panel between the heading and the end', () => {
    const many = renderChart(Array(9).fill(workload), [])
    const height = Number(/ height="(\d+)" role/.exec(many)?.[1])
    const tops = [...many.matchAll(/<rect class="own" x="[\d.]+" y="([\d.]+)"/g)].map(([, y]) => Number(y))
    expect(tops).toHaveLength(9)
    expect(Math.min(...tops)).toBeGreaterThan(60)
    expect(Math.max(...tops)).toBeLessThan(height)
  })
})

describe('text of a chart', () => {
  it('is broken at spaces', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrap('respite', 3)).toEqual(['respite'])
  })
})
