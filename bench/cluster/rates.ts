import type { Channel } from '../channel.js'
import { measure, type Pace, type TurnTaker } from '../rounds.js'
import type { Turn } from '../turn.js'
import type { ClusterCall } from './child.js'
import type { Rates } from './report.js'
import type { ClusterWorkload } from './workloads.js'

/** One client in a process of its own. */
export interface Contender {
  /** What its figures stand under. */
  readonly label: string
  readonly channel: Pick<Channel<ClusterCall>, 'ask' | 'end'>
}

/**
 * Measures clients in rounds, each in new processes: see `measure`.
 *
 * @param start starts the clients
 */
export async function measureRates(
  start: () => Promise<readonly Contender[]>,
  workloads: readonly ClusterWorkload[],
  { rounds, time }: Pace,
): Promise<readonly Rates[]> {
  const plan = {
    // Their processes know what belongs to a title.
    workloads: workloads.map(({ title, count }) => ({ title, count, on: () => undefined })),
    start: async () => (await start()).map(turnTaker),
  }
  const measured = await measure(plan, { rounds, mostRounds: rounds, time, precision: 0 })
  return measured.map(({ title, figures }) => {
    const each = Object.entries(figures)
    return {
      title,
      rates: Object.fromEntries(each.map(([label, { rates }]) => [label, rates])),
      cpu: Object.fromEntries(each.map(([label, { cpu }]) => [label, cpu])),
    }
  })
}

function turnTaker({ label, channel }: Contender): TurnTaker {
  let title = ''
  return {
    name: label,
    prepare: async (workload) => {
      title = workload.title
      return [label]
    },
    turn: async (_, time) => (await channel.ask({ kind: 'turn', title, time })) as Turn,
    close: () => channel.end({ kind: 'close' }),
  }
}
