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

/** Welch's t test: for two samples of at least two values each, whose variances may differ. */
export function welch(first: readonly number[], second: readonly number[]): Difference {
  const [a, b] = [squaredError(first), squaredError(second)]
  const degrees = (a + b) ** 2 / (a ** 2 / (first.length - 1) + b ** 2 / (second.length - 1))
  return {
    difference: mean(second) - mean(first),
    margin: (share) => (a + b === 0 ? 0 : upperQuantile(share, degrees) * Math.sqrt(a + b)),
  }
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The square of the standard error of the mean. */
function squaredError(values: readonly number[]): number {
  const center = mean(values)
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1) / values.length
}
