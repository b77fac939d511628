import { allowance } from './compare/verdict.js'
import type { Measured } from './rounds.js'
import { table } from './table.js'
import { falseAlarmRate, mean, type Planned, welch } from './welch.js'
import { isOther } from './workloads/workload.js'

/** A workload in this run and in an earlier one. */
export interface Change {
  readonly title: string
  /** The other clients that both runs measured. */
  readonly others: readonly string[]
  /** The speed of respite relative to the others, divided by the same of the earlier run; 1: no change. */
  readonly ratio: number
  /**
   * The true value is not below `low`, and not above `high`: each with so much confidence that all workloads together keep the
   * false-alarm rate.
   */
  readonly low: number
  readonly high: number
  /**
   * `ok`: certainly not less than 0.97. `slower`: certainly less, and the run fails. `uncertain`: the interval contains 0.97, so that
   * it does not say whether so much was lost.
   */
  readonly verdict: 'ok' | 'uncertain' | 'slower'
}

/**
 * Compares two runs. Rates that were measured at different times, or on different machines, can't be compared. So the speed of
 * respite is divided by the geometric mean of the speeds of the others in the same round. The others must be the same versions.
 *
 * A workload fails if even the upper end of the interval is below 0.97: Welch's t for the logarithms of the two values, one-sided,
 * with the rate of false alarms divided by the number of workloads (Bonferroni).
 *
 * @param planned rounds that the earlier run and this one had whatever they measured
 */
export function compareWithBaseline(
  now: readonly Measured[],
  earlier: readonly Measured[],
  planned?: Planned,
): Change[] {
  const pairs = now.flatMap((each) => {
    const other = earlier.find(({ title }) => title === each.title)
    const others = other === undefined ? [] : commonOf(each, other)
    return other === undefined || others.length === 0 ? [] : [{ each, other, others }]
  })
  return pairs.map(({ each, other, others }) => {
    const { difference, margin } = welch(logsOf(other, others), logsOf(each, others), planned)
    const distance = margin(falseAlarmRate / pairs.length)
    const [low, high] = [Math.exp(difference - distance), Math.exp(difference + distance)]
    const verdict = high < allowance ? 'slower' : low < allowance ? 'uncertain' : 'ok'
    return { title: each.title, others, ratio: Math.exp(difference), low, high, verdict }
  })
}

/**
 * The comparison in Markdown.
 *
 * @param now versions and machine of this run
 * @param earlier those of the baseline
 */
export function renderChanges(changes: readonly Change[], now: readonly string[], earlier: readonly string[]): string {
  const rows = changes.map(({ title, others, ratio, low, high, verdict }) => [
    title,
    others.join(', '),
    ...[ratio, low, high].map((value) => `${value.toFixed(2)}x`),
    verdict === 'slower' ? '**slower**' : verdict,
  ])
  const uncertain = changes.filter(({ verdict }) => verdict === 'uncertain').length
  const columns = [
    { title: 'workload', align: 'left' as const },
    { title: 'relative to', align: 'left' as const },
    { title: 'this run, compared with the baseline' },
    { title: 'at least' },
    { title: 'at most' },
    { title: 'verdict', align: 'left' as const },
  ]
  const changed = earlier.filter((line) => !now.includes(line))
  return [
    '## Comparison with the baseline',
    '',
    `The table compares the speed of respite relative to the other clients. "Slower": respite certainly has less than ${allowance} of its`,
    `speed in the baseline, and the run fails. "Ok": it certainly has not less. If nothing changed, at most ${falseAlarmRate * 100} of 100 runs fails by`,
    'chance.',
    ...(uncertain === 0
      ? []
      : [
          '',
          `${uncertain} of ${changes.length} workloads are uncertain: the rounds vary too much to tell whether so much was lost. More rounds, or a quieter`,
          'machine, would help.',
        ]),
    '',
    table(columns, rows),
    ...(changed.length === 0 ? [] : ['', 'The baseline was measured with:', '', ...changed.map((line) => `- ${line}`)]),
  ].join('\n')
}

/** The other clients that both have with at least two rounds; none if one of them lacks respite. */
function commonOf(now: Measured, earlier: Measured): string[] {
  const isIn = ({ figures }: Measured, name: string): boolean => (figures[name]?.rates.length ?? 0) > 1
  const names = Object.keys(now.figures).filter((name) => isIn(now, name) && isIn(earlier, name))
  return names.includes('respite') ? names.filter(isOther) : []
}

/** Of each round, the logarithm of the speed of respite relative to the others. */
function logsOf({ figures }: Measured, others: readonly string[]): number[] {
  const logOf = (name: string, round: number): number => Math.log(figures[name]?.rates[round] ?? Number.NaN)
  const rounds = Math.min(...['respite', ...others].map((name) => figures[name]?.rates.length ?? 0))
  return Array.from(
    { length: rounds },
    (_, round) => logOf('respite', round) - mean(others.map((name) => logOf(name, round))),
  )
}
