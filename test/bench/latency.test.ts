import { expect, it } from 'vitest'
import { measureLatency } from '../../bench/latency.js'

it('the latency of single commands is measured in new processes each round, begun by another contender', async () => {
  const turns: string[] = []
  let started = 0
  let closed = 0
  const start = async () => {
    started += 1
    return ['respite', 'ioredis'].map((name) => ({
      name,
      // What is measured while the compiler works must not count.
      latency: async (time: number) => {
        turns.push(`${name} ${time}`)
        return time === 50 ? [started * 10] : [9_999]
      },
      close: async () => {
        closed += 1
      },
    }))
  }
  const latencies = await measureLatency(start, { rounds: 3, time: 50 })
  expect([started, closed]).toEqual([3, 6])
  const [a, b] = [
    ['respite 500', 'respite 50'],
    ['ioredis 500', 'ioredis 50'],
  ]
  expect(turns).toEqual([a, b, b, a, a, b].flat())
  const figures = { p50: 20, p99: 30, p999: 30, samples: 3, rounds: 3 }
  expect(latencies).toEqual([
    { name: 'respite', ...figures },
    { name: 'ioredis', ...figures },
  ])
})
