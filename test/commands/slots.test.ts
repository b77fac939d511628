import { describe, expect, it } from 'vitest'
import { decodeCatalogue, lookup } from '../../src/commands/catalogue.js'
import { slotOf, slotOfKey } from '../../src/commands/slots.js'

decodeCatalogue()

describe('The slot of a key', () => {
  // As CLUSTER KEYSLOT says: test/real/cluster-specification.ts compares more of them with the servers.
  it.each([
    ['', 0],
    ['123456789', 12_739],
    ['foo', 12_182],
    ['{user1000}.following', 3_443],
    ['{user1000}.followers', 3_443],
  ])('%j is %i', (key, slot) => expect(slotOfKey(key)).toBe(slot))

  it('is that of its hash tag: from the first { to the next }', () => {
    expect(slotOfKey('a{foo}b')).toBe(slotOfKey('foo'))
    expect(slotOfKey('a{foo}{bar}')).toBe(slotOfKey('foo'))
    expect(slotOfKey('{{foo}}')).toBe(slotOfKey('{foo'))
  })

  it('is that of the whole key if the tag is empty or not closed', () => {
    expect(slotOfKey('{}foo')).not.toBe(slotOfKey('foo'))
    expect(slotOfKey('{foo')).not.toBe(slotOfKey('foo'))
    expect(slotOfKey('{}{foo}')).toBe(slotOfKey(Buffer.from('{}{foo}')))
  })

  it('follows the definition of the CRC for keys of any length, with a tag or without', () => {
    for (let length = 0; length < 12; length += 1) {
      const text = '0123456789\u007fz'.slice(0, length)
      const bytes = Buffer.from(Array.from({ length }, (_, index) => 255 - index))
      expect(slotOfKey(text)).toBe(slotByBits(Buffer.from(text)))
      expect(slotOfKey(bytes)).toBe(slotByBits(bytes))
      if (length > 0) {
        expect(slotOfKey(`{${text}}`)).toBe(slotByBits(Buffer.from(text)))
        expect(slotOfKey(`${text}{${text}}${text}`)).toBe(slotByBits(Buffer.from(text)))
        expect(slotOfKey(Buffer.concat([bytes, Buffer.from('{'), bytes, Buffer.from('}')]))).toBe(slotByBits(bytes))
      }
    }
  })

  it('is the same for text, bytes and numbers', () => {
    for (const text of ['foo', 'ключ', 'a{ключ}', 'ключ{tag}', '€{']) {
      expect(slotOfKey(text)).toBe(slotOfKey(Buffer.from(text)))
    }
    expect(slotOfKey(17)).toBe(slotOfKey('17'))
    expect(slotOfKey('ключ{tag}')).toBe(slotOfKey('tag'))
  })
})

/** The slot of bytes without a tag, a bit at a time. */
function slotByBits(bytes: Buffer): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff
  }
  return crc % 16_384
}

describe('The slot of a command', () => {
  const of = (...args: (string | number)[]): unknown => slotOf(lookup(args), args)

  it('is that of its keys, wherever they stand', () => {
    const foo = slotOfKey('foo')
    expect(of('GET', 'foo')).toBe(foo)
    expect(of('MSET', '{foo}1', 'x', '{foo}2', 'y')).toBe(foo)
    expect(of('EVAL', 'return 1', 1, 'foo', 'bar')).toBe(foo)
    expect(of('XREAD', 'COUNT', 1, 'STREAMS', 'foo', '0')).toBe(foo)
    expect(of('SPUBLISH', 'foo', 'message')).toBe(foo)
    expect(of('OBJECT', 'ENCODING', 'foo')).toBe(foo)
  })

  it('of an unknown command is that of its first argument', () => {
    expect(of('MY.COMMAND', 'foo', 'bar')).toBe(slotOfKey('foo'))
  })

  it('is none without keys, and crossed with several', () => {
    expect(of('PING')).toBe('none')
    expect(of('EVAL', 'return 1', 0, 'foo')).toBe('none')
    expect(of('GET')).toBe('none')
    expect(of('MGET', 'foo', 'bar')).toBe('cross')
  })
})
