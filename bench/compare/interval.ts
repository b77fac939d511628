/** A ratio, and its 95% interval. */
export interface Estimate {
  readonly ratio: number
  readonly low: number
  readonly high: number
}

/**
 * The geometric mean of the ratios of the rounds, with its 95% interval: Student's t on their logarithms.
 *
 * Logarithms, because twice as fast and half as fast are equally far from 1, and swapping the two sides inverts the result.
 * Student's t and not a bootstrap, because each ratio comes from new processes, so that the ratios are independent. With about 20
 * rounds, the intervals of a bootstrap are too narrow, which causes false alarms. A round in which the machine was busy makes the
 * interval of t wider, not narrower.
 *
 * @param ratios one for each round, at least two
 */
export const estimate = (ratios: readonly number[]): Estimate => estimateOfLogs(ratios.map(Math.log))

/** The same for the logarithms of the ratios. */
export function estimateOfLogs(logs: readonly number[]): Estimate {
  const count = logs.length
  const mean = logs.reduce((sum, log) => sum + log, 0) / count
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (count - 1)
  const margin = studentT(count - 1) * Math.sqrt(variance / count)
  return { ratio: Math.exp(mean), low: Math.exp(mean - margin), high: Math.exp(mean + margin) }
}

/** For few degrees of freedom, for which the series below is not exact enough. */
const table = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281] as const
/** The same quantile of the normal distribution. */
const z = 1.959964

/** The 97.5% quantile of Student's t distribution. */
export function studentT(degrees: number): number {
  const known = table[degrees - 1]
  if (known !== undefined) return known
  // Expansion in 1 / degrees: Abramowitz and Stegun, 26.7.5.
  const first = (z ** 3 + z) / 4
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3
}

/** Ratio and interval as text, with as many digits as the width of the interval justifies. */
export function format({ ratio, low, high }: Estimate): { ratio: string; interval: string } {
  const digits = Math.min(3, Math.max(1, Math.ceil(-Math.log10((high - low) / 2))))
  const text = (value: number): string => value.toFixed(digits)
  return { ratio: `${text(ratio)}x`, interval: `${text(low)} to ${text(high)}` }
}
