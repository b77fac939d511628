import { describe, expect, test } from 'vitest'
import { DecodeError } from '../../src/protocol/decode-error.js'
import { defaultLimits, limitsWith } from '../../src/protocol/limits.js'
import { type DecodeMode, type Reply, textMode } from '../../src/protocol/types.js'
import { server } from './builder.js'
import { collector, inChunks, replies } from './collect.js'

describe('limits', () => {
  test('default to defaultLimits', () => {
    expect(limitsWith({ depth: 3 })).toEqual({ ...defaultLimits, depth: 3 })
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5' as unknown as number])('%s is refused', (value) => {
    expect(() => limitsWith({ bulkBytes: value })).toThrow(
      'invalid limit bulkBytes: expected a whole number from 1; got ',
    )
  })

  test('an unknown limit is refused by name', () => {
    expect(() => limitsWith({ deep: 1 } as object)).toThrow('unknown limit deep')
  })

  test('a reply exactly at each limit is accepted', () => {
    const limits = { depth: 2, bulkBytes: 3, elements: 2, lineBytes: 2, errorBytes: 3 }
    const bytes = server.stream(
      server.array(server.array(server.bulk('abc')), server.simple('OK')),
      server.map([server.simple('a'), server.integer(1)], [server.simple('b'), server.integer(2)]),
      server.streamedArray(server.integer(1), server.integer(2)),
      server.streamedString('ab', 'c'),
      server.array(server.error('ERR'), server.bulkError('ERR')),
      server.bigNumber('12'),
    )
    for (const size of [bytes.length, 1]) {
      const { decoder, events } = collector(undefined, limits)
      for (const chunk of inChunks(bytes, size)) decoder.decode(chunk)
      expect(events).toHaveLength(6)
    }
  })
})

describe('nesting', () => {
  test('128 nested arrays are decoded, 129 are not', () => {
    let reply = replies(server.raw(`${'*1\r\n'.repeat(127)}*0\r\n`))[0] as Reply
    for (let depth = 1; depth < 128; depth++) reply = (reply as Reply[])[0] as Reply
    expect(reply).toEqual([])
    expect(() => replies(server.raw('*1\r\n'.repeat(129)))).toThrow(`nested deeper than 128 at byte ${128 * 4}`)
  })

  test('200,000 nested arrays are a DecodeError, not a stack overflow', () => {
    expect(() => replies(server.raw('*1\r\n'.repeat(200_000)))).toThrow(DecodeError)
  })
})

describe('a length header alone allocates no memory', () => {
  const roomy = { bulkBytes: 100 * 2 ** 30, elements: 2 ** 32 }

  test.each(['*2147483648\r\n', '%2147483648\r\n', '~2147483648\r\n', '$10737418240\r\n', '=10737418240\r\n'])(
    '%j meets its limit',
    (header) => {
      expect(() => replies(Buffer.from(header))).toThrow(DecodeError)
    },
  )

  test.each([
    '*2147483648\r\n',
    '%2147483648\r\n',
    '~2147483648\r\n',
    '$10737418240\r\nabc',
    '=10737418240\r\ntxt:abc',
    `${'*2147483648\r\n'.repeat(128)}`,
  ])('%j within its limit allocates almost nothing', (bytes) => {
    const before = process.memoryUsage()
    const decoders = Array.from({ length: 100 }, () => {
      const { decoder } = collector(undefined, roomy)
      decoder.decode(Buffer.from(bytes))
      return decoder
    })
    const after = process.memoryUsage()
    const taken = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers
    expect(taken / decoders.length).toBeLessThan(128 * 1024)
    expect(decoders.every((decoder) => decoder.isMidReply)).toBe(true)
  })

  test('a half received bulk string holds at most twice the received bytes plus 64 kB', () => {
    const announced = 256 * 2 ** 20
    const { decoder } = collector()
    const before = process.memoryUsage().arrayBuffers
    const chunk = Buffer.alloc(64 * 1024)
    decoder.decode(Buffer.from(`$${announced}\r\n`))
    for (let received = 0; received < 20 * 2 ** 20; ) {
      decoder.decode(chunk)
      received += chunk.length
      const held = process.memoryUsage().arrayBuffers - before - chunk.length
      expect(held).toBeLessThanOrEqual(2 * received + 64 * 1024)
    }
  })
})

describe('a string that the runtime can not hold', () => {
  const bytes = 1024 * 1024 + 1
  const tooLong = (): never => {
    throw new Error('Cannot create a string longer than 0x1fffffe8 characters')
  }
  const strings = { latin1Slice: tooLong, utf8Slice: tooLong }

  test.each<[string, string, DecodeMode?]>([
    ['a bulk string', `$${bytes}\r\n`],
    ['a verbatim string', `=${bytes}\r\ntxt:`],
    ['a bulk error', `!${bytes}\r\n`],
    ['a key', `%1\r\n$${bytes}\r\n`],
    ['the name of a channel', `*2\r\n$${bytes}\r\n`, { ...textMode, afterNames: () => textMode }],
  ])('is beyond a limit, also in one chunk: %s', (_, head, mode = textMode) => {
    const { decoder } = collector(mode)
    const chunk = Buffer.alloc(head.length + bytes + 2)
    chunk.write(head)
    chunk.write('\r\n', head.indexOf(String(bytes)) + String(bytes).length + 2 + bytes)
    Object.assign(chunk, strings)
    const decode = () => decoder.decode(chunk)
    expect(decode).toThrow(DecodeError)
    expect(decode).toThrow('too large for JavaScript')
  })

  test.each(['+', '-'])('is not made from a part of the chunk: a line that begins with %s', (type) => {
    const { decoder, events } = collector()
    const chunk = Buffer.alloc(bytes + 3)
    chunk.write(type)
    chunk.write('\r\n', bytes + 1)
    decoder.decode(Object.assign(chunk, strings))
    expect(events).toHaveLength(1)
  })
})
