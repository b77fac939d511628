import { largestUncertainty } from './comparison.js'
import type { Turn } from './turn.js'
import type { Workload } from './workloads/workload.js'

/** How long to measure. */
export interface Pace {
  /** The least number of rounds. */
  readonly rounds: number
  /** Milliseconds for each contender in each round. */
  readonly time: number
}

/** How exactly to measure. */
export interface Precision extends Pace {
  /** The largest number of rounds. */
  readonly mostRounds: number
  /** Rounds go on until every ratio is known to this share, with 95% confidence: 0.05 is 5%. */
  readonly precision: number
}

/** The figures of one contender, an entry for each round. */
export interface Figures {
  /** Commands, or messages, per second over whole turns. */
  readonly rates: readonly number[]
  /** The same of the median call. */
  readonly medianCalls: readonly number[]
  /** Microseconds of processor time per command, of all threads of its process. */
  readonly cpu: readonly number[]
}

/** The figures of a workload, by contender. */
export interface Measured {
  readonly title: string
  readonly unit: string
  readonly figures: Readonly<Record<string, Figures>>
  readonly targets: Readonly<Record<string, number>>
}

/** Takes turns: see Contender. */
export interface TurnTaker {
  readonly name: string
  prepare(workload: Workload): Promise<readonly string[]>
  turn(name: string, time: number): Promise<Turn>
  close(): Promise<void>
}

/** The workloads and the contenders of a measurement. */
export interface Plan {
  readonly workloads: readonly Workload[]
  /** Starts the contenders, in new processes. */
  readonly start: () => Promise<readonly TurnTaker[]>
  /** Called before each round. `count`: how many workloads it measures. */
  beforeRound?(round: number, count: number): void
  /** Called before the turns of a workload. */
  beforeWorkload?(workload: Workload): Promise<void>
}

interface Entry extends Figures {
  readonly rates: number[]
  readonly medianCalls: number[]
  readonly cpu: number[]
}

/** The first turn in a new process, which is not measured, is so many times as long: the compiler has seen nothing yet. */
export const firstWarmup = 10

/** The order of a round: each begins with another one, so that none of them always follows the same one. */
export function orderOf<T>(all: readonly T[], round: number): readonly T[] {
  const first = round % Math.max(1, all.length)
  return [...all.slice(first), ...all.slice(0, first)]
}

/** The contenders of one round: starts them in new processes, and ends them in any case. */
export async function withNew<C extends Pick<TurnTaker, 'close'>>(
  start: () => Promise<readonly C[]>,
  use: (contenders: readonly C[]) => Promise<void>,
): Promise<void> {
  const contenders = await start()
  try {
    await use(contenders)
  } finally {
    await Promise.all(contenders.map((contender) => contender.close()))
  }
}

/**
 * Measures workloads in rounds. In each round, every contender runs in a new process and has one turn for each workload, after a
 * turn for the compiler that is not measured. A process keeps what chance gave it, such as the layout of its memory or what the
 * compiler decided: rounds in the same process would agree with each other more than two runs do, and their interval would be too
 * narrow.
 *
 * The turns of a workload follow one another, so that a slow moment of the machine affects all contenders.
 *
 * The number of rounds depends on how much the ratios vary, not on what they are.
 */
export async function measure(plan: Plan, precision: Precision): Promise<Measured[]> {
  const { workloads } = plan
  const all = workloads.map((workload) => ({ workload, entries: new Map<string, Entry>() }))
  for (let round = 0; round < precision.mostRounds; round += 1) {
    const wanted =
      round < precision.rounds
        ? all
        : all.filter(({ workload, entries }) => largestUncertainty(measured(workload, entries)) > precision.precision)
    if (wanted.length === 0) break
    plan.beforeRound?.(round, wanted.length)
    await withNew(plan.start, async (contenders) => {
      const warm = new Set<TurnTaker>()
      for (const { workload, entries } of wanted) {
        await plan.beforeWorkload?.(workload)
        await measureRound(workload, { entries, contenders, warm, round, time: precision.time })
      }
    })
  }
  return all.map(({ workload, entries }) => measured(workload, entries))
}

interface Round {
  readonly entries: Map<string, Entry>
  readonly contenders: readonly TurnTaker[]
  /** Those that have had a turn in their process. */
  readonly warm: Set<TurnTaker>
  readonly round: number
  readonly time: number
}

/** The turns of a workload in one round. */
async function measureRound(workload: Workload, { entries, contenders, warm, round, time }: Round): Promise<void> {
  const turns: { contender: TurnTaker; name: string }[] = []
  for (const contender of contenders) {
    for (const name of await contender.prepare(workload)) turns.push({ contender, name })
  }
  for (const { name } of turns) if (!entries.has(name)) entries.set(name, { rates: [], medianCalls: [], cpu: [] })
  for (const { contender, name } of orderOf(turns, round)) {
    await contender.turn(name, warm.has(contender) ? time : firstWarmup * time)
    warm.add(contender)
    const { throughput, rate, cpu } = await contender.turn(name, time)
    const entry = entries.get(name)
    entry?.rates.push(throughput)
    entry?.medianCalls.push(rate)
    entry?.cpu.push(cpu)
  }
}

const measured = ({ title, unit = 'commands', targets = {} }: Workload, entries: Map<string, Entry>): Measured => ({
  title,
  unit,
  targets,
  figures: Object.fromEntries(entries),
})
