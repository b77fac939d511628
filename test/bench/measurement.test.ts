import { describe, expect, it } from 'vitest'
import { readFlags } from '../../bench/flags.js'
import { titles, wantedBy } from '../../bench/measurement.js'

const wanted = (...args: string[]) => wantedBy(readFlags(args))

describe('what is measured', () => {
  it('is everything by default', () => {
    const { workloads, clients } = wanted()
    // Latency and memory are no workloads.
    expect(workloads).toHaveLength(titles.length - 2)
    expect(clients).toEqual(['respite', 'ioredis', 'ioredis auto-pipelining', 'iovalkey', 'node-redis', 'valkey-glide'])
  })

  it('is a part in the short form', () => {
    const { workloads, clients } = wanted('--short')
    expect(workloads).toHaveLength(8)
    expect(clients).toEqual(['respite', 'ioredis', 'node-redis'])
  })

  it('can be chosen by title and by client', () => {
    const { workloads, clients } = wanted('--only', 'GET, 64', '--clients', 'respite,iovalkey')
    expect(workloads.map(({ title }) => title)).toEqual(['GET, 64 concurrent loops'])
    expect(clients).toEqual(['respite', 'iovalkey'])
    expect(wanted('--only', 'Memory').workloads).toEqual([])
  })

  it('is one workload of the user', () => {
    const { workloads } = wanted('--bytes', '100', '--loops', '3')
    expect(workloads.map(({ title }) => title)).toEqual(['GET, 100 bytes, 1 key, 3 loops'])
  })

  it('must exist', () => {
    expect(() => wanted('--only', 'FLUSHALL')).toThrow('--only: no title contains "FLUSHALL"')
    expect(() => wanted('--clients', 'ioredis,redis')).toThrow(
      '--clients: there is no "redis"; there are respite, ioredis',
    )
  })
})
