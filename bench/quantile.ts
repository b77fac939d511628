/** The value below which a share `q` of all values lies, by the nearest rank: 0 is the smallest, 0.5 the median, 1 the largest. */
export function quantile(values: readonly number[], q: number): number {
  return quantileOfSorted(
    [...values].sort((a, b) => a - b),
    q,
  )
}

/** The same for values that are sorted already. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  return sorted[Math.round((sorted.length - 1) * q)] ?? Number.NaN
}

/** The value in the middle; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted.length >> 1
  const high = sorted[upper] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : (high + (sorted[upper - 1] ?? Number.NaN)) / 2
}
