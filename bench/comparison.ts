import { type Estimate, estimateOfLogs } from './compare/interval.js'
import { quantile } from './quantile.js'
import type { Measured } from './rounds.js'
import { isOther } from './workloads/workload.js'

/** One contender's figures, and respite's ratio to it. */
export interface Line {
  readonly name: string
  /**
   * Commands per second over whole turns: the geometric mean of the rounds. The ratio is exactly the quotient of two of these.
   */
  readonly rate: number
  /** The slowest and the fastest round. */
  readonly slowest: number
  readonly fastest: number
  /** Commands per second of the median call, which no pause for the garbage collector affects; the geometric mean of the rounds. */
  readonly medianCall: number
  /** Microseconds of processor time per command. */
  readonly cpu: number
  /** How many times as fast respite was; undefined for respite itself, and if respite was not measured. */
  readonly ratio: Estimate | undefined
  readonly target: number | undefined
}

/**
 * How many times as fast one contender was as another: the geometric mean of the ratios within each round, with its 95% interval.
 * Within a round, the machine is the same for both.
 *
 * @returns undefined if one of them was not measured
 */
export function ratioOf(measured: Measured, name: string, other: string): Estimate | undefined {
  const logs = logRatiosOf(measured, name, other)
  if (logs.length === 0) return undefined
  // One round does not show how much the ratios vary.
  return logs.length < 2 ? { ratio: Math.exp(logs[0] ?? Number.NaN), low: 0, high: Infinity } : estimateOfLogs(logs)
}

/** The logarithm of the ratio in each round; empty if one of the two was not measured. */
export function logRatiosOf(measured: Measured | undefined, name: string, other: string): number[] {
  const [own, others] = [measured?.figures[name]?.rates ?? [], measured?.figures[other]?.rates ?? []]
  return own.flatMap((rate, round) => {
    const divisor = others[round]
    return divisor === undefined ? [] : [Math.log(rate / divisor)]
  })
}

/** The largest ratio of a round divided by the smallest one; 1 if there are none. */
export function spreadOf(measured: Measured, name: string, other: string): number {
  const logs = logRatiosOf(measured, name, other)
  return logs.length === 0 ? 1 : Math.exp(Math.max(...logs) - Math.min(...logs))
}

/** Compares the contenders of a workload. */
export function compare(measured: Measured): Line[] {
  const { figures, targets } = measured
  const entries = Object.entries(figures)
  const fastest = entries
    .filter(([name]) => isOther(name))
    .map(([name, { rates }]) => ({ name, rate: geometricMean(rates) }))
    .sort((a, b) => b.rate - a.rate)[0]?.name
  return entries.map(([name, { rates, medianCalls, cpu }]) => {
    const ratio = name === 'respite' ? undefined : ratioOf(measured, 'respite', name)
    return {
      name,
      rate: geometricMean(rates),
      slowest: quantile(rates, 0),
      fastest: quantile(rates, 1),
      medianCall: geometricMean(medianCalls),
      cpu: geometricMean(cpu),
      ratio,
      target: ratio ? (targets[name] ?? (name === fastest ? targets.fastest : undefined)) : undefined,
    }
  })
}

/** By what share the true ratio may be larger or smaller than the reported one: 0.05 is 5%. */
export const uncertaintyOf = ({ low, high }: Estimate): number => Math.sqrt(high / low) - 1

/** Whether the interval contains 1, so that no difference was shown. */
export const showsNoDifference = ({ low, high }: Estimate): boolean => low <= 1 && high >= 1

/** The largest uncertainty of a ratio; 0 if there is no ratio. */
export function largestUncertainty(measured: Measured): number {
  return Math.max(0, ...compare(measured).map(({ ratio }) => (ratio === undefined ? 0 : uncertaintyOf(ratio))))
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}
