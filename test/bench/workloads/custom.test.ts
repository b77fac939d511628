import { describe, expect, it } from 'vitest'
import type { BenchClient } from '../../../bench/clients/client.js'
import { contentOf, keyOf, titleOf, workloadOf } from '../../../bench/workloads/custom.js'
import { range } from '../../../bench/workloads/data.js'

const custom = { bytes: [16, 16], loops: 4, keys: 10, writes: 20 } as const

/** A client that notes what it is asked for. */
function recorder(): { client: BenchClient; read: string[]; written: string[] } {
  const [read, written]: [string[], string[]] = [[], []]
  const client = {
    get: async (key: string) => void read.push(key),
    set: async (key: string) => void written.push(key),
  } as unknown as BenchClient
  return { client, read, written }
}

describe('a workload of the user', () => {
  it('says in its title what it does', () => {
    expect(titleOf(custom)).toBe('GET and SET, 80 to 20, 16 bytes, 10 keys, 4 loops')
    expect(titleOf({ bytes: [1, 2_000], loops: 1, keys: 1, writes: 0 })).toBe('GET, 1 to 2,000 bytes, 1 key, 1 loop')
  })

  it('sends as many commands as it counts, so many of them writes, and reaches every key', async () => {
    const { client, read, written } = recorder()
    const { count, on } = workloadOf(custom)
    await (await on(client, undefined as never))?.()
    expect(read.length + written.length).toBe(count)
    expect(written.length / count).toBeCloseTo(0.2, 1)
    expect(new Set([...read, ...written])).toEqual(new Set(range(10).map(keyOf)))
  })

  it('has values of the same sizes in every process, small ones as often as large ones', () => {
    const sizes = range(1_000).map((index) => contentOf({ ...custom, bytes: [10, 1_000] }, index).length)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(10)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000)
    expect(sizes.filter((size) => size < 100).length / 1_000).toBeCloseTo(0.5, 1)
  })
})
