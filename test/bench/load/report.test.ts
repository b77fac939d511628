import { describe, expect, it } from 'vitest'
import { type LoadResults, renderLoad, titles } from '../../../bench/load/report.js'
import { measured, rates } from '../figures.js'

const nothing: LoadResults = {
  environment: ['respite 1.2.3'],
  rounds: 3,
  rates: [],
  limit: 100,
  lateness: [],
  recoveries: [],
  downAfter: 500,
  failovers: [],
  delayed: undefined,
}

describe('the report of the load', () => {
  it('leaves out what was not measured', () => {
    const report = renderLoad(nothing)
    expect(report).toContain('- respite 1.2.3')
    for (const title of Object.values(titles)) expect(report).not.toContain(title)
  })

  it('gives latencies by rate, and says where a client cannot keep up', () => {
    const at = { asked: 20_000, answered: 20_000, p50: 0.05, p99: 0.2, p999: 12.4, failed: 0 }
    const reached = [at, { ...at, asked: 50_000, answered: 31_000 }]
    const report = renderLoad({ ...nothing, rates: [{ name: 'respite', reached }] })
    expect(report).toContain('| respite | 20 k | 20 k | 0.05 ms | 0.20 ms | 12 ms |  |')
    expect(report).toContain('| respite | 50 k | 31 k | 0.05 ms | 0.20 ms | 12 ms | can’t keep up |')
    expect(report).toContain('compete with it')
    expect(renderLoad(nothing)).toContain('valkey-glide works in separate threads.')
  })

  it('says where a time limit never fired, and where the full rate was not reached', () => {
    const report = renderLoad({
      ...nothing,
      lateness: [{ name: 'a', lateness: { p50: Number.NaN, p99: Number.NaN, fired: 0, calls: 9 } }],
      recoveries: [{ name: 'b', all: [{ firstReply: 40, fullRate: undefined, failed: 2 }] }],
    })
    expect(report).toContain('| a | never | never | 0 of 9 |')
    expect(report).toContain('| b | 40 ms | not reached | 2 |')
  })

  it('gives recovery after a failover in a separate section', () => {
    const round = { firstReply: 20, fullRate: 160, failed: 64 }
    const all = [round, { ...round, firstReply: 400, fullRate: undefined }, { ...round, firstReply: 60 }]
    const failovers = [{ name: 'a', all }]
    const report = renderLoad({ ...nothing, failovers })
    expect(report).toContain(`## ${titles.failover}`)
    expect(report).toContain('has not answered for\n500 ms')
    expect(report).toContain('the median of 3 rounds')
    expect(report).toContain('| a | 60 ms (20 ms to 400 ms) | 160 ms (160 ms to not reached) | 64 |')
  })

  it('compares clients with the delay, and says what a round trip takes there', () => {
    const delayed = { measured: [measured({ respite: rates(4, 4), ioredis: rates(2, 2) })], roundTrip: 1.25 }
    const report = renderLoad({ ...nothing, delayed })
    expect(report).toContain('takes 1.25 ms through it')
    expect(report).toContain('| GET <one> & another | 4 | 2.000x |')
    const vague = { ...delayed, measured: [measured({ respite: rates(4, 4), ioredis: rates(2, 9) })] }
    expect(renderLoad({ ...nothing, delayed: vague })).toMatch(/\| ≈ 0\.9x \|/)
  })
})
