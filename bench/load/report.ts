import { compare } from '../comparison.js'
import { median } from '../quantile.js'
import type { Measured } from '../rounds.js'
import { formatComparison, formatRate, table } from '../table.js'
import { type AtRate, awakeMs, keepsUp } from './open-loop.js'
import type { Recovery } from './recovery.js'
import type { Lateness } from './time-outs.js'

/** The results, by client. */
export interface LoadResults {
  readonly environment: readonly string[]
  readonly rounds: number
  readonly rates: readonly { readonly name: string; readonly reached: readonly AtRate[] }[]
  /** The time limit in milliseconds. */
  readonly limit: number
  readonly lateness: readonly { readonly name: string; readonly lateness: Lateness }[]
  /** Of each client, every round. */
  readonly recoveries: readonly { readonly name: string; readonly all: readonly Recovery[] }[]
  /** Milliseconds without a reply after which the sentinels consider the master down. */
  readonly downAfter: number
  readonly failovers: LoadResults['recoveries']
  /** Through a proxy that delays replies; a round trip through it, in milliseconds. */
  readonly delayed: { readonly measured: readonly Measured[]; readonly roundTrip: number } | undefined
}

/** The titles for `--only`, and the headings. */
export const titles = {
  rates: 'Latency at fixed rates',
  limits: 'Time limits in a saturated event loop',
  recovery: 'After kill -9 of the server',
  failover: 'After a failover by Sentinel',
  delayed: 'With a network delay of 1 ms',
} as const

const left = (title: string) => ({ title, align: 'left' as const })
const right = (title: string) => ({ title })
const milliseconds = (value: number): string =>
  value === Infinity ? 'none' : `${value.toFixed(value < 10 ? 2 : 0)} ms`

/** The whole report in Markdown. */
export function renderLoad(results: LoadResults): string {
  const { environment, rounds, rates, lateness, recoveries, failovers, downAfter, delayed } = results
  const parts = [
    [
      '# Under load',
      '',
      ...environment.map((line) => `- ${line}`),
      '',
      `Medians of ${rounds} rounds, in which one client after the other is measured. Each runs in a separate process.`,
      '',
      'valkey-glide works in separate threads. If the client is bound to a core (see above), they share it with its JavaScript, and with',
      'what calls its commands.',
    ].join('\n'),
  ]
  if (rates.length > 0) parts.push(ratesSection(results))
  if (lateness.length > 0) parts.push(limitsSection(results))
  if (recoveries.length > 0) parts.push(recoverySection(recoveries))
  if (failovers.length > 0) parts.push(failoverSection(failovers, downAfter))
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
    'GETs are due at a fixed rate, whether or not the ones before are answered. A latency is measured from the moment at which its',
    'GET was due, so that it includes the wait for the client itself (no coordinated omission). The rate increases until a client',
    'can’t keep up.',
    '',
    'What sends the GETs runs in the process of the client. It sleeps only while the next GET is due in more than about',
    `${awakeMs} ms. So at ${formatRate(1_000)} GETs/s and more it takes all the processor time of its core that the client leaves to it, and the threads of`,
    'valkey-glide, which share this core, compete with it.',
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
    `64 loops saturate the event loop. At the same time, calls with a time limit of ${limit} ms are sent to a server that does not`,
    'answer. The table shows how long after the time limit they are rejected. "Fired": calls of all rounds that were rejected after',
    'their limit, not for another reason.',
    '',
    table([left('client'), ...['p50', 'p99', 'fired'].map(right)], rows),
  ].join('\n')
}

function recoverySection(recoveries: LoadResults['recoveries']): string {
  return [
    `## ${titles.recovery}`,
    '64 loops of GET run while the server is killed, and started again after half a second. The table shows the time from the moment',
    'at which the server answers again to the first reply, and to nine tenths of the rate before. "Failed": commands that were',
    `rejected, or not answered at the end. Each is the median of ${recoveries[0]?.all.length} rounds, with the smallest and the largest time.`,
    '',
    recoveryTable(recoveries),
  ].join('\n')
}

function failoverSection(recoveries: LoadResults['recoveries'], downAfter: number): string {
  return [
    `## ${titles.failover}`,
    '64 loops of SET run while the master is killed. Three sentinels promote a replica, after the master has not answered for',
    `${downAfter} ms. The table shows the time from the moment at which most sentinels name the new master. valkey-glide does not support`,
    `Sentinel. Each is the median of ${recoveries[0]?.all.length} rounds, with the smallest and the largest time.`,
    '',
    recoveryTable(recoveries),
  ].join('\n')
}

function recoveryTable(recoveries: LoadResults['recoveries']): string {
  const rows = recoveries.map(({ name, all }) => [
    name,
    spread(all.map(({ firstReply }) => firstReply)),
    spread(all.map(({ fullRate = Infinity }) => fullRate)),
    median(all.map(({ failed }) => failed)).toFixed(0),
  ])
  return table([left('client'), ...['first reply', 'full rate', 'failed'].map(right)], rows)
}

/** The median of the rounds, the smallest and the largest; Infinity stands for what was not reached. */
function spread(values: readonly number[]): string {
  const text = (value: number): string => (value === Infinity ? 'not reached' : `${value.toFixed(0)} ms`)
  const [least, most] = [text(Math.min(...values)), text(Math.max(...values))]
  return least === most ? least : `${text(median(values))} (${least} to ${most})`
}

function delayedSection({ measured, roundTrip }: NonNullable<LoadResults['delayed']>): string {
  const names = Object.keys(measured[0]?.figures ?? {}).filter((name) => name !== 'respite')
  const rows = measured.map((each) => {
    const lines = compare(each)
    const ratios = names.map((name) => formatComparison(lines.find((line) => line.name === name)?.ratio))
    return [each.title, formatRate(lines.find(({ name }) => name === 'respite')?.rate ?? Number.NaN), ...ratios]
  })
  const columns = [
    left('workload'),
    right('respite, commands/s'),
    ...names.map((name) => right(`respite is, compared with ${name}`)),
  ]
  return [
    `## ${titles.delayed}`,
    `A proxy delays replies; one GET at a time takes ${milliseconds(roundTrip)} through it. "≈" means no difference: the 95% interval`,
    'contains 1.',
    '',
    table(columns, rows),
  ].join('\n')
}
