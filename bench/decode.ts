// Decoding speed, without sockets: the same bytes through respite's decoder and those of other clients, in one process.
//
//   npx tsx bench/decode.ts [part of a workload's name]
//
// Workloads run in rounds, the decoders in turn within each round, so that a slow moment of the machine falls on all of
// them; the median over rounds counts. The first rounds only warm up. Writes bench/results/decode.md when nothing is left out.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { Bench } from 'tinybench'
import { Decoder } from '../src/protocol/decoder.js'
import { bufferMode, textMode } from '../src/protocol/types.js'

const require = createRequire(import.meta.url)
const chunkBytes = 64 * 1024
const rounds = 15
const warmupRounds = 4

/** Keeps what was decoded last, so that no decoder's work can be optimised away; counts, so that none can be left out. */
const sink: { value: unknown; count: number } = { value: undefined, count: 0 }
const onValue = (value: unknown): void => {
  sink.value = value
  sink.count++
}

type Feed = (chunk: Buffer) => void

interface Contender {
  readonly name: string
  readonly resp3: boolean
  /** How large replies are read from a socket for it. */
  readonly read: (feed: Feed, buffers: boolean) => Feed
  readonly create: (buffers: boolean) => Feed
}

interface RespDecoder {
  write(chunk: Buffer): void
}

/** A socket's usual way: new memory for every read, which the decoder may keep. */
const readIntoNewMemory =
  (feed: Feed): Feed =>
  (chunk) => {
    const memory = Buffer.allocUnsafeSlow(chunk.length)
    chunk.copy(memory)
    feed(memory)
  }

/** One piece of memory for all reads, or, within a large payload, the memory that the decoder wants filled. */
function readInPlace(decoder: Decoder): Feed {
  const reused = Buffer.allocUnsafeSlow(chunkBytes)
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      const memory = decoder.wanted()
      const count = chunk.copy(memory ?? reused, 0, at)
      if (memory === undefined) decoder.decode(reused.subarray(0, count))
      else decoder.filled(count)
      at += count
    }
  }
}

function createOwn(buffers: boolean): Decoder {
  const mode = buffers ? bufferMode : textMode
  return new Decoder({ modeOfNext: () => mode, onReply: onValue, onPush: onValue })
}

/** node-redis and ioredis 6 share the shape of their decoders. */
function typeMapped(path: string): (buffers: boolean) => Feed {
  const { Decoder: Theirs } = require(path) as { Decoder: new (options: object) => RespDecoder }
  return (buffers) => {
    const bulk = '$'.charCodeAt(0)
    const mapping = buffers ? { [bulk]: Buffer } : {}
    const getTypeMapping = () => mapping
    const decoder = new Theirs({ onReply: onValue, onErrorReply: onValue, onPush: onValue, getTypeMapping })
    return (chunk) => decoder.write(chunk)
  }
}

/** A file inside a package, past its `exports`. */
const inside = (name: string, file: string): string => join(packageRoot(name), file)

function packageRoot(name: string): string {
  const marker = join('node_modules', ...name.split('/'))
  const entry = require.resolve(name)
  return entry.slice(0, entry.lastIndexOf(marker) + marker.length)
}

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(inside(name, 'package.json'), 'utf8')) as { version: string }).version

const contenders: readonly Contender[] = [
  {
    name: 'respite',
    resp3: true,
    read: (_, buffers) => readInPlace(createOwn(buffers)),
    create: (buffers) => {
      const decoder = createOwn(buffers)
      return (chunk) => decoder.decode(chunk)
    },
  },
  {
    name: 'node-redis',
    resp3: true,
    read: readIntoNewMemory,
    create: typeMapped(inside('@redis/client', 'dist/lib/RESP/decoder.js')),
  },
  {
    name: 'ioredis',
    resp3: true,
    read: readIntoNewMemory,
    create: typeMapped(inside('ioredis', 'built/resp/decoder.js')),
  },
  {
    name: 'redis-parser',
    resp3: false,
    read: readIntoNewMemory,
    create: (buffers) => {
      const Parser = require('redis-parser') as new (options: object) => { execute(chunk: Buffer): void }
      const parser = new Parser({ returnReply: onValue, returnError: onValue, returnBuffers: buffers })
      return (chunk) => parser.execute(chunk)
    },
  },
]

interface Workload {
  readonly name: string
  readonly bytes: Buffer
  /** What one figure is about: an element, a reply ... */
  readonly unit: string
  readonly units: number
  readonly replies: number
  readonly buffers?: boolean
  readonly resp3?: boolean
}

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
const times = (count: number, of: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => of(i)).join('')
const largeBulk = (bytes: number): Buffer =>
  Buffer.concat([Buffer.from(`$${bytes}\r\n`), Buffer.alloc(bytes, 'x'), Buffer.from('\r\n')])
const megabyte = 2 ** 20
const thousand = 1_000

const perReply = { unit: 'reply', units: thousand, replies: thousand }
const perElement = { unit: 'element', units: thousand, replies: 1 }

const workloads: readonly Workload[] = [
  {
    name: 'burst of 1,000 bulks of 7 characters',
    bytes: Buffer.from(times(thousand, (i) => bulk(`val:${(i % 900) + 100}`))),
    ...perReply,
  },
  { name: 'burst of 1,000 +OK', bytes: Buffer.from('+OK\r\n'.repeat(thousand)), ...perReply },
  { name: 'burst of 1,000 integers', bytes: Buffer.from(times(thousand, (i) => `:${i * 37}\r\n`)), ...perReply },
  {
    name: 'LRANGE 1,000, 8 characters',
    bytes: Buffer.from(`*1000\r\n${times(thousand, (i) => bulk(`item${1000 + i}`))}`),
    ...perElement,
  },
  {
    name: 'LRANGE 1,000, 36 characters',
    bytes: Buffer.from(`*1000\r\n${times(thousand, (i) => bulk(`${i}`.padStart(36, '0')))}`),
    ...perElement,
  },
  {
    name: 'LRANGE 1,000, a tenth not ASCII',
    bytes: Buffer.from(`*1000\r\n${times(thousand, (i) => bulk(i % 10 === 0 ? `é${i}` : `item${i}`))}`),
    ...perElement,
  },
  {
    name: 'LRANGE 1,000, 8 bytes, as Buffers',
    bytes: Buffer.from(`*1000\r\n${times(thousand, (i) => bulk(`item${1000 + i}`))}`),
    ...perElement,
    buffers: true,
  },
  {
    name: 'HGETALL 1,000 fields (RESP3 map)',
    bytes: Buffer.from(`%1000\r\n${times(thousand, (i) => bulk(`field:${i}`) + bulk(`value:${i}`))}`),
    unit: 'field',
    units: thousand,
    replies: 1,
    resp3: true,
  },
  {
    name: 'HGETALL 10 fields, 100 of them (RESP3 map)',
    bytes: Buffer.from(times(100, () => `%10\r\n${times(10, (i) => bulk(`field:${i}`) + bulk(`value:${i}`))}`)),
    unit: 'field',
    units: thousand,
    replies: 100,
    resp3: true,
  },
  {
    name: 'ZRANGE 1,000 scores (RESP3 doubles)',
    bytes: Buffer.from(`*1000\r\n${times(thousand, (i) => `,${i / 8}\r\n`)}`),
    ...perElement,
    resp3: true,
  },
  {
    name: 'XRANGE 250 entries (nested arrays)',
    bytes: Buffer.from(
      `*250\r\n${times(250, (i) => `*2\r\n${bulk(`1700000000000-${i}`)}*2\r\n${bulk('f')}${bulk(`v${i}`)}`)}`,
    ),
    unit: 'entry',
    units: 250,
    replies: 1,
  },
  { name: '8 MB bulk as Buffer', bytes: largeBulk(8 * megabyte), unit: 'MB', units: 8, replies: 1, buffers: true },
  { name: '8 MB bulk as text', bytes: largeBulk(8 * megabyte), unit: 'MB', units: 8, replies: 1 },
  {
    name: '100 MB bulk as Buffer',
    bytes: largeBulk(100 * megabyte),
    unit: 'MB',
    units: 100,
    replies: 1,
    buffers: true,
  },
  {
    name: '200 MB bulk as Buffer',
    bytes: largeBulk(200 * megabyte),
    unit: 'MB',
    units: 200,
    replies: 1,
    buffers: true,
  },
]

function chunksOf(bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes))
  return chunks
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number

/** Nanoseconds a unit, by contender. */
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

const wanted = process.argv[2] ?? ''
const rows: string[][] = [['workload', 'unit', 'respite', ...contenders.slice(1).map(({ name }) => name)]]
const medians = new Map<string, number>()
for (const workload of workloads.filter(({ name }) => name.includes(wanted))) {
  const figures = await measure(workload)
  medians.set(workload.name, (figures.get('respite') as number) * workload.units)
  rows.push(row(workload, figures))
  console.log((rows[rows.length - 1] as string[]).join(' | '))
}
console.log(`\n${table(rows)}`)

if (wanted === '') {
  const ratio = (medians.get('200 MB bulk as Buffer') as number) / (medians.get('100 MB bulk as Buffer') as number)
  const report = `# Decoding

Nanoseconds a unit, median of ${rounds - warmupRounds} interleaved rounds; in brackets, how many times respite's time the other takes.
Bytes come in chunks of 64 kB. Replies of more than 1 MB are read as from a socket: for the others into new memory at each read,
which their decoders keep; for respite into one reused piece, or where its decoder wants them (\`wanted\`, \`filled\`).

Twice the size (200 MB instead of 100 MB, one bulk) takes respite ${ratio.toFixed(2)} times the time.

${table(rows)}

- respite ${JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version}, ${contenders
    .slice(1)
    .map(({ name }) => `${name} ${versionOf(name === 'node-redis' ? '@redis/client' : name)}`)
    .join(', ')}
- Node ${process.version}, ${process.platform} ${process.arch}, ${cpus()[0]?.model ?? 'unknown processor'}
- \`npx tsx bench/decode.ts\`
`
  const file = new URL('results/decode.md', import.meta.url)
  mkdirSync(dirname(file.pathname), { recursive: true })
  writeFileSync(file, report)
  console.log(`\n100 MB -> 200 MB: ${ratio.toFixed(2)}x. Written: bench/results/decode.md`)
}
