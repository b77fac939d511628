import { describe, expect, test } from 'vitest'
import { DecodeError } from '../../src/protocol/decode-error.js'
import { collector, decodeAll, inChunks, replies } from './collect.js'
import { malformed } from './vectors/malformed.js'
import { allValues } from './vectors/values.js'

describe('each type decodes to its value', () => {
  test.each(allValues)('$name', ({ bytes, value, mode }) => {
    expect(replies(bytes, mode)).toStrictEqual([value])
  })

  test.each(allValues)('$name, byte by byte', ({ bytes, value, mode }) => {
    expect(decodeAll(inChunks(bytes, 1), mode).map((event) => 'reply' in event && event.reply)).toStrictEqual([value])
  })

  test.each(allValues)('$name: no prefix of it is a complete reply', ({ bytes, mode }) => {
    const { decoder, events } = collector(mode)
    decoder.decode(bytes.subarray(0, -1))
    expect(events).toStrictEqual([])
    expect(decoder.isMidReply).toBe(true)
    expect(decoder.midReplyType).toBe(bytes[0])
  })
})

describe('bytes that are not RESP are refused', () => {
  const cases = malformed.map((vector) => ({ ...vector, name: JSON.stringify(vector.bytes).slice(0, 60) }))

  test.each(cases)('$name: $reason at byte $offset', ({ bytes, reason, offset, limits }) => {
    for (const size of [bytes.length, 1, 2, 3, 5]) {
      const error = failureOf(inChunks(Buffer.from(bytes, 'latin1'), size), limits)
      const { message, exceedsLimit } = error
      expect({ chunks: size, message, offset: error.offset, exceedsLimit }).toStrictEqual({
        chunks: size,
        exceedsLimit: /than \d/.test(reason),
        message: `${reason} at byte ${offset}`,
        offset,
      })
    }
  })
})

function failureOf(chunks: readonly Buffer[], limits = {}): DecodeError {
  const { decoder } = collector(undefined, limits)
  try {
    for (const chunk of chunks) decoder.decode(chunk)
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError)
    return error as DecodeError
  }
  throw new Error('nothing was refused')
}
