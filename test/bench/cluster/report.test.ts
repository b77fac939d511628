import { describe, expect, it } from 'vitest'
import { type ClusterResults, missed, misses, ratioOf, renderCluster, titles } from '../../../bench/cluster/report.js'

const nothing: ClusterResults = { environment: ['respite 1.2.3'], one: [], three: [], pipelines: [], kills: [] }

const rates = (figures: Record<string, readonly number[]>) => ({
  title: 'GET',
  rates: figures,
  cpu: { createClient: [0.4, 0.5, 0.9], createCluster: [0.6] },
})
const client = [100_000, 200_000]

describe('the report of the cluster', () => {
  it('leaves out what was not measured', () => {
    const report = renderCluster(nothing)
    expect(report).toContain('- respite 1.2.3')
    for (const title of Object.values(titles)) expect(report).not.toContain(title)
  })

  it('compares createCluster with createClient within each round, and with the target', () => {
    const slower = rates({ createClient: client, createCluster: [90_000, 180_000] })
    const asFast = rates({ createClient: client, createCluster: [100_000, 200_000] })
    const unclear = rates({ createClient: client, createCluster: [100_000, 170_000] })
    const report = renderCluster({ ...nothing, one: [slower, asFast, unclear] })
    expect(report).toContain('| GET | 141 k | 127 k | 0.900x | 0.900 to 0.900 | missed | 0.50 µs | 0.60 µs |')
    expect(report).toContain('| GET | 141 k | 141 k | 1.000x | 1.000 to 1.000 | met | 0.50 µs | 0.60 µs |')
    expect(report).toMatch(/\| GET \| 141 k \| 130 k \| 0\.9x \| .* \| within the noise \| 0/)
  })

  it('fails only on what is certainly below the target', () => {
    expect(misses({ ratio: 0.91, low: 0.9, high: 0.919 })).toBe(true)
    expect(misses({ ratio: 0.91, low: 0.9, high: 0.93 })).toBe(false)
    const slower = rates({ createClient: client, createCluster: [90_000, 180_000] })
    const asFast = rates({ createClient: client, createCluster: client })
    expect(missed({ ...nothing, one: [asFast, slower] })).toEqual([slower])
    expect(missed(nothing)).toEqual([])
  })

  it('says how many times as fast respite is as each other client', () => {
    const three = rates({ respite: client, ioredis: [50_000, 100_000], other: [200_000, 400_000] })
    expect(ratioOf(three, 'respite', 'ioredis').ratio).toBeCloseTo(2)
    const report = renderCluster({ ...nothing, three: [three] })
    expect(report).toContain('respite is, against ioredis')
    expect(report).toContain('| GET | 141 k | 71 k | 283 k | 2.000x | 0.500x |')
  })

  it('compares pipelines within each round', () => {
    const pipelines = [
      { client: 'respite', calls: { rounds: [[3, 4, 5], [8]] }, pipeline: undefined },
      { client: 'b', calls: { rounds: [[100, 120, 140], [240]] }, pipeline: { rounds: [[10, 20, 30], [80]] } },
    ]
    const report = renderCluster({ ...nothing, pipelines })
    expect(report).toContain('| respite | calls in one tick |  | 6.0 ms | 8.0 ms |  |  |')
    // 120 / 4 and 240 / 8
    expect(report).toMatch(/\| b \| calls in one tick \| {2}\| 180 ms \| 240 ms \| 30\.\d*x \| 30\.\d* to 30\.\d* \|/)
    // 20 / 4 and 80 / 8: the geometric mean is 7
    expect(report).toMatch(/\| b \| its pipeline \| {2}\| 50\.0 ms \| 80\.0 ms \| 7\.\dx \|/)
    expect(report).toContain('as long as the calls of respite')
    expect(report).not.toContain('respite | its pipeline')
  })

  it('says where a pipeline is refused, and nothing of this machine', () => {
    const refused = { refusal: 'MOVED 1 127.0.0.1:7000' }
    const pipelines = [{ client: 'b', calls: { rounds: [[120, 130]] }, pipeline: refused }]
    const report = renderCluster({ ...nothing, pipelines })
    expect(report).toContain('| b | its pipeline | refused: MOVED 1 host:port |  |  |  |  |')
  })

  it('compares each recovery with that of the servers in the same failover', () => {
    const kill = (servers: number, respite: number | undefined) => ({
      servers,
      clients: { respite: { recovered: respite, rejected: 2 } },
    })
    const report = renderCluster({ ...nothing, kills: [kill(2_000, 2_050), kill(3_000, 3_250), kill(2_500, 2_600)] })
    expect(report).toContain('3 times, a master of three is killed')
    expect(report).toContain('| the servers | 2500 ms | 3000 ms |  |  |  |')
    expect(report).toContain('| respite | 2600 ms | 3250 ms | 100 ms | 250 ms | 2 |')
    const never = renderCluster({ ...nothing, kills: [kill(2_000, undefined)] })
    expect(never).toContain('| respite | none | none | none | none | 2 |')
  })
})
