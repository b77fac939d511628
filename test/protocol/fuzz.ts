import { isDeepStrictEqual } from 'node:util'
import { DecodeError } from '../../src/protocol/decode-error.js'
import { bufferMode, type DecodeMode, textMode } from '../../src/protocol/types.js'
import { Chance } from '../simulation/chance.js'
import { server } from './builder.js'
import { collector, type Event, inChunks } from './collect.js'

const limits = { depth: 6, bulkBytes: 200, elements: 40, lineBytes: 60, errorBytes: 60 }
const bytesOfGrammar = '$*%~>|:+-_#,(!=;.?0123459\r\n\r\n\r\ntfx'
const texts = ['', 'x', 'é', '\r\n', '__proto__', 'message', 'a'.repeat(70), '-1', '\u{1F600}']

const messageMode: DecodeMode = { ...bufferMode, afterNames: (_, name) => (name === 'x' ? textMode : bufferMode) }
const modes: readonly DecodeMode[] = [
  textMode,
  bufferMode,
  { buffers: false, maps: 'map', sets: 'set' },
  { buffers: true, maps: 'map', sets: 'array' },
  messageMode,
]

function scalar(chance: Chance): Buffer {
  const text = chance.pick(texts)
  const line = text.replace(/[\r\n]/g, ' ')
  return chance.pick([
    () => server.bulk(text),
    () => server.bulk(text),
    () => server.verbatim('txt', text),
    () => server.streamedString(...[text, 'x'].filter((part) => part !== '')),
    () => server.simple(line),
    () => server.error(line),
    () => server.bulkError(text),
    () => server.integer(chance.pick([0, -1, 42, 2n ** 63n - 1n, -(2n ** 63n)])),
    () => server.bigNumber(10n ** 30n),
    () => server.double(chance.pick(['0', '-0', '1.5e3', 'inf', '-inf', 'nan', '.5'])),
    () => server.boolean(chance.happens(0.5)),
    () => chance.pick([server.null(), server.nullBulk(), server.nullArray()]),
  ])()
}

/** A value of any type. Attributes may stand before it, and pushes where the grammar allows them or not. */
function value(chance: Chance, depth: number): Buffer {
  const parts: Buffer[] = []
  if (chance.happens(0.1)) parts.push(server.attribute([scalar(chance), value(chance, depth + 1)]))
  if (chance.happens(depth === 0 ? 0.1 : 0.02))
    parts.push(server.push(server.bulk('message'), scalar(chance), scalar(chance)))
  if (depth > 4 || chance.happens(0.5)) return Buffer.concat([...parts, scalar(chance)])
  const items = Array.from({ length: chance.between(0, 4) }, () => value(chance, depth + 1))
  const entries = items.map((item) => [scalar(chance), item] as const)
  parts.push(
    chance.pick([
      () => server.array(...items),
      () => server.set(...items),
      () => server.push(...items),
      () => server.map(...entries),
      () => server.streamedArray(...items),
      () => server.streamedSet(...items),
      () => server.streamedPush(...items),
      () => server.streamedMap(...entries),
    ])(),
  )
  return Buffer.concat(parts)
}

/** Valid, nearly valid, or noise. */
function stream(chance: Chance): Buffer {
  if (chance.happens(0.2)) {
    const length = chance.between(0, 60)
    return Buffer.from(Array.from({ length }, () => chance.pick([...bytesOfGrammar])).join(''))
  }
  let bytes = Buffer.concat(Array.from({ length: chance.between(1, 4) }, () => value(chance, 0)))
  for (let changes = chance.pick([0, 0, 1, 1, 2]); changes > 0 && bytes.length > 0; changes -= 1) {
    const at = chance.between(0, bytes.length - 1)
    const put = Buffer.from([
      chance.happens(0.5) ? chance.between(0, 255) : bytesOfGrammar.charCodeAt(chance.between(0, 32)),
    ])
    // Changed, inserted or removed.
    const after = chance.pick([at, at + 1])
    bytes = Buffer.concat([bytes.subarray(0, at), chance.happens(0.2) ? Buffer.alloc(0) : put, bytes.subarray(after)])
  }
  return bytes
}

interface Result {
  readonly events: readonly Event[]
  readonly error: string | undefined
  readonly offset: number | undefined
  readonly isMidReply: boolean
}

/** @param isInPlace payloads are read into the decoder's own memory where it wants that */
function decode(chunks: readonly Buffer[], mode: DecodeMode, isInPlace = false): Result {
  const { decoder, events } = collector(mode, limits, { pushMode: mode })
  try {
    for (const chunk of chunks) {
      let rest = Buffer.from(chunk)
      while (isInPlace && rest.length > 0) {
        const wanted = decoder.wanted()
        if (wanted === undefined) break
        const size = rest.copy(wanted)
        decoder.filled(size)
        rest = rest.subarray(size)
      }
      decoder.decode(rest)
      rest.fill(0xee)
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { events, error: error.message, offset: error.offset, isMidReply: false }
  }
  return { events, error: undefined, offset: undefined, isMidReply: decoder.isMidReply }
}

function cut(bytes: Buffer, chance: Chance): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = chance.between(1, chance.pick([2, 10, 80]))
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

/**
 * Decodes the stream of a seed: as a whole, cut anywhere, byte by byte, and read in place.
 * @returns what is wrong; undefined if nothing is
 */
export function tryStream(seed: number): string | undefined {
  const chance = new Chance(seed)
  const bytes = stream(chance)
  const mode = chance.pick(modes)
  const shown = (): string => JSON.stringify(bytes.toString('latin1'))
  try {
    const whole = decode([bytes], mode)
    const ways: Record<string, Result> = {
      'cut anywhere': decode(cut(bytes, chance), mode),
      'read in place': decode(cut(bytes, chance), mode, true),
      'byte by byte': decode(inChunks(bytes, 1), mode, chance.happens(0.5)),
    }
    for (const [way, result] of Object.entries(ways)) {
      if (!isDeepStrictEqual(result, whole)) return `${way} it decodes differently: ${shown()}`
    }
  } catch (error) {
    return `${error instanceof Error ? error.stack : String(error)}\n${shown()}`
  }
  return undefined
}
