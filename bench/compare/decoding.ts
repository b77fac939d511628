import { pathToFileURL } from 'node:url'
import { type DecodeForm, decodeTitles } from './rows.js'

const megabyte = 2 ** 20
/** A typical number of bytes of one read of a socket. */
const chunkBytes = 64 * 1024
/**
 * An array of 994 integers: 12,928 bytes, 101 times 128. Strings, or one array with millions of elements, would be dominated by the
 * garbage collector, whose work grows faster than their number.
 */
const element = `*994\r\n${':1234567890\r\n'.repeat(994)}`
/** This many elements fill a whole number of chunks, which cut them at 101 different places. */
const elementsRepeated = chunkBytes / 128

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

/** The result of a turn. */
export interface Decoded {
  /** Megabytes a second. */
  readonly throughput: number
  /** The time for twice the bytes divided by the time for the bytes. */
  readonly doubling: number
}

/** The decoder of a build: from the entry point `respite/protocol`, or from its file in version 0.1. */
export async function loadDecoder(entry: string): Promise<CreateDecoder> {
  const url = pathToFileURL(entry)
  const { Decoder } = (await import(new URL('protocol.mjs', url).href).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error
    return import(new URL('dist/protocol/decoder.js', url).href)
  })) as { Decoder: CreateDecoder }
  return Decoder
}

/** @returns a function that measures a turn: a reply of 100 MB, and one of 200 MB */
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
  // The reply before has left hundreds of megabytes of garbage, which must not be collected during this one.
  globalThis.gc?.()
  const begin = performance.now()
  for (const chunk of chunks) decoder.decode(chunk)
  const taken = performance.now() - begin
  if (replies !== 1) throw new Error(`the decoder gave ${replies} replies for one`)
  return taken
}

/** The chunks of one reply of `megabytes` MB. They share their memory: only the decoded reply is large. */
export function chunksOf(form: DecodeForm, megabytes: number): Buffer[] {
  const total = megabytes * megabyte
  if (form === 'bulk') {
    const payload = Buffer.alloc(chunkBytes, 'x')
    return [Buffer.from(`$${total}\r\n`), ...repeated(payload, total), Buffer.from('\r\n')]
  }
  const elements = Math.floor(total / element.length)
  const period = Buffer.from(element.repeat(elementsRepeated))
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
