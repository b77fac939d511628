import { formatMicroseconds, formatRate, table } from '../table.js'
import { format } from './interval.js'
import type { Row } from './rows.js'
import { fails, type Summary } from './summary.js'
import { allowance, doublingLimit, isLinear } from './verdict.js'

/** The conditions of a run. */
export interface Circumstances {
  /** Versions and machine, without names. */
  readonly environment: readonly string[]
  readonly rounds: number
  readonly time: number
  /** Version 0.1 was compared with itself. */
  readonly self: boolean
}

/** The whole report in Markdown. */
export function renderReport(summaries: readonly Summary[], circumstances: Circumstances): string {
  const decoders = summaries.filter(({ doubling }) => doubling !== undefined)
  const parts = [heading(circumstances), ratioTable(summaries)]
  if (decoders.length > 0) parts.push(doublingTable(decoders))
  parts.push(conclusion(summaries))
  return `${parts.join('\n\n')}\n`
}

function heading({ environment, rounds, time, self }: Circumstances): string {
  return [
    self ? '# Version 0.1 compared with itself' : '# Before and after',
    '',
    ...environment.map((line) => `- ${line}`),
    '',
    self
      ? 'Both sides are version 0.1: every difference here is a false alarm.'
      : 'The speed of this build relative to version 0.1. A ratio above 1 means that this build is faster, or needs less.',
    `${rounds} rounds, a number fixed before the run. In each round, and for each row, both builds run in new processes, which take`,
    `turns of ${time} ms. The ratio of a round is the geometric mean of the middle half of the ratios of its turns. The ratio of a`,
    "row is the geometric mean of the ratios of its rounds, with its 95% interval (Student's t on the logarithms). The figures of the",
    'builds are medians of all turns, so that their quotient can differ slightly from the ratio.',
    '',
    `- faster: the whole interval is above 1`,
    `- no difference: the interval contains 1`,
    `- ok: the whole interval is below 1, but not below ${allowance}`,
    `- **slower**: the whole interval is below ${allowance}, and the run fails`,
  ].join('\n')
}

function ratioTable(summaries: readonly Summary[]): string {
  const rows = summaries.map(({ row, estimate, medians, verdict }) => {
    const { ratio, interval } = format(estimate)
    const figures = [medians.baseline, medians.present].map((value) => formatFigure(value, row))
    return [row.title, ratio, interval, ...figures, verdict === 'slower' ? '**slower**' : (verdict ?? 'not judged')]
  })
  const columns = [
    left('row'),
    right('ratio'),
    right('95% interval'),
    right('0.1'),
    right('this build'),
    left('verdict'),
  ]
  return table(columns, rows)
}

function doublingTable(summaries: readonly Summary[]): string {
  const rows = summaries.flatMap(({ row, doubling }) => {
    if (doubling === undefined) return []
    const cells = [doubling.baseline, doubling.present].map((estimate) => {
      const { ratio, interval } = format(estimate)
      return `${ratio} (${interval})`
    })
    return [[row.title, ...cells, isLinear(doubling.present) ? 'ok' : '**not linear**']]
  })
  const columns = [
    left('time for 200 MB divided by the time for 100 MB'),
    right('0.1'),
    right('this build'),
    left('verdict'),
  ]
  return `The run fails if the whole interval is above ${doublingLimit}.\n\n${table(columns, rows)}`
}

function conclusion(summaries: readonly Summary[]): string {
  const failed = summaries.filter(fails).map(({ row }) => row.title)
  const lines = [failed.length === 0 ? 'Nothing fails.' : `Fails: ${failed.join('; ')}.`]
  const open = summaries.filter(({ row, estimate }) => row.judged && estimate.low < allowance && estimate.high >= 1)
  if (open.length > 0) {
    const titles = open.map(({ row }) => row.title).join('; ')
    lines.push(`Not certain enough to rule out a loss of 3%: ${titles}. More rounds, or a quieter machine, would help.`)
  }
  return lines.join('\n')
}

function formatFigure(value: number, { unit }: Row): string {
  switch (unit) {
    case 'ms':
      return `${formatMicroseconds(value)} ms`
    case 'B':
    case 'MB/s':
      return `${value.toFixed(0)} ${unit}`
    default:
      return `${formatRate(value)} ${unit}`
  }
}

const left = (title: string) => ({ title, align: 'left' as const })
const right = (title: string) => ({ title })
