import { bunClientName } from './clients/all.js'
import { type Estimate, format } from './compare/interval.js'
import { compare, type Line, ratioOf, showsNoDifference, uncertaintyOf } from './comparison.js'
import { type Latency, latencyTitle } from './latency.js'
import { type Memory, memoryTitle } from './memory.js'
import { type OnBun, onNodeName } from './on-bun.js'
import type { Measured, Precision } from './rounds.js'
import { formatEstimate, formatMicroseconds, formatRate, table } from './table.js'
import { bareName, collectingName, isOther } from './workloads/workload.js'

/** Everything that is reported. */
export interface Results {
  /** Versions and machine, without names. */
  readonly environment: readonly string[]
  readonly precision: Precision
  readonly measured: readonly Measured[]
  readonly latencies: readonly Latency[]
  readonly memory: readonly Memory[]
  /** valkey-glide on the core of the clients, and on all cores; none where it was not measured. */
  readonly glide: readonly Measured[]
  /** Undefined where there is no Bun. */
  readonly onBun: OnBun | undefined
}

/** The whole report in Markdown. */
export function renderReport(results: Results): string {
  const { measured, latencies, memory, glide, onBun } = results
  const parts = [heading(results)]
  if (measured.length > 0) parts.push(summary(results), ...measured.map((each) => section('##', each)))
  if (latencies.length > 0) parts.push(latencySection(latencies))
  if (memory.length > 0) parts.push(memorySection(memory))
  if (glide.length > 0) parts.push(glideSection(glide))
  if (measured.length > 0) parts.push(bunSection(onBun))
  return `${parts.join('\n\n')}\n`
}

function heading({ environment, precision: { rounds, mostRounds, time, precision } }: Results): string {
  const count = rounds === mostRounds ? `${rounds} rounds` : `${rounds} to ${mostRounds} rounds`
  return [
    '# Clients side by side',
    '',
    ...environment.map((line) => `- ${line}`),
    '',
    `Every client runs in a process of its own, on the same core, and they take turns: ${count} of ${time} ms for each.`,
    '',
    '- Rate: all commands of a turn by its whole time, pauses for the garbage collector included; the geometric mean of the rounds.',
    '- Median call: the rate of the median call, which shows no such pause.',
    '- CPU: processor time of the process, user and system, all threads, in µs a command.',
    '- "respite is": how many times as fast respite was within the same round; the geometric mean of the rounds, which is also the',
    "  quotient of the two rates, and its 95% interval (Student's t on the logarithms). Digits that the interval does not bear are",
    '  left out. "≈": the interval contains 1, so that no difference was shown.',
    `- Rounds go on until every ratio of a workload is known to ${percent(precision)}; where ${mostRounds} rounds were not enough, the report says so.`,
    '- Target: "met" if the whole interval is above it, "NOT met" if the whole interval is below, else "open".',
    '',
    '![How fast each client is, respite being 1](clients.svg)',
  ].join('\n')
}

function summary({ measured, precision: { precision } }: Results): string {
  const names = [...new Set(measured.flatMap(({ figures }) => Object.keys(figures)))]
  const others = names.filter((name) => isOther(name) || name === bareName)
  const rows = measured.map((each) => {
    const lines = new Map(compare(each).map((line) => [line.name, line]))
    return [each.title, ...others.map((name) => ratioCell(lines.get(name)?.ratio))]
  })
  const columns = [{ title: 'respite is, against', align: 'left' as const }, ...others.map((title) => ({ title }))]
  return ['## Overview', table(columns, rows), unsettled(measured, precision)].join('\n\n')
}

function section(level: string, measured: Measured): string {
  const singular = measured.unit.replace(/s$/, '')
  const rows = compare(measured).map((line) => [
    line.name,
    formatRate(line.rate),
    `${formatRate(line.slowest)} to ${formatRate(line.fastest)}`,
    formatRate(line.medianCall),
    formatMicroseconds(line.cpu),
    ratioCell(line.ratio),
    line.ratio === undefined || line.ratio.high === Infinity ? '' : format(line.ratio).interval,
    verdict(line),
  ])
  const columns = [
    { title: 'client', align: 'left' as const },
    { title: `${measured.unit}/s` },
    { title: 'slowest to fastest round' },
    { title: 'median call' },
    { title: `CPU µs/${singular}` },
    { title: 'respite is' },
    { title: '95% interval' },
    { title: 'target', align: 'left' as const },
  ]
  return `${level} ${measured.title}\n\n${table(columns, rows)}`
}

function verdict({ ratio, target }: Line): string {
  if (ratio === undefined || target === undefined) return ''
  // 7x rather than 7.00x, but 0.87x.
  return `${Number(target.toFixed(2))}x: ${ratio.low >= target ? 'met' : ratio.high < target ? 'NOT met' : 'open'}`
}

/** Names the ratios that are not known as exactly as stated. */
function unsettled(measured: readonly Measured[], precision: number): string {
  const named = measured.flatMap((each) =>
    compare(each).flatMap(({ name, ratio }) => {
      const uncertainty = ratio === undefined ? 0 : uncertaintyOf(ratio)
      if (uncertainty <= precision) return []
      return [`${each.title}, against ${name} (${uncertainty === Infinity ? 'one round' : percent(uncertainty)})`]
    }),
  )
  if (named.length === 0) return `Every ratio is known to ${percent(precision)}.`
  return `Not known to ${percent(precision)}, after as many rounds as there were:\n\n${named.map((line) => `- ${line}`).join('\n')}`
}

function glideSection(glide: readonly Measured[]): string {
  const text = [
    'valkey-glide does its work in threads of its own, and elsewhere in this report they share one core with its JavaScript. What',
    'that costs it: the same on all cores, one of which is also the one of the server.',
  ].join('\n')
  return ['## valkey-glide on all cores', text, ...glide.map((each) => section('###', each))].join('\n\n')
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
    return [each.title, ...names.map((name) => ratioCell(ratioOf(each, name, bunClientName)))]
  })
  const titles = ['respite on Bun', onNodeName, `${bareName} on Bun`, collectingName]
  return table([{ title: "against Bun's own client", align: 'left' }, ...titles.map(titled)], rows)
}

const titled = (title: string): { title: string } => ({ title })

const percent = (share: number): string => `${Math.round(share * 100)}%`

function ratioCell(ratio: Estimate | undefined): string {
  if (ratio === undefined || Number.isNaN(ratio.ratio)) return ''
  return `${showsNoDifference(ratio) && ratio.high !== Infinity ? '≈ ' : ''}${formatEstimate(ratio)}`
}
