import { bunClientName } from './clients/all.js'
import { format } from './compare/interval.js'
import { compare, type Line, ratioOf, spreadOf, uncertaintyOf } from './comparison.js'
import { type Latency, latencyTitle } from './latency.js'
import { type Memory, memoryTitle } from './memory.js'
import { type OnBun, onNodeName } from './on-bun.js'
import type { Results } from './results.js'
import type { Measured } from './rounds.js'
import { formatComparison, formatMicroseconds, formatRate, table } from './table.js'
import { bareName, collectingName, isOther } from './workloads/workload.js'

/** The whole report in Markdown. */
export function renderReport(results: Results): string {
  const { measured, latencies, memory, glide, tls, onBun } = results
  const parts = [heading(results)]
  if (measured.length > 0) parts.push(summary(results), ...measured.map((each) => section('##', each)))
  if (latencies.length > 0) parts.push(latencySection(latencies))
  if (memory.length > 0) parts.push(memorySection(memory))
  if (tls.length > 0) parts.push(tlsSection(tls))
  if (glide.length > 0) parts.push(glideSection(glide))
  if (onBun !== undefined) parts.push(bunSection(onBun))
  return `${parts.join('\n\n')}\n`
}

function heading({ environment, precision: { rounds, mostRounds, time, precision } }: Results): string {
  const least = rounds === mostRounds ? '' : `${rounds} to `
  const most = mostRounds === 1 ? '1 round' : `${mostRounds} rounds`
  return [
    '# Comparison of clients',
    '',
    ...environment.map((line) => `- ${line}`),
    '',
    `${least}${most}. In each round, every client runs in a new process, all on the same core, and they take turns of ${time} ms for each`,
    'workload.',
    '',
    '- Rate: all commands of a turn divided by its whole duration, which includes pauses for the garbage collector; the geometric mean',
    '  of the rounds.',
    '- Median call: the rate of the median call, which no pause affects.',
    '- CPU: processor time of the process per command, in µs: user and system, all threads.',
    '- "respite is": how many times as fast respite was in the same round; the geometric mean of the rounds, which is also the',
    "  quotient of the two rates, with its 95% interval (Student's t on the logarithms). Digits that are not certain are left out,",
    '  but at least one decimal is kept. "≈" means no difference: the interval contains 1.',
    `- Rounds go on until every ratio of a workload is known to ${percent(precision)}. The report lists the ratios that are not known to ${percent(precision)} after`,
    `  ${most}.`,
    '- Target: "met" if the whole interval is above it, "NOT met" if the whole interval is below it, otherwise "open".',
    '',
    '![How fast each client is, relative to respite](clients.svg)',
  ].join('\n')
}

function summary({ measured, precision: { precision } }: Results): string {
  const names = [...new Set(measured.flatMap(({ figures }) => Object.keys(figures)))]
  const others = names.filter((name) => isOther(name) || name === bareName)
  const rows = measured.map((each) => {
    const lines = new Map(compare(each).map((line) => [line.name, line]))
    return [each.title, ...others.map((name) => formatComparison(lines.get(name)?.ratio))]
  })
  const columns = [
    { title: 'respite is, compared with', align: 'left' as const },
    ...others.map((title) => ({ title })),
  ]
  return ['## Overview', table(columns, rows), unsettled(measured, precision), ...scattered(measured)].join('\n\n')
}

function section(level: string, measured: Measured): string {
  const singular = measured.unit.replace(/s$/, '')
  const rows = compare(measured).map((line) => [
    line.name,
    formatRate(line.rate),
    `${formatRate(line.slowest)} to ${formatRate(line.fastest)}`,
    formatRate(line.medianCall),
    formatMicroseconds(line.cpu),
    formatComparison(line.ratio),
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

/** Names the ratios that are less certain than was asked for. */
function unsettled(measured: readonly Measured[], precision: number): string {
  const named = measured.flatMap((each) =>
    compare(each).flatMap(({ name, ratio }) => {
      const uncertainty = ratio === undefined ? 0 : uncertaintyOf(ratio)
      if (uncertainty <= precision) return []
      return [`${each.title}, compared with ${name} (${uncertainty === Infinity ? 'one round' : percent(uncertainty)})`]
    }),
  )
  if (named.length === 0) return `Every ratio is known to ${percent(precision)}.`
  return `Not known to ${percent(precision)} after the last round:\n\n${list(named)}`
}

/** More than this, and a single round says little: see {@link spreadOf}. */
const widestSpread = 2

/** Names the ratios that differ much from round to round; empty if there are none. */
function scattered(measured: readonly Measured[]): string[] {
  const named = measured.flatMap((each) =>
    compare(each).flatMap(({ name, ratio }) => {
      const spread = ratio === undefined ? 1 : spreadOf(each, 'respite', name)
      return spread > widestSpread ? [`${each.title}, compared with ${name} (${spread.toFixed(1)})`] : []
    }),
  )
  if (named.length === 0) return []
  return [
    `In these, the largest ratio of a round is more than ${widestSpread} times the smallest one:\n\n${list(named)}`,
  ]
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n')

function tlsSection(tls: readonly Measured[]): string {
  const text = 'The same server and core, over TLS, with a certificate that every client verifies.'
  return ['## Over TLS', text, ...tls.map((each) => section('###', each))].join('\n\n')
}

function glideSection(glide: readonly Measured[]): string {
  const text = [
    'valkey-glide works in separate threads. In the rest of this report, they share one core with its JavaScript. These tables show',
    'what that costs: the same workloads with all cores, one of which the server uses, too.',
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
  const rounds = latencies[0]?.rounds
  const text =
    rounds === undefined
      ? 'Of all GETs of all rounds. Here, every client had one process for all rounds.'
      : `Of all GETs of ${rounds === 1 ? '1 round' : `${rounds} rounds`}, each in new processes.`
  return [`## ${latencyTitle}`, text, table(columns, rows)].join('\n\n')
}

function memorySection(memory: readonly Memory[]): string {
  const columns = [{ title: 'client', align: 'left' as const }, ...['heap and buffers', 'process'].map(titled)]
  const bytes = (value: number): string => `${Math.round(value)} B`
  const rows = memory.map(({ name, heap, rss }) => [name, bytes(heap), bytes(rss)])
  return [
    `## ${memoryTitle}`,
    '',
    'Bytes per command, for GETs that a paused server has not answered. Each client runs in a separate process and is measured after',
    'a garbage collection. "Process" is the growth of the resident set: it includes the memory of native code, and memory that the',
    'garbage collector keeps for later.',
    '',
    table(columns, rows),
  ].join('\n')
}

function bunSection({ version, measured }: OnBun): string {
  const text = [
    "Bun's own client and respite on Bun, and respite on Node, take turns on the same core and the same server. The table shows how",
    "many times as fast as Bun's own client each of them is. The bare socket shows the limit for a client that uses the sockets of",
    'Bun.',
  ].join('\n')
  const sections = measured.map((each) => section('###', each))
  return [`## On Bun ${version}`, text, bunSummary(measured), ...sections].join('\n\n')
}

function bunSummary(measured: readonly Measured[]): string {
  const names = ['respite', onNodeName, bareName, collectingName]
  const rows = measured.map((each) => {
    return [each.title, ...names.map((name) => formatComparison(ratioOf(each, name, bunClientName)))]
  })
  const titles = ['respite on Bun', onNodeName, `${bareName} on Bun`, collectingName]
  return table([{ title: "compared with Bun's own client", align: 'left' }, ...titles.map(titled)], rows)
}

const titled = (title: string): { title: string } => ({ title })

const percent = (share: number): string => `${Math.round(share * 100)}%`
