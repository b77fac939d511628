import { readFileSync } from 'node:fs'
import { allowance } from './compare/verdict.js'
import type { Measured } from './rounds.js'
import { upperQuantile } from './student.js'
import { table } from './table.js'

/** Where nothing changed, at most this share of the runs fails. */
export const falseAlarmRate = 0.01

/** A workload, now and in an earlier run. */
export interface Change {
  readonly title: string
  /** Who respite was compared with in both runs. */
  readonly beside: readonly string[]
  /** How many times as fast respite is as it was, each time in relation to the others; 1: the same. */
  readonly ratio: number
  /** The true ratio lies below, with so much confidence that all workloads together keep the false-alarm rate. */
  readonly high: number
  readonly isSlower: boolean
}

/**
 * Compares two runs. Rates of different moments, or machines, can't be compared: what is compared is how many times as fast as the
 * others respite was in the same round (as their geometric mean). That those others keep their speed is assumed, so it must be
 * their same versions.
 *
 * A workload fails if even the upper end of the interval is below 0.97: Welch's t for the logarithms of the two ratios, one-sided,
 * the rate of false alarms divided by the number of workloads (Bonferroni).
 */
export function compareWithBaseline(now: readonly Measured[], earlier: readonly Measured[]): Change[] {
  const pairs = now.flatMap((each) => {
    const other = earlier.find(({ title }) => title === each.title)
    const beside = other === undefined ? [] : commonOf(each, other)
    return other === undefined || beside.length === 0 ? [] : [{ each, other, beside }]
  })
  return pairs.map(({ each, other, beside }) => {
    const [first, second] = [logsOf(other, beside), logsOf(each, beside)]
    const [a, b] = [squaredError(first), squaredError(second)]
    const degrees = (a + b) ** 2 / (a ** 2 / (first.length - 1) + b ** 2 / (second.length - 1))
    const margin = a + b === 0 ? 0 : upperQuantile(falseAlarmRate / pairs.length, degrees) * Math.sqrt(a + b)
    const change = mean(second) - mean(first)
    const high = Math.exp(change + margin)
    return { title: each.title, beside, ratio: Math.exp(change), high, isSlower: high < allowance }
  })
}

/** @throws Error that says what is wrong with the file */
export function readBaseline(file: string): readonly Measured[] {
  try {
    const { measured } = JSON.parse(readFileSync(file, 'utf8')) as { measured?: readonly Measured[] }
    if (!Array.isArray(measured)) throw new Error('it has no "measured": it must be a clients.json that --out wrote')
    return measured
  } catch (cause) {
    throw new Error(`--baseline ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** In Markdown. */
export function renderChanges(changes: readonly Change[]): string {
  const rows = changes.map(({ title, beside, ratio, high, isSlower }) => [
    title,
    beside.join(', '),
    `${ratio.toFixed(2)}x`,
    high.toFixed(2),
    isSlower ? '**slower**' : 'ok',
  ])
  const columns = [
    { title: 'workload', align: 'left' as const },
    { title: 'in relation to', align: 'left' as const },
    { title: 'this run is, the baseline being 1' },
    { title: 'at most' },
    { title: 'verdict', align: 'left' as const },
  ]
  return [
    '## Beside the baseline',
    '',
    `A workload fails where respite is certainly slower than ${allowance} of the baseline, in relation to the others. Where nothing`,
    `changed, at most ${falseAlarmRate * 100} of 100 runs fails by chance.`,
    '',
    table(columns, rows),
  ].join('\n')
}

/** Who stands in both with at least two rounds, respite itself apart; none if respite does not. */
function commonOf(now: Measured, earlier: Measured): string[] {
  const isIn = ({ figures }: Measured, name: string): boolean => (figures[name]?.rates.length ?? 0) > 1
  const names = Object.keys(now.figures).filter((name) => isIn(now, name) && isIn(earlier, name))
  return names.includes('respite') ? names.filter((name) => name !== 'respite') : []
}

/** Of each round, the logarithm of how many times as fast as the others respite was. */
function logsOf({ figures }: Measured, beside: readonly string[]): number[] {
  const logOf = (name: string, round: number): number => Math.log(figures[name]?.rates[round] ?? Number.NaN)
  const rounds = Math.min(...['respite', ...beside].map((name) => figures[name]?.rates.length ?? 0))
  return Array.from(
    { length: rounds },
    (_, round) => logOf('respite', round) - mean(beside.map((name) => logOf(name, round))),
  )
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Of the mean. */
function squaredError(values: readonly number[]): number {
  const center = mean(values)
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1) / values.length
}
