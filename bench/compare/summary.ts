import { median } from '../quantile.js'
import { type Estimate, estimate } from './interval.js'
import type { Measured, Side, Turn } from './rounds.js'
import type { Row } from './rows.js'
import { isLinear, judge, type Verdict } from './verdict.js'

/** The result of a row. */
export interface Summary {
  readonly row: Row
  /** The speed of this build divided by that of version 0.1, for each round. Above 1: this build is faster, or smaller. */
  readonly ratios: readonly number[]
  readonly estimate: Estimate
  /** The median of all turns of each side, in the unit of the row. */
  readonly medians: Readonly<Record<Side, number>>
  /** Undefined if the row is only reported. */
  readonly verdict: Verdict | undefined
  /** For a decoder: the time for twice the bytes divided by the time for the bytes. */
  readonly doubling: Readonly<Record<Side, Estimate>> | undefined
}

/** Computes the ratio within each round, in which the machine is the same for both builds. */
export function summarize({ row, rounds }: Measured): Summary {
  const ratios = rounds.map((turns) => ratioOf(turns, row))
  const estimated = estimate(ratios)
  return {
    row,
    ratios,
    estimate: estimated,
    medians: bothSides((side) => median(valuesOf(rounds.flat(), side, 'value'))),
    verdict: row.judged ? judge(estimated) : undefined,
    doubling:
      row.kind === 'decode'
        ? bothSides((side) => estimate(rounds.map((turns) => middleMean(valuesOf(turns, side, 'doubling')))))
        : undefined,
  }
}

/** The ratio of a round: the mean of the ratios of pairs of neighboring turns, one of each build. */
function ratioOf(turns: readonly Turn[], { larger }: Row): number {
  const [baseline, present] = [valuesOf(turns, 'baseline', 'value'), valuesOf(turns, 'present', 'value')]
  const ratio = middleMean(present.map((value, pair) => value / (baseline[pair] ?? Number.NaN)))
  return larger === 'better' ? ratio : 1 / ratio
}

/**
 * The geometric mean of the middle half, which leaves out turns during which another program ran on the same core. With less than
 * four ratios, all of them.
 */
function middleMean(ratios: readonly number[]): number {
  const left = Math.floor(ratios.length / 4)
  const middle = ratios.toSorted((a, b) => a - b).slice(left, ratios.length - left)
  return Math.exp(middle.reduce((sum, ratio) => sum + Math.log(ratio), 0) / middle.length)
}

/** Whether a row makes the run fail. */
export const fails = ({ verdict, doubling }: Summary): boolean =>
  verdict === 'slower' || (doubling !== undefined && !isLinear(doubling.present))

const valuesOf = (turns: readonly Turn[], side: Side, what: 'value' | 'doubling'): number[] =>
  turns.filter((turn) => turn.side === side).map((turn) => turn[what] ?? Number.NaN)

const bothSides = <T>(of: (side: Side) => T): Record<Side, T> => ({
  baseline: of('baseline'),
  present: of('present'),
})
