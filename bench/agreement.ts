import { type Estimate, estimateOfLogs } from './compare/interval.js'
import { logRatiosOf } from './comparison.js'
import { plannedOf, type Results, ratiosOf } from './results.js'
import { formatEstimate, table } from './table.js'
import { falseAlarmRate, welch } from './welch.js'

/** A ratio in two runs. */
export interface Agreement {
  readonly title: string
  /** `respite against ioredis` */
  readonly names: string
  readonly first: Estimate
  readonly second: Estimate
  /**
   * `agrees`: the 95% interval of the difference contains 0. `may differ`: it does not, as happens by chance to 1 ratio of 20.
   * `differs`: the difference is too large for chance, even among so many ratios.
   */
  readonly verdict: 'agrees' | 'may differ' | 'differs'
}

/**
 * Compares every ratio that two runs have in common, by Welch's t of the logarithms of the rounds; how much they vary is read from
 * the rounds that were planned. For `differs`, the rate of false alarms is divided by the number of ratios (Bonferroni).
 */
export function agree(first: Results, second: Results): Agreement[] {
  const others = ratiosOf(second)
  const planned = plannedOf(first, second)
  const pairs = ratiosOf(first).flatMap((one) => {
    const other = others.find(({ title, name, base }) => title === one.title && name === one.name && base === one.base)
    const logs = [logRatiosOf(one.measured, one.name, one.base), logRatiosOf(other?.measured, one.name, one.base)]
    const [a = [], b = []] = logs
    return a.length > 1 && b.length > 1 ? [{ ...one, a, b }] : []
  })
  return pairs.map(({ title, name, base, a, b }) => {
    const { difference, margin } = welch(a, b, planned)
    const distance = Math.abs(difference)
    const isCertain = distance > margin(falseAlarmRate / 2 / pairs.length)
    const verdict = isCertain ? 'differs' : distance > margin(0.025) ? 'may differ' : 'agrees'
    return { title, names: `${name} against ${base}`, first: estimateOfLogs(a), second: estimateOfLogs(b), verdict }
  })
}

/** In Markdown: how many ratios agree, and a table of those that do not. */
export function renderAgreement(all: readonly Agreement[]): string {
  const apart = all.filter(({ verdict }) => verdict !== 'agrees')
  const certain = all.filter(({ verdict }) => verdict === 'differs').length
  const rows = apart.map(({ title, names, first, second, verdict }) => [
    title,
    names,
    ...[first, second].map((each) => `${formatEstimate(each)} (${each.low.toFixed(2)} to ${each.high.toFixed(2)})`),
    verdict,
  ])
  const columns = [
    { title: 'workload', align: 'left' as const },
    { title: 'ratio', align: 'left' as const },
    { title: 'first run (95% interval)' },
    { title: 'second run (95% interval)' },
    { title: 'verdict', align: 'left' as const },
  ]
  return [
    '## Agreement of two runs',
    '',
    `${all.length - apart.length} of ${all.length} ratios agree: the 95% interval of the difference between the two runs contains 0. If nothing changed,`,
    `about ${Math.round(all.length / 20)} do not agree by chance (1 of 20). ${certain} differ by more than chance explains; if nothing changed, about`,
    `${falseAlarmRate * 100} of 100 comparisons finds one.`,
    ...(apart.length === 0 ? [] : ['', table(columns, rows)]),
  ].join('\n')
}
