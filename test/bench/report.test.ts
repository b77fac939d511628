import { describe, expect, it } from 'vitest'
import { renderReport } from '../../bench/report.js'
import { measured, rates, results } from './figures.js'

const nothing = results({})

describe('the report', () => {
  it('begins with versions, machine and method', () => {
    const report = renderReport(nothing)
    expect(report).toContain('- respite 1.2.3\n- some processor\n')
    expect(report).toContain('\n3 to 9 rounds. In each')
  })

  it('has a line for each client, with its ratio and whether the target was met', () => {
    const figures = { respite: rates(400, 400), ioredis: rates(100, 50), 'node-redis': rates(200, 200) }
    const report = renderReport({ ...nothing, measured: [measured(figures, { ioredis: 7, 'node-redis': 1 / 1.15 })] })
    expect(report).toContain('| respite | 400 | 400 to 400 | 400 | 2500 |  |  |  |')
    // Two rounds that differ twofold tell little.
    expect(report).toContain('| ioredis | 71 | 50 to 100 | 71 | 14142 | ≈ 5.7x | 0.1 to 462.4 | 7x: open |')
    expect(report).toContain('| 2.000x | 2.000 to 2.000 | 0.87x: met |')
  })

  it('begins the workloads with a table of the ratios, with empty cells for missing ones', () => {
    const first = measured({ respite: rates(4), ioredis: rates(2), 'bare socket': rates(8) })
    const second = { ...measured({ respite: rates(4), ioredis: rates(1) }), title: 'another' }
    const report = renderReport({ ...nothing, measured: [first, second] })
    expect(report).toContain('| respite is, compared with | ioredis | bare socket |')
    expect(report).toContain('| GET <one> & another | ~2x | ~0.5x |')
    expect(report).toContain('| another | ~4x |  |')
  })

  it('names each ratio that is not known as exactly as stated', () => {
    const exact = measured({ respite: rates(4, 4), ioredis: rates(2, 2) })
    const vague = { ...measured({ respite: rates(4, 4), ioredis: rates(2, 2.2) }), title: 'vague' }
    expect(renderReport({ ...nothing, measured: [exact] })).toContain('Every ratio is known to 5%.')
    const report = renderReport({ ...nothing, measured: [exact, vague] })
    expect(report).toContain('Not known to 5%')
    expect(report).toContain('- vague, compared with ioredis (83%)')
    expect(report).not.toContain('- GET <one> & another, compared with')
  })

  it('names each ratio that is more than twice as large in one round as in another', () => {
    const steady = measured({ respite: rates(4, 4, 4), ioredis: rates(2, 2, 3.9) })
    const wild = { ...measured({ respite: rates(4, 4, 4), ioredis: rates(2, 2, 4.2) }), title: 'wild' }
    const report = renderReport({ ...nothing, measured: [steady, wild] })
    expect(report).toContain('more than 2 times the smallest one:\n\n- wild, compared with ioredis (2.1)\n')
    expect(renderReport({ ...nothing, measured: [steady] })).not.toContain('times the smallest one')
  })

  it('says that a target was not met only if the whole interval is below it', () => {
    const report = (other: number): string =>
      renderReport({
        ...nothing,
        measured: [measured({ respite: rates(4, 4), ioredis: rates(2, other) }, { ioredis: 2.1 })],
      })
    expect(report(2)).toContain('2.1x: NOT met')
    expect(report(1.5)).toContain('2.1x: open')
  })

  it('has a section for TLS', () => {
    expect(renderReport(nothing)).not.toContain('TLS')
    const report = renderReport({ ...nothing, tls: [measured({ respite: rates(4, 4), ioredis: rates(2, 2) })] })
    expect(report).toContain('## Over TLS')
    expect(report).toContain('### GET <one> & another')
  })

  it('shows what one core costs the threads of valkey-glide', () => {
    const glide = [measured({ 'valkey-glide': rates(2, 2), 'valkey-glide on all cores': rates(4, 4) })]
    expect(renderReport({ ...nothing, glide })).toContain('## valkey-glide on all cores')
  })

  it('includes a workload without respite', () => {
    const report = renderReport({ ...nothing, measured: [{ ...measured({ ioredis: rates(5) }), unit: 'messages' }] })
    expect(report).toContain('| client | messages/s | slowest to fastest round | median call | CPU µs/message |')
    expect(report).toContain('| ioredis | 5 | 5 to 5 | 5 | 200000 |  |  |  |')
  })

  it('gives latencies in microseconds and memory in bytes', () => {
    const report = renderReport({
      ...nothing,
      latencies: [{ name: 'respite', p50: 45.04, p99: 81.9, p999: 174.2, samples: 6_123 }],
      memory: [{ name: 'respite', heap: 619.4, rss: 715.6 }],
    })
    expect(report).toContain('| respite | 45.0 µs | 81.9 µs | 174 µs | 6,123 |')
    expect(report).toContain('| respite | 619 B | 716 B |')
  })

  it('has a section for Bun if it was measured', () => {
    const workloads = [measured({ respite: rates(1) })]
    expect(renderReport({ ...nothing, measured: workloads })).not.toContain('On Bun')
    const onBun = { version: '1.2.3', measured: workloads }
    expect(renderReport({ ...nothing, measured: workloads, onBun })).toContain('## On Bun 1.2.3')
  })

  it("compares respite on Bun and on Node.js with Bun's client", () => {
    const figures = { respite: rates(6, 6), 'Bun.RedisClient': rates(4, 4), 'respite on Node': rates(3, 3) }
    const onBun = { version: '1.2.3', measured: [measured(figures)] }
    const report = renderReport({ ...nothing, measured: [measured({ respite: rates(1) })], onBun })
    expect(report).toContain('| respite on Bun | respite on Node | bare socket on Bun | bare socket that keeps it |')
    expect(report).toContain('| GET <one> & another | 1.500x | 0.750x |  |  |')
  })
})
