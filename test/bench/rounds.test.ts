import { describe, expect, it } from 'vitest'
import { measure, type TurnTaker } from '../../bench/rounds.js'

const workload = { title: 'a workload', count: 1, on: () => undefined }

/** A contender whose turns come to these rates, the first one being the warm-up; the last one repeats. */
const contender = (name: string, turns: string[], ...rates: number[]): TurnTaker => {
  let next = 0
  return {
    prepare: async () => [name],
    turn: async () => {
      turns.push(name)
      const throughput = rates[Math.min(next, rates.length - 1)] ?? 0
      next += 1
      return { throughput, rate: 2 * throughput, cpu: 1 }
    },
  }
}

const pace = { rounds: 2, mostRounds: 5, time: 1, precision: 0.05 }

describe('the rounds of a workload', () => {
  it('end as soon as every ratio is known as exactly as asked', async () => {
    const turns: string[] = []
    const both = [contender('respite', turns, 9, 4), contender('ioredis', turns, 9, 2)]
    const { figures } = await measure(workload, both, pace)
    expect(figures).toEqual({
      respite: { rates: [4, 4], medianCalls: [8, 8], cpu: [1, 1] },
      ioredis: { rates: [2, 2], medianCalls: [4, 4], cpu: [1, 1] },
    })
  })

  it('go on while one is not, but not without end', async () => {
    const both = [contender('respite', [], 9, 4), contender('ioredis', [], 9, 2, 3, 1, 3, 1)]
    expect((await measure(workload, both, pace)).figures.respite?.rates).toHaveLength(5)
  })

  it('begin with another contender each', async () => {
    const turns: string[] = []
    await measure(workload, [contender('respite', turns, 4), contender('ioredis', turns, 2)], pace)
    expect(turns).toEqual(['respite', 'ioredis', 'respite', 'ioredis', 'ioredis', 'respite'])
  })
})
