import { describe, expect, test } from 'vitest'
import { bufferMode, textMode } from '../../src/protocol/types.js'
import { server } from './builder.js'
import { collector, decodeAll, inChunks } from './collect.js'

const mebibyte = 2 ** 20
const chunkBytes = 64 * 1024

describe('large replies', () => {
  test('a bulk string of 8 MB is decoded byte for byte, whatever the chunks', () => {
    const content = Buffer.alloc(8 * mebibyte)
    for (let i = 0; i < content.length; i++) content[i] = (i * 31) >>> 7
    const bytes = server.stream(server.bulk(content), server.simple('next'))
    for (const size of [chunkBytes, 999_999, bytes.length]) {
      const [bulk, next] = decodeAll(inChunks(bytes, size), bufferMode)
      expect(Buffer.compare((bulk as { reply: Buffer }).reply, content)).toBe(0)
      expect(next).toEqual({ reply: 'next' })
    }
  })

  test('a text of more than 1 MB is decoded correctly, ASCII or not', () => {
    for (const text of ['x'.repeat(mebibyte + 1), `${'x'.repeat(mebibyte)}é`]) {
      const [event] = decodeAll(inChunks(server.bulk(text), chunkBytes))
      expect((event as { reply: string }).reply === text).toBe(true)
    }
  })

  test('a character split between chunks stays whole, wherever it is split', () => {
    const text = 'aé€😀'.repeat(5)
    const bytes = server.stream(
      server.bulk(text),
      server.simple(text),
      server.error(text),
      server.verbatim('txt', text),
      server.streamedString(Buffer.from(text).subarray(0, 2), Buffer.from(text).subarray(2)),
    )
    const whole = decodeAll([bytes])
    expect(whole[0]).toEqual({ reply: text })
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(decodeAll([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole)
    }
  })
})

describe('reading in place', () => {
  test('a large bulk string can be read directly into its memory, mixed with chunks', () => {
    const content = Buffer.alloc(3 * mebibyte)
    for (let i = 0; i < content.length; i++) content[i] = (i * 17) >>> 5
    const bytes = server.stream(server.simple('first'), server.bulk(content), server.bulk('last'))
    const { decoder, events } = collector(bufferMode)
    let at = 0
    let readInPlace = 0
    for (let read = 0; at < bytes.length; read++) {
      const memory = read % 3 === 2 ? undefined : decoder.wanted()
      if (memory === undefined) {
        decoder.decode(Buffer.from(bytes.subarray(at, at + 50_000)))
        at = Math.min(at + 50_000, bytes.length)
      } else {
        const count = bytes.copy(memory, 0, at, Math.min(at + memory.length, at + 70_001))
        decoder.filled(count)
        at += count
        readInPlace += count
      }
      expect(decoder.offset).toBe(at)
    }
    expect(events).toEqual([{ reply: 'first' }, { reply: content }, { reply: Buffer.from('last') }])
    expect(readInPlace).toBeGreaterThan(mebibyte)
  })

  test('wanted returns nothing between replies and for small payloads', () => {
    const { decoder } = collector(textMode)
    expect(decoder.wanted()).toBeUndefined()
    decoder.decode(Buffer.from('$100\r\nabc'))
    expect(decoder.wanted()).toBeUndefined()
  })

  test('wanted never returns more memory than the payload still needs', () => {
    const { decoder, events } = collector(textMode)
    decoder.decode(Buffer.from('$200000\r\n'))
    decoder.decode(Buffer.alloc(100_000, 'a'))
    for (let memory = decoder.wanted(); memory !== undefined; memory = decoder.wanted()) {
      decoder.filled(memory.fill('b').length)
    }
    decoder.decode(Buffer.from('\r\n'))
    expect(events).toEqual([{ reply: 'a'.repeat(100_000) + 'b'.repeat(100_000) }])
  })
})
