import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Encoder } from '../../src/protocol/encoder.js'
import { type Argument, bufferMode } from '../../src/protocol/types.js'
import { server } from './builder.js'
import { replies } from './collect.js'

function encode(...commands: (readonly Argument[])[]): Buffer {
  const encoder = new Encoder()
  for (const command of commands) encoder.append(command)
  return Buffer.concat(encoder.take())
}

/** A command as in the RESP specification: an array of bulk strings. */
function frame(...args: readonly (string | Buffer)[]): Buffer {
  return server.array(...args.map((arg) => server.bulk(arg)))
}

describe('a command is an array of bulk strings', () => {
  const vectors: readonly (readonly [string, readonly Argument[], string])[] = [
    ['a name', ['PING'], '*1\r\n$4\r\nPING\r\n'],
    ['text', ['GET', 'key'], '*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n'],
    ['empty text', ['GET', ''], '*2\r\n$3\r\nGET\r\n$0\r\n\r\n'],
    ['text holding CR LF', ['GET', 'a\r\nb'], '*2\r\n$3\r\nGET\r\n$4\r\na\r\nb\r\n'],
    ['numbers', ['X', 0, -1, 1.5, 1e21], '*5\r\n$1\r\nX\r\n$1\r\n0\r\n$2\r\n-1\r\n$3\r\n1.5\r\n$5\r\n1e+21\r\n'],
    ['-0', ['X', -0], '*2\r\n$1\r\nX\r\n$1\r\n0\r\n'],
    ['infinities', ['X', 1 / 0, -1 / 0], '*3\r\n$1\r\nX\r\n$3\r\ninf\r\n$4\r\n-inf\r\n'],
    ['bigints', ['X', 2n ** 64n], '*2\r\n$1\r\nX\r\n$20\r\n18446744073709551616\r\n'],
  ]

  test.each(vectors)('%s', (_, args, expected) => {
    expect(encode(args).toString('latin1')).toBe(expected)
  })

  test('a string is sent as UTF-8, with its length in bytes', () => {
    expect(encode(['GET', 'aé😀'])).toEqual(server.raw('*2\r\n$3\r\nGET\r\n$7\r\na\xc3\xa9\xf0\x9f\x98\x80\r\n'))
  })

  test('half of a surrogate pair is refused, and nothing of its command is appended', () => {
    for (const text of ['\ud800', `${'x'.repeat(50)}\ud800`, `${'x'.repeat(50_000)}\udc00`]) {
      const encoder = new Encoder()
      expect(() => encoder.append(['SET', 'k', text])).toThrow(TypeError)
      expect(encoder.length).toBe(0)
    }
    expect(encode(['GET', '\ud83d\ude00'])).toEqual(frame('GET', '\ud83d\ude00'))
  })

  test.each([0, 1, 9, 10, 23, 24, 25, 26, 99, 100, 999, 1_000, 4_095, 4_096, 4_097, 65_535, 65_536, 200_000])(
    'text and Buffers of %i bytes',
    (size) => {
      const ascii = 'x'.repeat(size)
      const accented = 'é'.repeat(size >> 1)
      const bytes = Buffer.alloc(size, 7)
      expect(encode(['A', ascii, accented, bytes], ['B'])).toEqual(
        server.stream(frame('A', ascii, accented, bytes), frame('B')),
      )
    },
  )

  test.each(['é', 'a漢', '😀', 'aé漢😀'])('text of %j, in any number, at any place in memory', (characters) => {
    const encoder = new Encoder()
    for (let count = 1; count <= 400; count++) {
      const text = characters.repeat(count)
      encoder.append(['SET', text])
      expect(Buffer.concat(encoder.take())).toEqual(frame('SET', text))
      // Seldom, so that the end of the memory comes at any place of a character.
      if (count % 7 === 0) encoder.reuse()
    }
  })

  test('text for whose bytes there is no room goes to new memory whole', () => {
    for (let fill = 3_000; fill < 4_096; fill++) {
      const texts = ['x'.repeat(fill), 'é'.repeat(40), '漢'.repeat(40), '😀'.repeat(20)]
      const expected = server.stream(...texts.map((text) => frame(text)))
      expect(encode(...texts.map((text) => [text])).equals(expected)).toBe(true)
    }
  })

  test('a Uint8Array that views a part of its memory is sent as that part', () => {
    const part = new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 3)
    expect(encode(['X', part])).toEqual(frame('X', Buffer.from([2, 3])))
  })

  test('many arguments', () => {
    const args = Array.from({ length: 20_000 }, (_, i) => `argument ${i}`)
    expect(encode(args)).toEqual(frame(...args))
  })
})

describe('take', () => {
  test('append returns the length of the frame, and length is the total not yet taken', () => {
    const encoder = new Encoder()
    expect(encoder.append(['PING'])).toBe(14)
    const large = Buffer.alloc(100_000)
    expect(encoder.append(['SET', 'k', large])).toBe(frame('SET', 'k', large).length)
    expect(encoder.length).toBe(14 + frame('SET', 'k', large).length)
    encoder.take()
    expect(encoder.length).toBe(0)
    expect(encoder.take()).toEqual([])
  })

  test('the commands of one tick are one chunk', () => {
    const encoder = new Encoder()
    for (let i = 0; i < 100; i++) encoder.append(['GET', `key:${i}`])
    expect(encoder.take()).toHaveLength(1)
  })

  test('large Buffers are referenced, smaller ones copied', () => {
    const encoder = new Encoder({ largeBytes: 1_000 })
    const large = Buffer.alloc(1_000, 'a')
    const small = Buffer.alloc(999, 'b')
    encoder.append(['MSET', 'k', large, 'l', small])
    const chunks = encoder.take()
    expect(chunks).toHaveLength(3)
    expect(chunks[1]?.buffer).toBe(large.buffer)
    small.fill('c')
    expect(Buffer.concat(chunks)).toEqual(frame('MSET', 'k', large, 'l', Buffer.alloc(999, 'b')))
  })

  test('text of up to 64 kB is copied into the same chunk as its frame, longer text has a chunk of its own', () => {
    for (const [size, chunks] of [
      [4 * 1024, 1],
      [64 * 1024 - 1, 1],
      [64 * 1024, 3],
    ] as const) {
      const encoder = new Encoder()
      encoder.append(['x'.repeat(60_000), 'x'.repeat(60_000)])
      encoder.take()
      encoder.reuse()
      encoder.append(['x'.repeat(size)])
      expect(encoder.take()).toHaveLength(chunks)
    }
  })

  test('a large byte array is copied if mayReference is false', () => {
    const encoder = new Encoder({ largeBytes: 1_000 })
    const large = Buffer.alloc(1_000, 'a')
    encoder.mayReference = false
    encoder.append(['SET', 'k', large])
    expect(encoder.hasReferences).toBe(false)
    large.fill('b')
    expect(Buffer.concat(encoder.take())).toEqual(frame('SET', 'k', Buffer.alloc(1_000, 'a')))
  })

  test('later appends do not change chunks already taken', () => {
    const encoder = new Encoder()
    const taken: { chunks: Uint8Array[]; copy: Buffer }[] = []
    for (let i = 0; i < 20_000; i++) {
      encoder.append(['SET', `key:${i}`, 'x'.repeat(i % 50)])
      if (i % 100 === 99) {
        const chunks = encoder.take()
        taken.push({ chunks, copy: Buffer.concat(chunks) })
      }
    }
    for (const { chunks, copy } of taken) expect(Buffer.concat(chunks).equals(copy)).toBe(true)
    expect(Buffer.concat(taken.map(({ copy }) => copy)).length).toBeGreaterThan(3 * 64 * 1024)
  })
})

describe('reuse', () => {
  test('the next frames overwrite what was taken: no memory is allocated', () => {
    const encoder = new Encoder()
    const memory = new Set<ArrayBufferLike>()
    for (let i = 0; i < 1_000; i++) {
      encoder.append(['SET', `key:${i}`, 'x'.repeat(i)])
      const chunks = encoder.take()
      expect(Buffer.concat(chunks)).toEqual(frame('SET', `key:${i}`, 'x'.repeat(i)))
      for (const { buffer } of chunks) memory.add(buffer)
      encoder.reuse()
    }
    expect([...memory].map(({ byteLength }) => byteLength)).toEqual([4 * 1024])
  })

  test('it does nothing if bytes were appended since', () => {
    const encoder = new Encoder()
    encoder.append(['A'])
    const taken = encoder.take()
    encoder.append(['B'])
    encoder.reuse()
    encoder.append(['C'])
    expect(Buffer.concat(taken)).toEqual(frame('A'))
    expect(Buffer.concat(encoder.take())).toEqual(server.stream(frame('B'), frame('C')))
  })

  test('text for whose bytes there was no room finds larger memory the next time', () => {
    const encoder = new Encoder()
    const counts: number[] = []
    for (let i = 0; i < 4; i++) {
      encoder.append(['漢'.repeat(1_400)])
      counts.push(encoder.take().length)
      encoder.reuse()
    }
    // The first chunks are `*1` in the old memory, the length in the new one, the text, and its line end.
    expect(counts).toEqual([4, 1, 1, 1])
  })

  test('after three slabs, a slab holds a whole write of 128 kB, and one more text', () => {
    const encoder = new Encoder()
    const text = 'x'.repeat(16_000)
    const sizes: number[] = []
    for (let i = 0; i < 3; i++) {
      while (encoder.length < 128 * 1024) encoder.append([text])
      sizes.push(encoder.take().length)
      encoder.reuse()
    }
    expect(sizes.at(-1)).toBe(1)
  })
})

describe('arguments that cannot be sent', () => {
  const circular: Record<string, unknown> = {}
  circular.self = circular
  const cases: readonly (readonly [unknown, string])[] = [
    [undefined, 'undefined'],
    [null, 'null'],
    [Number.NaN, 'NaN'],
    [true, 'a boolean'],
    [Symbol('s'), 'a symbol'],
    [() => 1, 'a function'],
    [['a'], 'an array'],
    [new Date(0), 'an object (Date)'],
    [new Map(), 'an object (Map)'],
    [Object.create(null), 'an object (no class)'],
    [circular, 'an object (Object)'],
    [new ArrayBuffer(1), 'an object (ArrayBuffer)'],
    [new Uint16Array(1), 'an object (Uint16Array)'],
  ]

  test.each(cases)('%s is refused as %s, with its position, and leaves nothing behind', (argument, name) => {
    const encoder = new Encoder()
    encoder.append(['PING'])
    const args = ['SET', Buffer.alloc(10_000), argument] as Argument[]
    expect(() => encoder.append(args)).toThrow(
      new TypeError(`Argument 2 (${name}) must be a string, Buffer, Uint8Array, number or bigint`),
    )
    encoder.append(['PONG'])
    expect(Buffer.concat(encoder.take())).toEqual(server.stream(frame('PING'), frame('PONG')))
  })

  test('a command without a name is refused', () => {
    expect(() => new Encoder().append([])).toThrow(new TypeError('A command needs a name'))
  })
})

test('any commands, taken at any time, decode to their arguments', () => {
  const argument = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  )
  const command = fc.array(argument, { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(command, fc.boolean()), { maxLength: 10 }),
      fc.integer({ min: 1, max: 50 }),
      (all, large) => {
        const encoder = new Encoder({ largeBytes: large })
        const chunks: Uint8Array[] = []
        for (const [args, takeNow] of all) {
          encoder.append(args)
          if (takeNow) chunks.push(...encoder.take())
        }
        chunks.push(...encoder.take())
        const expected = all.map(([args]) => args.map((arg) => Buffer.from(arg as string)))
        expect(replies(Buffer.concat(chunks), bufferMode)).toEqual(expected)
      },
    ),
    { numRuns: 300 },
  )
})

describe('a byte array is checked by its internal type', () => {
  class Liar extends Uint8Array {
    override get length(): number {
      return 1_000_000
    }
  }

  test('whatever length its class or the object claims', () => {
    const own = Object.defineProperty(new Uint8Array([1, 2]), 'length', { value: 9 })
    expect(encode(['X', new Liar([3, 4]), own])).toEqual(frame('X', Buffer.from([3, 4]), Buffer.from([1, 2])))
  })

  test('also from another realm', () => {
    const foreign = runInNewContext('new Uint8Array([1, 2, 3])') as Uint8Array
    expect(encode(['X', foreign])).toEqual(frame('X', Buffer.from([1, 2, 3])))
  })

  test.each([
    ['a Proxy of one', () => new Proxy(new Uint8Array(2), {})],
    ['an object that inherits from it', () => Object.create(Uint8Array.prototype) as Uint8Array],
    ['an array of wider numbers', () => new Uint16Array(2) as unknown as Uint8Array],
  ])('and %s is refused', (_, make) => {
    expect(() => encode(['X', make()])).toThrow(/^Argument 1 \(.+\) must be/)
  })
})

test('a byte array whose memory is gone is refused, an empty one is sent', () => {
  const detached = new Uint8Array(3)
  structuredClone(detached, { transfer: [detached.buffer] })
  expect(() => encode(['X', detached])).toThrow('(detached bytes) must be')
  expect(encode(['X', new Uint8Array(0)])).toEqual(frame('X', ''))
})

describe('a command that cannot be appended leaves nothing behind', () => {
  const huge = 'x'.repeat(100_000)
  const large = Buffer.alloc(10_000, 'l')

  test.each<[string, readonly Argument[]]>([
    ['in an empty encoder', []],
    ['after a short frame', ['PING']],
    ['after a frame that fills slabs', ['SET', 'k', huge, huge]],
    ['after a frame that references memory', ['SET', 'k', large]],
  ])('%s', (_, before) => {
    for (const parts of [
      ['SET', 'k'],
      ['SET', huge, huge],
      ['SET', 'k', large, 'x'],
    ] as Argument[][]) {
      const encoder = new Encoder()
      if (before.length > 0) encoder.append(before)
      encoder.mark()
      encoder.appendChecked(parts)
      encoder.rollBack()
      encoder.append(['ECHO', 'after'])
      const expected = server.stream(before.length > 0 ? encode(before) : server.raw(''), frame('ECHO', 'after'))
      expect(encoder.length).toBe(expected.length)
      expect(Buffer.concat(encoder.take())).toEqual(expected)
    }
  })
})

test('what is appended after a mark goes whole, also when one of several commands can not be appended', () => {
  const encoder = new Encoder()
  encoder.append(['PING'])
  encoder.mark()
  encoder.append(['MULTI'])
  expect(() => encoder.append(['SET', 'k', undefined as never])).toThrow('Argument 2')
  encoder.rollBack()
  expect(Buffer.concat(encoder.take())).toEqual(frame('PING'))
})
