import { type Estimate, format } from './compare/interval.js'

/** A column of a table: numbers stand on the right. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** A table in Markdown. Cells that are missing stay empty. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === 'left' ? '---' : '---:'))),
    ...rows.map((cells) => line(columns.map((_, index) => (cells[index] ?? '').replaceAll('|', '\\|')))),
  ].join('\n')
}

/** A rate, with as many digits as can be relied upon. */
export function formatRate(rate: number): string {
  return rate >= 10_000 ? `${(rate / 1_000).toFixed(0)} k` : rate.toFixed(0)
}

/** Microseconds, with as many digits as can be relied upon. */
export function formatMicroseconds(microseconds: number): string {
  return microseconds >= 100 ? microseconds.toFixed(0) : microseconds.toFixed(microseconds >= 10 ? 1 : 2)
}

/** How many times as much. */
export const formatRatio = (ratio: number): string => `${ratio.toFixed(2)}x`

/** A ratio with as many digits as its interval bears; `~` where there was but one round. */
export function formatEstimate(estimate: Estimate): string {
  return estimate.high === Infinity ? `~${Number(estimate.ratio.toPrecision(1))}x` : format(estimate).ratio
}
