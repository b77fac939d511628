import { type Estimate, estimateOfLogs } from './compare/interval.js'
import { quantile } from './quantile.js'
import type { Measured } from './rounds.js'
import { isOther } from './workloads/workload.js'

/** One contender's figures, and respite's ratio to it. */
export interface Line {
  readonly name: string
  /**
   * Commands a second, over whole turns: the geometric mean of the rounds. The quotient of two of these is the ratio, to the
   * last digit.
   */
  readonly rate: number
  /** The slowest and the fastest round. */
  readonly slowest: number
  readonly fastest: number
  /** Commands a second of the median call, which no pause for the garbage collector reaches; the geometric mean of the rounds. */
  readonly medianCall: number
  /** Microseconds of processor time a command. */
  readonly cpu: number
  /** How many times as fast respite was; undefined for respite itself, and where respite was not measured. */
  readonly ratio: Estimate | undefined
  readonly target: number | undefined
}

/**
 * How many times as fast as another a contender was: the geometric mean of the ratios within each round, where both had the same
 * machine, with its 95% interval; undefined where one of them was not measured.
 */
export function ratioOf(measured: Measured, name: string, other: string): Estimate | undefined {
  const logs = logRatiosOf(measured, name, other)
  if (logs.length === 0) return undefined
  // One round shows nothing of how much they vary.
  return logs.length < 2 ? { ratio: Math.exp(logs[0] ?? Number.NaN), low: 0, high: Infinity } : estimateOfLogs(logs)
}

/** The logarithm of the ratio in each round; none where one of the two was not measured. */
export function logRatiosOf(measured: Measured | undefined, name: string, other: string): number[] {
  const [own, others] = [measured?.figures[name]?.rates ?? [], measured?.figures[other]?.rates ?? []]
  return own.flatMap((rate, round) => {
    const divisor = others[round]
    return divisor === undefined ? [] : [Math.log(rate / divisor)]
  })
}

/** How many times the smallest ratio of a round the largest one is; 1 where there are none. */
export function spreadOf(measured: Measured, name: string, other: string): number {
  const logs = logRatiosOf(measured, name, other)
  return logs.length === 0 ? 1 : Math.exp(Math.max(...logs) - Math.min(...logs))
}

/** Compares what was measured of a workload. */
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

/** By what share the true ratio may be larger or smaller than the one stated: 0.05 is 5%. */
export const uncertaintyOf = ({ low, high }: Estimate): number => Math.sqrt(high / low) - 1

/** Whether the interval has room for there being no difference. */
export const showsNoDifference = ({ low, high }: Estimate): boolean => low <= 1 && high >= 1

/** The uncertainty of the ratio that is known least well; 0 where there is none. */
export function largestUncertainty(measured: Measured): number {
  return Math.max(0, ...compare(measured).map(({ ratio }) => (ratio === undefined ? 0 : uncertaintyOf(ratio))))
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}
