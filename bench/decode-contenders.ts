import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Decoder } from '../src/protocol/decoder.js'
import { bufferMode, textMode } from '../src/protocol/types.js'

const require = createRequire(import.meta.url)

/** The number of bytes that a socket reads at once. */
export const chunkBytes = 64 * 1024

/** Keeps the last value, so that the work of a decoder can't be optimized away, and counts the replies. */
export const sink: { value: unknown; count: number } = { value: undefined, count: 0 }
const onValue = (value: unknown): void => {
  sink.value = value
  sink.count++
}

/** Passes the next bytes to a decoder. */
export type Feed = (chunk: Buffer) => void

/** A decoder that is measured. */
export interface Contender {
  readonly name: string
  readonly resp3: boolean
  /** How large replies are read for it. */
  readonly read: (feed: Feed, buffers: boolean) => Feed
  readonly create: (buffers: boolean) => Feed
}

interface RespDecoder {
  write(chunk: Buffer): void
}

/** The usual way of a socket: new memory for every read, which the decoder may keep. */
const readIntoNewMemory =
  (feed: Feed): Feed =>
  (chunk) => {
    const memory = Buffer.allocUnsafeSlow(chunk.length)
    chunk.copy(memory)
    feed(memory)
  }

/** One piece of memory for all reads or, within a large payload, the memory that the decoder provides. */
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

/** A file inside a package that its `exports` do not list. */
const inside = (name: string, file: string): string => join(packageRoot(name), file)

function packageRoot(name: string): string {
  const marker = join('node_modules', ...name.split('/'))
  const entry = require.resolve(name)
  return entry.slice(0, entry.lastIndexOf(marker) + marker.length)
}

/** The installed version of a package. */
export const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(inside(name, 'package.json'), 'utf8')) as { version: string }).version

/** respite is the first; the others are compared with it. */
export const contenders: readonly Contender[] = [
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
