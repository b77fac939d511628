import type { Pace } from '../rounds.js'
import type { Build } from './builds.js'
import type { Row } from './rows.js'
import { type Figure, type Stage, startSubject } from './subjects.js'

/** Version 0.1, or the build that is compared with it. */
export type Side = 'baseline' | 'present'

/** A turn of one side. */
export interface Turn extends Figure {
  readonly side: Side
}

/** The turns of a row, by round, in the order in which they were taken. */
export interface Measured {
  readonly row: Row
  readonly rounds: readonly (readonly Turn[])[]
}

/**
 * Measures rows in rounds. A round measures every row once, so that a slow minute of the machine affects one round of many rows, and
 * not many rounds of one row.
 *
 * @param announce called before each round
 */
export async function measureRows(
  rows: readonly Row[],
  builds: Readonly<Record<Side, Build>>,
  stage: Stage,
  { rounds, time }: Pace,
  announce: (round: number) => void,
): Promise<readonly Measured[]> {
  const measured = rows.map((row) => ({ row, rounds: [] as Turn[][] }))
  for (let round = 0; round < rounds; round += 1) {
    announce(round)
    for (const { row, rounds: done } of measured) {
      if (round < (row.mostRounds ?? rounds)) done.push(await measureRound(row, builds, stage, round, time))
    }
  }
  return measured
}

async function measureRound(
  row: Row,
  builds: Readonly<Record<Side, Build>>,
  stage: Stage,
  round: number,
  time: number,
): Promise<Turn[]> {
  const order = orderOf(round, row.turns)
  const [first = 'baseline', second = 'present'] = new Set(order)
  const started = [
    [first, await startSubject(row, builds[first], stage)],
    [second, await startSubject(row, builds[second], stage)],
  ] as const
  const subjects = new Map(started)
  const turns: Turn[] = []
  for (const side of order) {
    const figure = await subjects.get(side)?.turn(time)
    if (figure !== undefined) turns.push({ side, ...figure })
  }
  for (const [, subject] of started) await subject.close()
  return turns
}

/**
 * The order of the turns in a round: a b b a, and b a a b in the next one. A steady change, such as the temperature of the
 * processor, then affects both sides equally.
 *
 * @param turns of each side
 */
export function orderOf(round: number, turns: number): Side[] {
  const order: Side[] = []
  for (let pair = 0; pair < turns; pair += 1) {
    order.push(...((round + pair) % 2 === 0 ? (['baseline', 'present'] as const) : (['present', 'baseline'] as const)))
  }
  return order
}
