import { expect, it } from 'vitest'
import type { Pipelines } from '../../../bench/cluster/child.js'
import { measurePipelines, timesAsLong } from '../../../bench/cluster/pipelines.js'
import type { Contender } from '../../../bench/cluster/rates.js'

/** Clients that are started for each round; `taken` are their answers in that round. */
function clients(taken: Readonly<Record<string, (round: number, how: string) => Pipelines>>) {
  const log = { round: -1, running: 0, order: [] as string[] }
  const start = async (): Promise<Contender[]> => {
    expect(log.running).toBe(0)
    log.round += 1
    return Object.entries(taken).map(([label, answer]) => {
      log.running += 1
      const ask: Contender['channel']['ask'] = async (call) => {
        if (call.kind !== 'pipeline') throw new Error(`unexpected ${call.kind}`)
        log.order.push(`${log.round} ${label} ${call.how} ${call.count}`)
        return answer(log.round, call.how)
      }
      const end = async (): Promise<void> => {
        log.running -= 1
      }
      return { label, channel: { ask, end } }
    })
  }
  return { start, log }
}

it('pipelines are measured in new processes each round, which another client begins', async () => {
  const { start, log } = clients({
    respite: (round, how) => (how === 'calls' ? { times: [1 + round] } : undefined),
    ioredis: (round) => ({ times: [10 + round, 11] }),
  })
  const figures = await measurePipelines(start, { rounds: 2, count: 7 })
  expect(figures).toEqual([
    { client: 'respite', calls: { rounds: [[1], [2]] }, pipeline: undefined },
    {
      client: 'ioredis',
      calls: {
        rounds: [
          [10, 11],
          [11, 11],
        ],
      },
      pipeline: {
        rounds: [
          [10, 11],
          [11, 11],
        ],
      },
    },
  ])
  expect(log.order).toEqual([
    '0 respite calls 7',
    '0 respite pipeline 7',
    '0 ioredis calls 7',
    '0 ioredis pipeline 7',
    '1 ioredis calls 7',
    '1 ioredis pipeline 7',
    '1 respite calls 7',
    '1 respite pipeline 7',
  ])
  expect(log.running).toBe(0)
  expect(timesAsLong(figures[1]?.calls, figures[0]?.calls)).toEqual([10.5, 5.5])
})

it('a pipeline that is refused in one round has no figures', async () => {
  const { start } = clients({ b: (round) => (round === 1 ? { refusal: 'MOVED' } : { times: [1] }) })
  const [figures] = await measurePipelines(start, { rounds: 3, count: 1 })
  expect(figures).toEqual({ client: 'b', calls: { refusal: 'MOVED' }, pipeline: { refusal: 'MOVED' } })
  expect(timesAsLong({ rounds: [[1]] }, figures?.calls)).toEqual([])
})

it('processes are ended if one of them fails', async () => {
  const { start, log } = clients({
    b: () => {
      throw new Error('it is gone')
    },
  })
  await expect(measurePipelines(start, { rounds: 3, count: 1 })).rejects.toThrow('it is gone')
  expect(log.running).toBe(0)
})
