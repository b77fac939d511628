import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type DecodeForm, decodeTitles } from './rows.js'

const megabyte = 2 ** 20
/** As much as a socket often gives at once. */
const chunkBytes = 64 * 1024
/**
 * Integers, not strings: 100 MB of strings keep the garbage collector busy, and how long it takes grows faster than their
 * number. 13 bytes: chunks cut the elements at changing places.
 */
const element = ':1234567890\r\n'

/** Megabytes of the reply whose speed is reported; the other one has twice as many. */
const size = 100

interface Decoder {
  decode(chunk: Buffer): void
}

interface DecodeMode {
  readonly buffers: boolean
  readonly maps: 'object'
  readonly sets: 'array'
}

type CreateDecoder = new (handler: {
  modeOfNext(): DecodeMode
  onReply(value: unknown): void
  onPush(elements: unknown[]): void
}) => Decoder

/** What a turn of decoding came to. */
export interface Decoded {
  /** Megabytes a second. */
  readonly throughput: number
  /** How many times as long twice the bytes took. */
  readonly doubling: number
}

/** The decoder of a build: of the entry point `respite/protocol` where there is one; version 0.1 has only the file. */
export async function loadDecoder(entry: string): Promise<CreateDecoder> {
  const path = entryPointOf(entry) ?? new URL('dist/protocol/decoder.js', pathToFileURL(entry)).href
  const { Decoder } = (await import(path)) as { Decoder: CreateDecoder }
  return Decoder
}

function entryPointOf(entry: string): string | undefined {
  try {
    return pathToFileURL(createRequire(entry).resolve('respite/protocol')).href
  } catch {
    return undefined
  }
}

/** @returns what measures a turn: a reply of 100 MB, and one of 200 MB */
export function decoding(Decoder: CreateDecoder, title: string): () => Decoded {
  const form = title === decodeTitles.bulk ? 'bulk' : 'array'
  const single = chunksOf(form, size)
  const double = chunksOf(form, 2 * size)
  return () => {
    const singleMs = decodeAll(Decoder, form, single)
    const doubleMs = decodeAll(Decoder, form, double)
    return { throughput: (size * 1_000) / singleMs, doubling: doubleMs / singleMs }
  }
}

/** @returns milliseconds */
function decodeAll(Decoder: CreateDecoder, form: DecodeForm, chunks: readonly Buffer[]): number {
  let replies = 0
  const mode: DecodeMode = { buffers: form === 'bulk', maps: 'object', sets: 'array' }
  const onReply = (): void => {
    replies += 1
  }
  const decoder = new Decoder({ modeOfNext: () => mode, onReply, onPush: onReply })
  // What the reply before has left behind is hundreds of megabytes: no part of this one.
  globalThis.gc?.()
  const begin = performance.now()
  for (const chunk of chunks) decoder.decode(chunk)
  const taken = performance.now() - begin
  if (replies !== 1) throw new Error(`the decoder gave ${replies} replies for one`)
  return taken
}

/** The chunks of one reply of so many megabytes. The bytes repeat, and with them the memory: only the reply is large. */
export function chunksOf(form: DecodeForm, megabytes: number): Buffer[] {
  const total = megabytes * megabyte
  if (form === 'bulk') {
    const payload = Buffer.alloc(chunkBytes, 'x')
    return [Buffer.from(`$${total}\r\n`), ...repeated(payload, total), Buffer.from('\r\n')]
  }
  const elements = Math.floor(total / element.length)
  // A whole number of chunks.
  const period = Buffer.from(element.repeat(chunkBytes))
  return [Buffer.from(`*${elements}\r\n`), ...repeated(period, elements * element.length)]
}

function repeated(period: Buffer, total: number): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < total; at += chunkBytes) {
    const start = at % period.length
    chunks.push(period.subarray(start, start + Math.min(chunkBytes, total - at)))
  }
  return chunks
}
