import { describe, expect, it } from 'vitest'
import { Names } from '../../src/protocol/names.js'
import { decodeLatin1, decodeText } from '../../src/protocol/text.js'

/** A Names table that counts the strings it creates. */
function counted(make = decodeLatin1): { get(name: string | Buffer): string; made(): number } {
  let made = 0
  const names = new Names((chunk, start, stop) => {
    made += 1
    return make(chunk, start, stop)
  })
  return {
    get: (name) => {
      const bytes = Buffer.from(name)
      const chunk = Buffer.concat([Buffer.from('$1\r\n'), bytes])
      return names.get(chunk, 4, chunk.length)
    },
    made: () => made,
  }
}

describe('Names', () => {
  it('are created once', () => {
    const { get, made } = counted()
    expect([get('name'), get('name'), get('name')]).toEqual(['name', 'name', 'name'])
    expect(made()).toBe(1)
  })

  it('are distinguished, however similar', () => {
    const { get } = counted()
    const alike = ['', 'a', 'b', 'ab', 'ba', 'xab', 'yab', 'user:1:name', 'user:2:name', 'user:21name']
    for (let turn = 0; turn < 3; turn += 1) expect(alike.map(get)).toEqual(alike)
  })

  it('the table grows: a thousand names are created hardly more than once each', () => {
    const { get, made } = counted()
    const fields = Array.from({ length: 1_000 }, (_, i) => `field:${i}`)
    for (let turn = 0; turn < 30; turn += 1) fields.forEach(get)
    const before = made()
    fields.forEach(get)
    expect(made() - before).toBeLessThan(300)
  })

  it('that never repeat are created each time, and are correct', () => {
    const { get } = counted()
    for (let i = 0; i < 50_000; i += 1)
      if (get(`id:${i}`) !== `id:${i}`) throw new Error(`id:${i} was taken for another`)
  })

  it('decoded from UTF-8 are not returned for their own bytes as Latin-1', () => {
    const { get } = counted(decodeText)
    for (let turn = 0; turn < 2; turn += 1) {
      expect(get('é')).toBe('é')
      expect(get(Buffer.from([0xe9]))).toBe('\ufffd')
      expect(get(Buffer.from([0xc3, 0x83, 0xc2, 0xa9]))).toBe('Ã©')
    }
  })

  it('decoded from UTF-8 are not returned for bytes equal to their character codes', () => {
    const { get } = counted(decodeText)
    for (let code = 0x80; code <= 0xff; code += 1) {
      for (const rest of ['', 'a', 'abcd', 'é', 'field']) {
        const text = String.fromCharCode(code) + rest
        const single = Buffer.from(text, 'latin1')
        for (let turn = 0; turn < 2; turn += 1) {
          expect(get(text)).toBe(text)
          expect(get(single)).toBe(single.toString())
        }
      }
    }
  })
})
