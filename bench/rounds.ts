import { largestUncertainty } from './comparison.js'
import type { Turn } from './turn.js'
import type { Workload } from './workloads/workload.js'

/** How long is measured. */
export interface Pace {
  /** Rounds at the least. */
  readonly rounds: number
  /** Milliseconds for each contender in each round. */
  readonly time: number
}

/** How exactly is measured. */
export interface Precision extends Pace {
  /** Rounds at the most. */
  readonly mostRounds: number
  /** There are more rounds until every ratio is known to this share, with 95% confidence: 0.05 is 5%. */
  readonly precision: number
}

/** What was measured of one contender: an entry a round. */
export interface Figures {
  /** Commands (or messages) a second, over whole turns. */
  readonly rates: readonly number[]
  /** The same of the median call. */
  readonly medianCalls: readonly number[]
  /** Microseconds of processor time a command, of all threads of its process. */
  readonly cpu: readonly number[]
}

/** What was measured of a workload, by contender. */
export interface Measured {
  readonly title: string
  readonly unit: string
  readonly figures: Readonly<Record<string, Figures>>
  readonly targets: Readonly<Record<string, number>>
}

/** Who takes turns: see Contender. */
export interface TurnTaker {
  prepare(workload: Workload): Promise<readonly string[]>
  turn(name: string, time: number): Promise<Turn>
}

interface Entry {
  readonly contender: TurnTaker
  readonly name: string
  readonly rates: number[]
  readonly medianCalls: number[]
  readonly cpu: number[]
}

/** Times a turn: for the compiler of each process to see the workload. */
const warmup = 2

/**
 * Measures a workload in rounds. In each round every contender has its turn, alone, so that a slow moment of the machine
 * falls on all of them, and each round begins with another one, so that nobody always follows the same.
 *
 * How many rounds there are depends on how much the ratios vary, not on what they are.
 */
export async function measure(
  workload: Workload,
  contenders: readonly TurnTaker[],
  { rounds, time, mostRounds, precision }: Precision,
): Promise<Measured> {
  const entries: Entry[] = []
  for (const contender of contenders) {
    for (const name of await contender.prepare(workload)) {
      entries.push({ contender, name, rates: [], medianCalls: [], cpu: [] })
    }
  }
  for (const { contender, name } of entries) await contender.turn(name, time * warmup)
  const measured = {
    title: workload.title,
    unit: workload.unit ?? 'commands',
    figures: Object.fromEntries(
      entries.map(({ name, rates, medianCalls, cpu }) => [name, { rates, medianCalls, cpu }]),
    ),
    targets: workload.targets ?? {},
  }
  for (let round = 0; round < mostRounds; round += 1) {
    if (round >= rounds && largestUncertainty(measured) <= precision) break
    const first = round % Math.max(1, entries.length)
    for (const { contender, name, rates, medianCalls, cpu } of [...entries.slice(first), ...entries.slice(0, first)]) {
      const turn = await contender.turn(name, time)
      rates.push(turn.throughput)
      medianCalls.push(turn.rate)
      cpu.push(turn.cpu)
    }
  }
  return measured
}
