import { describe, expect, it } from 'vitest'
import { Remainder } from '../../../src/connection/transport/pending-write.js'

const chunks = [Buffer.from('abc'), Buffer.from('defg'), Buffer.from('h')]

describe('Remainder', () => {
  it.each([1, 2, 3, 4, 5, 7, 8])('gives all of it in order, in slices of %i', (size) => {
    const remainder = new Remainder()
    remainder.begin(chunks, 8)
    const slices: string[] = []
    while (remainder.bytes > 0) {
      slices.push(Buffer.concat(remainder.take(Math.min(size, remainder.bytes))).toString())
    }
    expect(slices.join('')).toBe('abcdefgh')
    expect(slices.slice(0, -1).every((slice) => slice.length === size)).toBe(true)
  })

  it('copies nothing, and gives no empty chunk', () => {
    const remainder = new Remainder()
    remainder.begin(chunks, 8)
    const [first, ...more] = remainder.take(3)
    expect(first?.buffer).toBe(chunks[0]?.buffer)
    expect(more).toEqual([])
    expect(remainder.take(5).map(String)).toEqual(['defg', 'h'])
  })

  it('drops what is left when it begins anew', () => {
    const remainder = new Remainder()
    remainder.begin(chunks, 8)
    remainder.take(2)
    remainder.begin([Buffer.from('xyz')], 3)
    expect(String(Buffer.concat(remainder.take(3)))).toBe('xyz')
    expect(remainder.bytes).toBe(0)
  })
})
