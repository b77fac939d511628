import { type Estimate, estimate, format } from '../compare/interval.js'
import { geometricMean } from '../comparison.js'
import { median, quantile } from '../quantile.js'
import { formatEstimate, formatMicroseconds, formatRate, table } from '../table.js'
import { type PipelineFigures, type PipelineRounds, timesAsLong } from './pipelines.js'

/** What was measured of each client, an entry a round. */
export interface Rates {
  readonly title: string
  /** Commands a second. */
  readonly rates: Readonly<Record<string, readonly number[]>>
  /** Microseconds of processor time a command, of the client's process. */
  readonly cpu: Readonly<Record<string, readonly number[]>>
}

/** A master that was killed: how long until its slots took writes again. */
export interface Kill {
  /** Milliseconds from the kill until a server took a write. */
  readonly servers: number
  readonly clients: Readonly<Record<string, ClientRecovery>>
}

/** How a client came through the loss of a master. */
export interface ClientRecovery {
  /** Milliseconds from the kill until a write succeeded; undefined: none did. */
  readonly recovered: number | undefined
  /** Writes that were rejected. */
  readonly rejected: number
}

/** Everything that was measured. What was not is empty. */
export interface ClusterResults {
  readonly environment: readonly string[]
  readonly one: readonly Rates[]
  readonly three: readonly Rates[]
  readonly pipelines: readonly PipelineFigures[]
  readonly kills: readonly Kill[]
}

/** What `--only` is compared with, and the headings. */
export const titles = {
  one: 'One node: createCluster beside createClient',
  three: 'Three nodes',
  pipelines: 'A pipeline of 1,000 commands over all slots',
  recovery: 'After kill -9 of a master',
} as const

/** `createCluster` must reach this share of the speed of `createClient`. */
export const target = 0.92

/** Whether a row misses the target with certainty: all of its interval is below. */
export const misses = ({ high }: Estimate): boolean => high < target

/** How many times as fast the first client was as the second, within each round. */
export function ratioOf({ rates }: Rates, name: string, other: string): Estimate {
  return estimate((rates[other] ?? []).map((rate, round) => (rates[name]?.[round] ?? Number.NaN) / rate))
}

/** The rows of {@link titles.one} that miss the target. */
export const missed = ({ one }: ClusterResults): readonly Rates[] =>
  one.filter((rates) => misses(ratioOf(rates, 'createCluster', 'createClient')))

const left = (title: string) => ({ title, align: 'left' as const })
const right = (title: string) => ({ title })
const milliseconds = (value: number): string =>
  value === Infinity ? 'none' : `${value.toFixed(value < 100 ? 1 : 0)} ms`

/** The whole report in Markdown. */
export function renderCluster(results: ClusterResults): string {
  const { environment, one, three, pipelines, kills } = results
  const parts = [['# In a cluster', '', ...environment.map((line) => `- ${line}`)].join('\n')]
  if (one.length > 0) parts.push(oneSection(one))
  if (three.length > 0) parts.push(threeSection(three))
  if (pipelines.length > 0) parts.push(pipelineSection(pipelines))
  if (kills.length > 0) parts.push(recoverySection(kills))
  return `${parts.join('\n\n')}\n`
}

function oneSection(one: readonly Rates[]): string {
  const rows = one.map((each) => {
    const estimated = ratioOf(each, 'createCluster', 'createClient')
    const { ratio, interval } = format(estimated)
    const verdict = misses(estimated) ? 'missed' : estimated.low >= target ? 'met' : 'within the noise'
    return [
      each.title,
      ...['createClient', 'createCluster'].map((name) => formatRate(geometricMean(each.rates[name] ?? []))),
      ratio,
      interval,
      verdict,
      ...['createClient', 'createCluster'].map((name) => `${formatMicroseconds(median(each.cpu[name] ?? []))} µs`),
    ]
  })
  const cpu = ['CPU of createClient', 'CPU of createCluster']
  const columns = ['createClient', 'createCluster', 'ratio', '95%', `target ${target}`, ...cpu].map(right)
  return [
    `## ${titles.one}`,
    '',
    'respite with a cluster of one node, and with a client for that node. GETs a second, of 1,000 keys; the ratio is the geometric',
    'mean of the rounds. CPU: processor time of the process of the client for a GET (median).',
    '',
    table([left('workload'), ...columns], rows),
  ].join('\n')
}

function threeSection(three: readonly Rates[]): string {
  const names = Object.keys(three[0]?.rates ?? {})
  const others = names.filter((name) => name !== 'respite')
  const rows = three.map((each) => [
    each.title,
    ...names.map((name) => formatRate(geometricMean(each.rates[name] ?? []))),
    ...others.map((other) => formatEstimate(ratioOf(each, 'respite', other))),
  ])
  const columns = [...names, ...others.map((other) => `respite is, against ${other}`)].map(right)
  return [
    `## ${titles.three}`,
    '',
    'GETs a second of 1,000 keys over all slots, from three masters.',
    '',
    table([left('workload'), ...columns], rows),
  ].join('\n')
}

function pipelineSection(pipelines: readonly PipelineFigures[]): string {
  const first = pipelines[0]
  const cells = (figures: PipelineRounds): string[] => {
    if (figures === undefined) return []
    if ('refusal' in figures) return [`refused: ${figures.refusal.replace(/\d+\.\d+\.\d+\.\d+:\d+/, 'host:port')}`]
    const { rounds } = figures
    const longer = figures === first?.calls ? [] : timesAsLong(figures, first?.calls)
    const { ratio, interval } = longer.length < 2 ? { ratio: '', interval: '' } : format(estimate(longer))
    return ['', milliseconds(median(rounds.map(median))), milliseconds(quantile(rounds.flat(), 0.99)), ratio, interval]
  }
  const rows = pipelines.flatMap(({ client, calls, pipeline }) => [
    [client, 'calls in one tick', ...cells(calls)],
    ...(pipeline === undefined ? [] : [[client, 'its pipeline', ...cells(pipeline)]]),
  ])
  return [
    `## ${titles.pipelines}`,
    '',
    'A SET of each of 1,000 keys, on three masters: the time until all are answered. Median: of the medians of the rounds. p99: of all',
    `pipelines. The ratio, the geometric mean of the rounds, says how many times as long as the calls of ${first?.client} they took.`,
    '',
    table([left('client'), left('how'), left(''), ...['median', 'p99', 'ratio', '95%'].map(right)], rows),
  ].join('\n')
}

function recoverySection(kills: readonly Kill[]): string {
  const row = (name: string, times: readonly number[], later: readonly number[], rejected: string): string[] => [
    name,
    milliseconds(median(times)),
    milliseconds(Math.max(...times)),
    ...(later.length === 0 ? ['', ''] : [milliseconds(median(later)), milliseconds(Math.max(...later))]),
    rejected,
  ]
  const servers = kills.map((kill) => kill.servers)
  const names = Object.keys(kills[0]?.clients ?? {})
  const rows = names.map((name) => {
    const all = kills.map(({ clients }) => clients[name])
    const times = all.map((each) => each?.recovered ?? Infinity)
    const later = times.map((time, round) => time - (servers[round] ?? Number.NaN))
    return row(name, times, later, median(all.map((each) => each?.rejected ?? 0)).toFixed(0))
  })
  return [
    `## ${titles.recovery}`,
    '',
    `${kills.length} times, a master of three is killed, with a replica each and a \`cluster-node-timeout\` of 1,000 ms. Every client`,
    'calls a write to a slot of this master every 20 ms. From the kill until a write that was called after it succeeds; all clients',
    'see the same failovers. "The servers": a socket that sends a write to each server until one accepts it. Rejected: writes in each',
    'failover until all clients have recovered (median).',
    '',
    table(
      [left(''), ...['median', 'longest', 'after the servers, median', 'longest', 'rejected'].map(right)],
      [row('the servers', servers, [], ''), ...rows],
    ),
  ].join('\n')
}
