import { type Estimate, format } from '../compare/interval.js'
import { compare } from '../comparison.js'
import type { Measured } from '../rounds.js'
import { formatEstimate, formatRate, table } from '../table.js'
import type { Lateness } from './child.js'
import { type AtRate, keepsUp } from './open-loop.js'
import type { Recovery } from './recovery.js'

/** What was measured, by client. */
export interface LoadResults {
  readonly environment: readonly string[]
  readonly rounds: number
  readonly rates: readonly { readonly name: string; readonly reached: readonly AtRate[] }[]
  /** Milliseconds of the time limit. */
  readonly limit: number
  readonly lateness: readonly { readonly name: string; readonly lateness: Lateness }[]
  readonly recoveries: readonly { readonly name: string; readonly recovery: Recovery }[]
  /** How many times as long reconnecting takes with the fence as without; milliseconds of both. */
  readonly fence: { readonly ratio: Estimate; readonly withFence: number; readonly without: number } | undefined
  /** Over a proxy that delays replies, and what a round trip takes there, in milliseconds. */
  readonly delayed: { readonly measured: readonly Measured[]; readonly roundTrip: number } | undefined
}

/** What `--only` is compared with, and the headings. */
export const titles = {
  rates: 'Latency at fixed rates',
  limits: 'Time limits in a saturated event loop',
  recovery: 'After kill -9 of the server',
  fence: 'Reconnecting with the fence and without',
  delayed: 'Over a path with a round trip of 1 ms',
} as const

const left = (title: string) => ({ title, align: 'left' as const })
const right = (title: string) => ({ title })
const milliseconds = (value: number): string =>
  value === Infinity ? 'none' : `${value.toFixed(value < 10 ? 2 : 0)} ms`

/** The whole report in Markdown. */
export function renderLoad(results: LoadResults): string {
  const { environment, rounds, rates, lateness, recoveries, fence, delayed } = results
  const parts = [
    [
      '# Under load',
      '',
      ...environment.map((line) => `- ${line}`),
      '',
      `Medians of ${rounds} rounds; the clients take turns.`,
    ].join('\n'),
  ]
  if (rates.length > 0) parts.push(ratesSection(results))
  if (lateness.length > 0) parts.push(limitsSection(results))
  if (recoveries.length > 0) parts.push(recoverySection(results))
  if (fence !== undefined) parts.push(fenceSection(fence))
  if (delayed !== undefined) parts.push(delayedSection(delayed))
  return `${parts.join('\n\n')}\n`
}

function ratesSection({ rates }: LoadResults): string {
  const rows = rates.flatMap(({ name, reached }) =>
    reached.map((at) => [
      name,
      formatRate(at.asked),
      formatRate(at.answered),
      ...[at.p50, at.p99, at.p999].map(milliseconds),
      keepsUp(at) ? '' : 'can’t keep up',
    ]),
  )
  const columns = [left('client'), ...['GETs/s', 'answered/s', 'p50', 'p99', 'p99.9'].map(right), left('')]
  return [
    `## ${titles.rates}`,
    'GETs are due at a fixed rate, whatever becomes of those before. A latency counts from the moment at which its GET was due, so',
    'that waiting for the client itself is part of it (no coordinated omission). Rates grow until a client can’t keep up.',
    '',
    table(columns, rows),
  ].join('\n')
}

function limitsSection({ lateness, limit }: LoadResults): string {
  const rows = lateness.map(({ name, lateness: { p50, p99, fired, calls } }) => [
    name,
    ...(fired === 0 ? ['never', 'never'] : [p50, p99].map(milliseconds)),
    `${fired} of ${calls}`,
  ])
  return [
    `## ${titles.limits}`,
    `64 loops saturate the event loop. Meanwhile, calls with a time limit of ${limit} ms go to a server that does not answer. How`,
    'much later than the limit they are rejected:',
    '',
    table([left('client'), ...['p50', 'p99', 'fired'].map(right)], rows),
  ].join('\n')
}

function recoverySection({ recoveries }: LoadResults): string {
  const rows = recoveries.map(({ name, recovery: { firstReply, fullRate, failed } }) => [
    name,
    milliseconds(firstReply),
    fullRate === undefined ? 'not reached' : milliseconds(fullRate),
    failed.toFixed(0),
  ])
  return [
    `## ${titles.recovery}`,
    '64 loops of GET; the server is killed, and started again after half a second. From the moment at which it takes connections',
    'again: to the first reply, and to nine tenths of the rate before. "Failed": commands that were rejected.',
    '',
    table([left('client'), ...['first reply', 'full rate', 'failed'].map(right)], rows),
  ].join('\n')
}

function fenceSection({ ratio, withFence, without }: NonNullable<LoadResults['fence']>): string {
  return [
    `## ${titles.fence}`,
    'The server closes the connection while 64 loops use it, and the client reconnects without a pause. The time without a reply',
    `is ${milliseconds(withFence)} with the fence and ${milliseconds(without)} without: ${format(ratio).ratio} (95%: ${format(ratio).interval}).`,
  ].join('\n')
}

function delayedSection({ measured, roundTrip }: NonNullable<LoadResults['delayed']>): string {
  const names = Object.keys(measured[0]?.figures ?? {}).filter((name) => name !== 'respite')
  const rows = measured.map((each) => {
    const lines = compare(each)
    const ratios = names.map((name) => {
      const ratio = lines.find((line) => line.name === name)?.ratio
      return ratio === undefined ? '' : formatEstimate(ratio)
    })
    return [each.title, formatRate(lines.find(({ name }) => name === 'respite')?.rate ?? Number.NaN), ...ratios]
  })
  const columns = [
    left('workload'),
    right('respite, commands/s'),
    ...names.map((name) => right(`respite is, against ${name}`)),
  ]
  return [
    `## ${titles.delayed}`,
    `A proxy delays replies; one GET at a time takes ${milliseconds(roundTrip)} there.`,
    '',
    table(columns, rows),
  ].join('\n')
}
