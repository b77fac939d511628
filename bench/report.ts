import { bunClientName } from './clients/all.js'
import { compare, type Line, ratioOf } from './comparison.js'
import { type Latency, latencyTitle } from './latency.js'
import { type Memory, memoryTitle } from './memory.js'
import { type OnBun, onNodeName } from './on-bun.js'
import type { Measured } from './rounds.js'
import { formatMicroseconds, formatRate, formatRatio, table } from './table.js'
import { bareName, collectingName, isOther } from './workloads/workload.js'

/** Everything that is reported. */
export interface Results {
  /** Versions and machine, without names. */
  readonly environment: readonly string[]
  readonly rounds: number
  readonly time: number
  readonly measured: readonly Measured[]
  readonly latencies: readonly Latency[]
  readonly memory: readonly Memory[]
  /** Undefined where there is no Bun. */
  readonly onBun: OnBun | undefined
}

/** The whole report in Markdown. */
export function renderReport(results: Results): string {
  const { measured, latencies, memory, onBun } = results
  const parts = [heading(results)]
  if (measured.length > 0) parts.push(summary(measured), ...measured.map((each) => section('##', each)))
  if (latencies.length > 0) parts.push(latencySection(latencies))
  if (memory.length > 0) parts.push(memorySection(memory))
  if (measured.length > 0) parts.push(bunSection(onBun))
  return `${parts.join('\n\n')}\n`
}

function heading({ environment, rounds, time }: Results): string {
  return [
    '# Clients side by side',
    '',
    ...environment.map((line) => `- ${line}`),
    '',
    'Every client runs in a process of its own, on the same core, and they take turns.',
    `Rates: median of ${rounds} interleaved rounds of ${time} ms for each client (in a round: the median call), and the slowest`,
    'and the fastest round. "respite is": how many times as fast respite was within the same round, the median of all rounds,',
    'and the least and the most. CPU: processor time of the process, user and system, all threads, in µs a command. The',
    'machine is shared: the ratios within one run mean more than the figures.',
    '',
    '![How fast each client is, respite being 1](clients.svg)',
  ].join('\n')
}

function summary(measured: readonly Measured[]): string {
  const names = [...new Set(measured.flatMap(({ figures }) => Object.keys(figures)))]
  const others = names.filter((name) => isOther(name) || name === bareName)
  const rows = measured.map((each) => {
    const lines = new Map(compare(each).map((line) => [line.name, line]))
    return [each.title, ...others.map((name) => optional(lines.get(name)?.ratio?.median, formatRatio))]
  })
  const columns = [{ title: 'respite is, against', align: 'left' as const }, ...others.map((title) => ({ title }))]
  return `## Overview\n\n${table(columns, rows)}`
}

function section(level: string, measured: Measured): string {
  const singular = measured.unit.replace(/s$/, '')
  const rows = compare(measured).map((line) => [
    line.name,
    formatRate(line.rate.median),
    `${formatRate(line.rate.low)} to ${formatRate(line.rate.high)}`,
    formatMicroseconds(line.cpu),
    optional(line.ratio?.median, formatRatio),
    line.ratio === undefined ? '' : `${formatRatio(line.ratio.low)} to ${formatRatio(line.ratio.high)}`,
    verdict(line),
  ])
  const columns = [
    { title: 'client', align: 'left' as const },
    { title: `${measured.unit}/s` },
    { title: 'slowest to fastest' },
    { title: `CPU µs/${singular}` },
    { title: 'respite is' },
    { title: 'least to most' },
    { title: 'target', align: 'left' as const },
  ]
  return `${level} ${measured.title}\n\n${table(columns, rows)}`
}

function verdict({ ratio, target }: Line): string {
  if (ratio === undefined || target === undefined) return ''
  // 7x rather than 7.00x, but 0.87x.
  return `${Number(target.toFixed(2))}x: ${ratio.median >= target ? 'met' : 'NOT met'}`
}

function latencySection(latencies: readonly Latency[]): string {
  const columns = [{ title: 'client', align: 'left' as const }, ...['p50', 'p99', 'p99.9', 'samples'].map(titled)]
  const rows = latencies.map(({ name, p50, p99, p999, samples }) => [
    name,
    ...[p50, p99, p999].map((value) => `${formatMicroseconds(value)} µs`),
    samples.toLocaleString('en'),
  ])
  return `## ${latencyTitle}\n\n${table(columns, rows)}`
}

function memorySection(memory: readonly Memory[]): string {
  const columns = [{ title: 'client', align: 'left' as const }, ...['heap and buffers', 'process'].map(titled)]
  const bytes = (value: number): string => `${Math.round(value)} B`
  const rows = memory.map(({ name, heap, rss }) => [name, bytes(heap), bytes(rss)])
  return [
    `## ${memoryTitle}`,
    '',
    'Bytes a command: GETs that a paused server has not answered; each client in a process of its own, after garbage',
    'collection. "Process" is what the resident set has grown by: it has the memory of native code, too, and what the',
    'garbage collector keeps ready.',
    '',
    table(columns, rows),
  ].join('\n')
}

function bunSection(onBun: OnBun | undefined): string {
  if (onBun === undefined) return '## On Bun\n\nNot measured: no `bun` on the PATH, and none named by the variable BUN.'
  const { version, measured } = onBun
  const text = [
    "Bun's own client and respite, both on Bun, and respite on Node, taking turns on the same core, over the same server.",
    "The table says how many times as fast as Bun's own client each is. What the bare socket is there is the most that a",
    'client on the sockets of Bun could be.',
  ].join('\n')
  const sections = measured.map((each) => section('###', each))
  return [`## On Bun ${version}`, text, bunSummary(measured), ...sections].join('\n\n')
}

function bunSummary(measured: readonly Measured[]): string {
  const names = ['respite', onNodeName, bareName, collectingName]
  const rows = measured.map((each) => {
    const ratios = names.map((name) => ratioOf(each, name, bunClientName)?.median)
    return [each.title, ...ratios.map((ratio) => optional(ratio, formatRatio))]
  })
  const titles = ['respite on Bun', onNodeName, `${bareName} on Bun`, collectingName]
  return table([{ title: "against Bun's own client", align: 'left' }, ...titles.map(titled)], rows)
}

const titled = (title: string): { title: string } => ({ title })

function optional(value: number | undefined, format: (value: number) => string): string {
  return value === undefined || Number.isNaN(value) ? '' : format(value)
}
