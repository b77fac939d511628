import { median } from '../quantile.js'
import { type Estimate, estimate } from './interval.js'
import type { Measured, Side, Turn } from './rounds.js'
import type { Row } from './rows.js'
import { isLinear, judge, type Verdict } from './verdict.js'

/** What the rounds of a row come to. */
export interface Summary {
  readonly row: Row
  /** This build's speed divided by that of version 0.1, of each round. Above 1: this build is faster, or smaller. */
  readonly ratios: readonly number[]
  readonly estimate: Estimate
  /** The median figure of each side, in the unit of the row. */
  readonly medians: Readonly<Record<Side, number>>
  /** Undefined where the row is only stated. */
  readonly verdict: Verdict | undefined
  /** Where a decoder is measured: how many times as long twice the bytes take. */
  readonly doubling: Readonly<Record<Side, Estimate>> | undefined
}

const sides = ['baseline', 'present'] as const

/** Takes the ratio within each round, where both builds had the same machine. */
export function summarize({ row, rounds }: Measured): Summary {
  const ratios = rounds.map((turns) => {
    const ratio = meanOf(turns, 'present', 'value') / meanOf(turns, 'baseline', 'value')
    return row.larger === 'better' ? ratio : 1 / ratio
  })
  const estimated = estimate(ratios)
  return {
    row,
    ratios,
    estimate: estimated,
    medians: bothSides((side) => median(valuesOf(rounds.flat(), side, 'value'))),
    verdict: row.judged ? judge(estimated) : undefined,
    doubling:
      row.kind === 'decode'
        ? bothSides((side) => estimate(rounds.map((turns) => meanOf(turns, side, 'doubling'))))
        : undefined,
  }
}

/** Whether a row makes the run fail. */
export const fails = ({ verdict, doubling }: Summary): boolean =>
  verdict === 'slower' || (doubling !== undefined && !isLinear(doubling.present))

/** Geometric, as everything here that is about ratios. */
function meanOf(turns: readonly Turn[], side: Side, what: 'value' | 'doubling'): number {
  const values = valuesOf(turns, side, what)
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}

const valuesOf = (turns: readonly Turn[], side: Side, what: 'value' | 'doubling'): number[] =>
  turns.filter((turn) => turn.side === side).map((turn) => turn[what] ?? Number.NaN)

function bothSides<T>(of: (side: Side) => T): Record<Side, T> {
  const [baseline, present] = sides
  return { baseline: of(baseline), present: of(present) }
}
