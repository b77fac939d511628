import { expect, it } from 'vitest'
import { type Contender, measureRates } from '../../../bench/cluster/rates.js'

const workloads = ['bursts', 'loops'].map((title) => ({ title, count: 1, on: () => () => Promise.resolve() }))

it('the rates of clients in a cluster are measured in new processes each round', async () => {
  let round = 0
  let [running, ended] = [0, 0]
  const contender = (label: string): Contender => {
    const own = round
    running += 1
    return {
      label,
      channel: {
        ask: async (call) => {
          const isLoops = call.kind === 'turn' && call.title === 'loops'
          return { throughput: 10 * own + (isLoops ? 1 : 0), rate: 0, cpu: own }
        },
        end: async () => {
          running -= 1
          ended += 1
        },
      },
    }
  }
  const start = async (): Promise<Contender[]> => {
    expect(running).toBe(0)
    round += 1
    return [contender('respite'), contender('ioredis')]
  }
  expect(await measureRates(start, workloads, { rounds: 3, time: 5 })).toEqual([
    {
      title: 'bursts',
      rates: { respite: [10, 20, 30], ioredis: [10, 20, 30] },
      cpu: { respite: [1, 2, 3], ioredis: [1, 2, 3] },
    },
    {
      title: 'loops',
      rates: { respite: [11, 21, 31], ioredis: [11, 21, 31] },
      cpu: { respite: [1, 2, 3], ioredis: [1, 2, 3] },
    },
  ])
  expect({ round, running, ended }).toEqual({ round: 3, running: 0, ended: 6 })
})
