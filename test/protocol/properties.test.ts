import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DecodeError } from '../../src/protocol/decode-error.js'
import { bufferMode, type DecodeMode, ErrorReply, type Reply, textMode } from '../../src/protocol/types.js'
import { server } from './builder.js'
import { collector, decodeAll, type Event, inChunks } from './collect.js'

/** A value as decoded in text mode, and bytes that encode it. */
interface Sample {
  readonly value: Reply
  readonly bytes: Buffer
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ maxLength: 14 }),
  fc.constantFrom('__proto__', '\r\n', '', 'x'.repeat(300)),
)
const line = text.map((value) => value.replace(/[\r\n]/g, ' '))

const scalar: fc.Arbitrary<Sample> = fc.oneof(
  text.map((value) => ({ value, bytes: server.bulk(value) })),
  line.map((value) => ({ value, bytes: server.simple(value) })),
  text.map((value) => ({ value, bytes: server.verbatim('txt', value) })),
  fc.array(text, { maxLength: 4 }).map((parts) => ({
    value: parts.join(''),
    bytes: server.streamedString(...parts.filter((part) => part !== '')),
  })),
  line.map((message) => ({ value: new ErrorReply(message), bytes: server.error(message) })),
  text.map((message) => ({ value: new ErrorReply(message), bytes: server.bulkError(message) })),
  fc.maxSafeInteger().map((value) => ({ value: value + 0, bytes: server.integer(value) })),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .map((value) => ({ value: asInteger(value), bytes: server.integer(value) })),
  fc.bigInt().map((value) => ({ value, bytes: server.bigNumber(value) })),
  fc
    .double({ noDefaultInfinity: true, noNaN: true })
    .map((value) => ({ value, bytes: server.double(doubleText(value)) })),
  fc.boolean().map((value) => ({ value, bytes: server.boolean(value) })),
  fc.constantFrom(server.null(), server.nullBulk(), server.nullArray()).map((bytes) => ({ value: null, bytes })),
)

const { sample } = fc.letrec<{ sample: Sample }>((tie) => {
  const items = fc.array(tie('sample'), { maxLength: 5 })
  const entries = fc.array(fc.tuple(text, tie('sample')), { maxLength: 5 })
  const attribute = entries.map((all) =>
    server.attribute(...all.map(([key, of]) => [server.bulk(key), of.bytes] as const)),
  )
  return {
    sample: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc
        .tuple(items, fc.constantFrom(server.array, server.set, server.streamedArray, server.streamedSet))
        .map(([all, build]) => ({
          value: all.map((item) => item.value),
          bytes: build(...all.map((item) => item.bytes)),
        })),
      fc.tuple(entries, fc.constantFrom(server.map, server.streamedMap)).map(([all, build]) => ({
        value: Object.fromEntries(all.map(([key, of]) => [key, of.value])),
        bytes: build(...all.map(([key, of]) => [server.bulk(key), of.bytes] as const)),
      })),
      fc.tuple(attribute, tie('sample')).map(([before, of]) => ({
        value: [of.value],
        bytes: server.stream(server.raw('*1\r\n'), before, of.bytes),
      })),
    ),
  }
})

const mode: fc.Arbitrary<DecodeMode> = fc.record({
  buffers: fc.boolean(),
  maps: fc.constantFrom('object', 'map'),
  sets: fc.constantFrom('array', 'set'),
})

/** Ways in which one value is inside another one. As a name of a map, it becomes text. */
const nesting = fc.array(
  fc.constantFrom<((inner: Buffer) => Buffer)[]>(
    (inner) => server.map([inner, server.integer(1)]),
    (inner) => server.streamedMap([inner, server.integer(1)]),
    (inner) => server.map([server.array(inner), server.null()]),
    (inner) => server.map([server.simple('\\"\u0001'), inner]),
    (inner) => server.set(inner),
    (inner) =>
      server.map([server.stream(server.attribute([inner, server.integer(1)]), server.simple('k')), server.null()]),
  ),
  { maxLength: 40, size: 'max' },
)

/** Characters and containers of a value. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value.length
  if (typeof value !== 'object' || value === null) return 1
  const parts = Symbol.iterator in value ? [...(value as Iterable<unknown>)] : Object.entries(value)
  return parts.reduce<number>((sum, part) => sum + sizeOf(part), 1)
}

function asInteger(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** The bytes split at these positions, given as fractions. */
function cutAt(bytes: Buffer, fractions: readonly number[]): Buffer[] {
  const places = fractions.map((fraction) => Math.floor(fraction * bytes.length)).sort((a, b) => a - b)
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length))
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 })

describe('for any values', () => {
  test('decoding what a server encodes gives the same value', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 8 }), (samples) => {
        const events = decodeAll([Buffer.concat(samples.map(({ bytes }) => bytes))])
        expect(events.map((event) => 'reply' in event && event.reply)).toStrictEqual(samples.map(({ value }) => value))
      }),
      { numRuns: 500 },
    )
  })

  test('any split of the bytes decodes to the same value, in every mode', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 4 }), cuts, mode, (samples, places, anyMode) => {
        const bytes = Buffer.concat(samples.map(({ bytes }) => bytes))
        const whole = decodeAll([bytes], anyMode)
        expect(decodeAll(cutAt(bytes, places), anyMode)).toStrictEqual(whole)
        expect(decodeAll(inChunks(bytes, 1), anyMode)).toStrictEqual(whole)
      }),
      { numRuns: 300 },
    )
  })

  test('the size of a value is proportional to its bytes, however it is nested, in every mode', () => {
    fc.assert(
      fc.property(scalar, nesting, mode, ({ bytes: innermost }, wraps, anyMode) => {
        const bytes = wraps.reduce((inner, wrap) => wrap(inner), innermost)
        for (const event of decodeAll([bytes], anyMode)) {
          expect(sizeOf('reply' in event && event.reply)).toBeLessThan(10 * bytes.length)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('after any prefix, isMidReply is true exactly if a reply has begun and not ended', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: 0, max: 1, noNaN: true }), ({ bytes }, fraction) => {
        const cut = Math.floor(fraction * (bytes.length - 1))
        const { decoder, events } = collector()
        decoder.decode(bytes.subarray(0, cut))
        expect({ events: events.length, midReply: decoder.isMidReply }).toEqual({ events: 0, midReply: cut > 0 })
        decoder.decode(bytes.subarray(cut))
        expect({ events: events.length, midReply: decoder.isMidReply }).toEqual({ events: 1, midReply: false })
      }),
    )
  })
})

describe('for any bytes at all', () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc
      .string({ unit: fc.constantFrom(...'$*%~>|:+-_#,(!=;.?0123459\r\n\r\n\r\ntfx'), maxLength: 60 })
      .map((s) => Buffer.from(s)),
    // A valid stream with one byte changed: the most plausible kind of invalid bytes.
    fc.tuple(sample, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([{ bytes }, at, byte]) => {
      const changed = Buffer.from(bytes)
      changed[at % bytes.length] = byte
      return changed
    }),
  )
  const limits = { depth: 8, bulkBytes: 1_000, elements: 50, lineBytes: 50, errorBytes: 50 }

  test('they decode, or throw a DecodeError, in the same way for any split', () => {
    fc.assert(
      fc.property(garbage, cuts, fc.constantFrom(textMode, bufferMode), (bytes, places, anyMode) => {
        const whole = outcome([bytes], anyMode)
        expect(outcome(cutAt(bytes, places), anyMode)).toStrictEqual(whole)
        expect(outcome(inChunks(bytes, 1), anyMode)).toStrictEqual(whole)
      }),
      { numRuns: 2_000 },
    )
  })

  function outcome(
    chunks: readonly Buffer[],
    anyMode: DecodeMode,
  ): { events: Event[]; error?: string; midReply?: boolean } {
    const { decoder, events } = collector(anyMode, limits)
    try {
      for (const chunk of chunks) decoder.decode(chunk)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      return { events, error: error.message }
    }
    return { events, midReply: decoder.isMidReply }
  }
})
