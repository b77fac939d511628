import { median, quantile } from './quantile.js'
import type { Measured } from './rounds.js'
import { bareName, withoutName } from './workloads/workload.js'

/** Smallest, middle and largest of the rounds. */
export interface Spread {
  readonly low: number
  readonly median: number
  readonly high: number
}

/** One contender's figures, and respite's ratio to it. */
export interface Line {
  readonly name: string
  readonly rate: Spread
  /** Microseconds of processor time a command. */
  readonly cpu: number
  /** How many times as fast respite was; undefined for respite itself, and where respite was not measured. */
  readonly ratio: Spread | undefined
  readonly target: number | undefined
}

/** Whether a name among the figures is another client's. */
export const isOther = (name: string): boolean => name !== 'respite' && name !== withoutName && name !== bareName

/**
 * Compares what was measured of a workload. A ratio is taken within each round, where both had the same machine; the
 * median of those counts.
 */
export function compare({ figures, targets }: Measured): Line[] {
  const own = figures.respite
  const entries = Object.entries(figures)
  const fastest = entries
    .filter(([name]) => isOther(name))
    .map(([name, { rates }]) => ({ name, rate: median(rates) }))
    .sort((a, b) => b.rate - a.rate)[0]?.name
  return entries.map(([name, { rates, cpu }]) => {
    const isCompared = own !== undefined && name !== 'respite'
    return {
      name,
      rate: spread(rates),
      cpu: median(cpu),
      ratio: isCompared ? spread(rates.map((rate, round) => (own.rates[round] ?? Number.NaN) / rate)) : undefined,
      target: isCompared ? (targets[name] ?? (name === fastest ? targets.fastest : undefined)) : undefined,
    }
  })
}

function spread(values: readonly number[]): Spread {
  return { low: quantile(values, 0), median: median(values), high: quantile(values, 1) }
}
