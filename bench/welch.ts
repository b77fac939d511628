import { upperQuantile } from './student.js'

/** The rate of false alarms of a comparison of two runs: the share of the comparisons that find a difference if nothing changed. */
export const falseAlarmRate = 0.01

/** How far the means of two samples lie apart. */
export interface Difference {
  /** Mean of the second sample minus mean of the first. */
  readonly difference: number
  /** If only chance separates the samples, the difference exceeds this with the probability `share`, on each side. */
  margin(share: number): number
}

/** How many values of each sample were decided on before the first one was known. */
export type Planned = readonly [first: number, second: number]

/**
 * Welch's t test: for two samples of at least two values each, whose variances may differ.
 *
 * If values are added until they seem to vary little enough, samples end when they vary less than usual, so that the variance of the
 * whole sample is too small: this caused up to 3 times as many false alarms as stated. So the variance is that of the values that
 * were planned. The mean is that of all values: it does not depend on how much they vary.
 *
 * @param planned default: all
 */
export function welch(
  first: readonly number[],
  second: readonly number[],
  planned: Planned = [Infinity, Infinity],
): Difference {
  const counts = [first, second].map(({ length }, index) => Math.min(length, Math.max(2, planned[index] as number)))
  const [m = 0, n = 0] = counts
  const [a, b] = [squaredError(first, m), squaredError(second, n)]
  const degrees = (a + b) ** 2 / (a ** 2 / (m - 1) + b ** 2 / (n - 1))
  return {
    difference: mean(second) - mean(first),
    margin: (share) => (a + b === 0 ? 0 : upperQuantile(share, degrees) * Math.sqrt(a + b)),
  }
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The square of the standard error of the mean of all values. @param planned the variance is that of so many of them */
function squaredError(values: readonly number[], planned: number): number {
  const some = values.slice(0, planned)
  const center = mean(some)
  return some.reduce((sum, value) => sum + (value - center) ** 2, 0) / (planned - 1) / values.length
}
