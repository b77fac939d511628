import type { Contender } from './contender.js'
import type { Workload } from './workloads/workload.js'

/** How long is measured. */
export interface Pace {
  readonly rounds: number
  /** Milliseconds for each contender in each round. */
  readonly time: number
}

/** What was measured of one contender: an entry a round. */
export interface Figures {
  /** Commands (or messages) a second, of the median call. */
  readonly rates: readonly number[]
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

interface Entry {
  readonly contender: Contender
  readonly name: string
  readonly rates: number[]
  readonly cpu: number[]
}

/** Times a turn: for the compiler of each process to see the workload. */
const warmup = 2

/**
 * Measures a workload in rounds. In each round every contender has its turn, alone, so that a slow moment of the machine
 * falls on all of them, and each round begins with another one, so that nobody always follows the same.
 */
export async function measure(
  workload: Workload,
  contenders: readonly Contender[],
  { rounds, time }: Pace,
): Promise<Measured> {
  const entries: Entry[] = []
  for (const contender of contenders) {
    for (const name of await contender.prepare(workload.title)) entries.push({ contender, name, rates: [], cpu: [] })
  }
  for (const { contender, name } of entries) await contender.turn(name, time * warmup)
  for (let round = 0; round < rounds; round += 1) {
    const first = round % entries.length
    for (const { contender, name, rates, cpu } of [...entries.slice(first), ...entries.slice(0, first)]) {
      const turn = await contender.turn(name, time)
      rates.push(turn.rate)
      cpu.push(turn.cpu)
    }
  }
  return {
    title: workload.title,
    unit: workload.unit ?? 'commands',
    figures: Object.fromEntries(entries.map(({ name, rates, cpu }) => [name, { rates, cpu }])),
    targets: workload.targets ?? {},
  }
}
