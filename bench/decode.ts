import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { Bench } from 'tinybench'
import { excludeFrom, mustBeWritable, readCommandLine, withTitle } from '../scripts/command-line.js'
import { chunkBytes, contenders, sink, versionOf } from './decode-contenders.js'
import { megabyte, type Workload, workloads } from './decode-workloads.js'
import { median } from './quantile.js'

/**
 * `npm run bench:decode`: decoding speed without sockets. respite's decoder and those of other clients decode the same bytes in one
 * process. The decoders take turns within each round, so that a slow moment of the machine affects all of them. The result is the
 * median of the rounds; the first rounds only warm up.
 */

const rounds = 15
const warmupRounds = 4

function chunksOf(bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes))
  return chunks
}

/** Nanoseconds per unit, by contender. */
async function measure(workload: Workload): Promise<Map<string, number>> {
  const chunks = chunksOf(workload.bytes)
  const isLarge = workload.bytes.length > megabyte
  const entries = contenders
    .filter(({ resp3 }) => resp3 || workload.resp3 !== true)
    .map(({ name, create, read }) => {
      const buffers = workload.buffers === true
      return { name, feed: isLarge ? read(create(buffers), buffers) : create(buffers), figures: [] as number[] }
    })
  for (let round = 0; round < rounds; round++) {
    for (const { name, feed, figures } of entries) {
      const bench = new Bench({ time: 0, warmup: false, iterations: isLarge ? 1 : 100 })
      bench.add(name, () => {
        sink.count = 0
        for (const chunk of chunks) feed(chunk)
        if (sink.count !== workload.replies)
          throw new Error(`${name} gave ${sink.count} replies for ${workload.replies}`)
      })
      await bench.run()
      const result = bench.tasks[0]?.result
      if (result?.state !== 'completed') throw new Error(`${name} failed on "${workload.name}"`, { cause: result })
      if (round >= warmupRounds) figures.push((result.latency.p50 * 1e6) / workload.units)
    }
  }
  sink.value = undefined
  return new Map(entries.map(({ name, figures }) => [name, median(figures)]))
}

const figure = (ns: number): string => (ns >= 10_000 ? Math.round(ns).toLocaleString('en') : ns.toFixed(1))

function row({ name, unit }: Workload, figures: ReadonlyMap<string, number>): string[] {
  const own = figures.get('respite') as number
  return [
    name,
    unit,
    figure(own),
    ...contenders.slice(1).map((contender) => {
      const theirs = figures.get(contender.name)
      return theirs === undefined ? '' : `${figure(theirs)} (${(theirs / own).toFixed(2)}x)`
    }),
  ]
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] as string[]).map((_, column) =>
    Math.max(...rows.map((cells) => (cells[column] as string).length)),
  )
  const lines = rows.map(
    (cells) =>
      `| ${cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join(' | ')} |`,
  )
  const rule = `| ${widths.map((width, i) => (i < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

const help = `npm run bench:decode [-- OPTIONS]: the decoder compared with other decoders, without sockets

  --only TEXT   only the workloads with TEXT in their name
  --out FILE    write the report to FILE; excludes --only. Default: nothing is written
  --list        list the names, for --only
  --help        show this text

Exits with 2 if an option is wrong.`

const titled = workloads.map((workload) => ({ ...workload, title: workload.name }))
const { wanted, out } = readCommandLine({ help, list: () => titled.map(({ title }) => title) }, (args) => {
  const { values } = parseArgs({ args, options: { only: { type: 'string' }, out: { type: 'string' } } })
  excludeFrom(values, 'only', ['out'])
  return { wanted: withTitle(titled, values.only ?? ''), out: values.out }
})
if (out !== undefined) await mustBeWritable(out)
const rows: string[][] = [['workload', 'unit', 'respite', ...contenders.slice(1).map(({ name }) => name)]]
const medians = new Map<string, number>()
for (const workload of wanted) {
  const figures = await measure(workload)
  medians.set(workload.name, (figures.get('respite') as number) * workload.units)
  rows.push(row(workload, figures))
  console.log((rows[rows.length - 1] as string[]).join(' | '))
}
console.log(`\n${table(rows)}`)

if (out !== undefined) {
  const ratio = (medians.get('200 MB bulk as Buffer') as number) / (medians.get('100 MB bulk as Buffer') as number)
  const report = `# Decoding

Nanoseconds per unit, median of ${rounds - warmupRounds} interleaved rounds; in brackets, the time of the other decoder divided by that of
respite. Bytes arrive in chunks of 64 kB. Replies of more than 1 MB are read as from a socket: for the others, into new memory at
each read, which their decoders keep; for respite, into one reused piece of memory, or into the memory that its decoder provides
(\`wanted\`, \`filled\`).

respite needs ${ratio.toFixed(2)} times as long for twice the size (200 MB instead of 100 MB, one bulk string).

${table(rows)}

- respite ${JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version}, ${contenders
    .slice(1)
    .map(({ name }) => `${name} ${versionOf(name === 'node-redis' ? '@redis/client' : name)}`)
    .join(', ')}
- Node ${process.version}, ${process.platform} ${process.arch}, ${cpus()[0]?.model ?? 'unknown processor'}
- \`npm run bench:decode -- --out bench/results/decode.md\`
`
  writeFileSync(out, report)
  console.log(`\n100 MB -> 200 MB: ${ratio.toFixed(2)}x. Written: ${out}`)
}
