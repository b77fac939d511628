import { type Estimate, format } from './compare/interval.js'
import { showsNoDifference } from './comparison.js'

/** A column of a table. Default: aligned right, as numbers are. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** A table in Markdown. Missing cells are empty. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === 'left' ? '---' : '---:'))),
    ...rows.map((cells) => line(columns.map((_, index) => (cells[index] ?? '').replaceAll('|', '\\|')))),
  ].join('\n')
}

/** A rate, with the digits that are certain. */
export function formatRate(rate: number): string {
  return rate >= 10_000 ? `${(rate / 1_000).toFixed(0)} k` : rate.toFixed(0)
}

/** Microseconds, with the digits that are certain. */
export function formatMicroseconds(microseconds: number): string {
  return microseconds >= 100 ? microseconds.toFixed(0) : microseconds.toFixed(microseconds >= 10 ? 1 : 2)
}

/** A ratio with two digits: `1.25x`. */
export const formatRatio = (ratio: number): string => `${ratio.toFixed(2)}x`

/** A ratio with as many digits as its interval justifies; with `~` if there was only one round. */
export function formatEstimate(estimate: Estimate): string {
  return estimate.high === Infinity ? `~${Number(estimate.ratio.toPrecision(1))}x` : format(estimate).ratio
}

/** The same for a cell of a table: with "≈" if it shows no difference, and empty if there is none. */
export function formatComparison(estimate: Estimate | undefined): string {
  if (estimate === undefined || Number.isNaN(estimate.ratio)) return ''
  return `${showsNoDifference(estimate) && estimate.high !== Infinity ? '≈ ' : ''}${formatEstimate(estimate)}`
}
