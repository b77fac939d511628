import { median, quantile } from './quantile.js'
import type { Measured } from './rounds.js'
import { isOther } from './workloads/workload.js'

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

/**
 * How many times as fast as another a contender was, within each round; undefined where one of them was not measured.
 */
export function ratioOf({ figures }: Measured, name: string, other: string): Spread | undefined {
  const [own, others] = [figures[name], figures[other]]
  if (own === undefined || others === undefined) return undefined
  return spread(others.rates.map((rate, round) => (own.rates[round] ?? Number.NaN) / rate))
}

/**
 * Compares what was measured of a workload. A ratio is taken within each round, where both had the same machine; the
 * median of those counts.
 */
export function compare(measured: Measured): Line[] {
  const { figures, targets } = measured
  const entries = Object.entries(figures)
  const fastest = entries
    .filter(([name]) => isOther(name))
    .map(([name, { rates }]) => ({ name, rate: median(rates) }))
    .sort((a, b) => b.rate - a.rate)[0]?.name
  return entries.map(([name, { rates, cpu }]) => {
    const ratio = name === 'respite' ? undefined : ratioOf(measured, 'respite', name)
    return {
      name,
      rate: spread(rates),
      cpu: median(cpu),
      ratio,
      target: ratio ? (targets[name] ?? (name === fastest ? targets.fastest : undefined)) : undefined,
    }
  })
}

function spread(values: readonly number[]): Spread {
  return { low: quantile(values, 0), median: median(values), high: quantile(values, 1) }
}
