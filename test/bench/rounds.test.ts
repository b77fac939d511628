import { describe, expect, it } from 'vitest'
import { measure, type TurnTaker } from '../../bench/rounds.js'

const workload = { title: 'a workload', count: 1, on: () => undefined }

/** Notes every turn and every end of the contenders of a plan. */
class Log {
  readonly turns: string[] = []
  readonly times: number[] = []
  started = 0
  closed = 0

  /** A contender with these rates, one for each round; the last one repeats. */
  contender(name: string, rates: readonly number[], round: number): TurnTaker {
    return {
      name,
      prepare: async () => [name],
      turn: async (_, time) => {
        this.turns.push(name)
        this.times.push(time)
        const throughput = rates[Math.min(round, rates.length - 1)] ?? 0
        return { throughput, rate: 2 * throughput, cpu: 1 }
      },
      close: async () => {
        this.closed += 1
      },
    }
  }

  plan(own: readonly number[], other: readonly number[], workloads = [workload]) {
    return {
      workloads,
      start: async () => {
        this.started += 1
        const round = this.started - 1
        return [this.contender('respite', own, round), this.contender('ioredis', other, round)]
      },
    }
  }
}

const pace = { rounds: 2, mostRounds: 5, time: 1, precision: 0.05 }

describe('the rounds of a run', () => {
  it('end as soon as every ratio is known as exactly as asked', async () => {
    const [measured] = await measure(new Log().plan([4], [2]), pace)
    expect(measured?.figures).toEqual({
      respite: { rates: [4, 4], medianCalls: [8, 8], cpu: [1, 1] },
      ioredis: { rates: [2, 2], medianCalls: [4, 4], cpu: [1, 1] },
    })
  })

  it('go on while one is not, but not without end', async () => {
    const [measured] = await measure(new Log().plan([4], [2, 3, 1, 3, 1]), pace)
    expect(measured?.figures.respite?.rates).toHaveLength(5)
  })

  it('start new processes each, and end them also if a turn fails', async () => {
    const log = new Log()
    await measure(log.plan([4], [2]), pace)
    expect([log.started, log.closed]).toEqual([2, 4])
    const failing = log.plan([4], [2])
    const start = async () => {
      const [first, second] = await failing.start()
      return [first, { ...second, turn: () => Promise.reject(new Error('the process has ended')) }] as TurnTaker[]
    }
    await expect(measure({ ...failing, start }, pace)).rejects.toThrow('the process has ended')
    expect([log.started, log.closed]).toEqual([3, 6])
  })

  it('begin with another contender each, and with a long turn for the compiler in each new process', async () => {
    const log = new Log()
    await measure(log.plan([4], [2], [workload, { ...workload, title: 'another' }]), { ...pace, mostRounds: 2 })
    const [a, b] = ['respite', 'ioredis']
    // A warm-up and a turn each.
    expect(log.turns).toEqual([a, a, b, b, a, a, b, b, b, b, a, a, b, b, a, a])
    const times = [10, 1, 10, 1, 1, 1, 1, 1]
    expect(log.times).toEqual([...times, ...times])
  })

  it('that follow the least number measure only the workloads that are not known well enough', async () => {
    const log = new Log()
    const plan = log.plan([4], [2, 2, 3])
    const vague = { ...workload, title: 'vague' }
    let of = ''
    const measured = await measure(
      {
        workloads: [workload, vague],
        start: async () =>
          (await plan.start()).map((contender) => ({
            ...contender,
            prepare: async ({ title }) => {
              of = title
              return [contender.name]
            },
            turn: async () => {
              const throughput = of === 'vague' && contender.name === 'ioredis' ? log.started : 4
              return { throughput, rate: throughput, cpu: 1 }
            },
          })),
      },
      pace,
    )
    expect(measured.map(({ figures }) => figures.respite?.rates.length)).toEqual([2, 5])
  })
})
