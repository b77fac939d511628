import { describe, expect, it } from 'vitest'
import { PendingWrite } from '../../../src/connection/transport/pending-write.js'

const chunks = [Buffer.from('abc'), Buffer.from('defg'), Buffer.from('h')]

/** Takes bytes that must be available. */
function take(pendingWrite: PendingWrite, size: number): Uint8Array[] {
  const slice = pendingWrite.take(size)
  if (slice === undefined) throw new Error('detached')
  return slice
}

describe('PendingWrite', () => {
  it.each([1, 2, 3, 4, 5, 7, 8])('returns all bytes in order, in slices of %i', (size) => {
    const pendingWrite = new PendingWrite()
    pendingWrite.begin(chunks, 8)
    const slices: string[] = []
    while (pendingWrite.bytes > 0) {
      slices.push(Buffer.concat(take(pendingWrite, Math.min(size, pendingWrite.bytes))).toString())
    }
    expect(slices.join('')).toBe('abcdefgh')
    expect(slices.slice(0, -1).every((slice) => slice.length === size)).toBe(true)
  })

  it('copies nothing, and returns no empty chunk', () => {
    const pendingWrite = new PendingWrite()
    pendingWrite.begin(chunks, 8)
    const [first, ...more] = take(pendingWrite, 3)
    expect(first?.buffer).toBe(chunks[0]?.buffer)
    expect(more).toEqual([])
    expect(take(pendingWrite, 5).map(String)).toEqual(['defg', 'h'])
  })

  it('returns nothing once the memory of a chunk is detached', () => {
    const pendingWrite = new PendingWrite()
    const detached = new Uint8Array(8)
    pendingWrite.begin([Buffer.from('abc'), detached], 11)
    expect(take(pendingWrite, 5)).toHaveLength(2)
    structuredClone(detached, { transfer: [detached.buffer] })
    expect(pendingWrite.take(3)).toBeUndefined()
  })

  it('drops the rest when a new write begins', () => {
    const pendingWrite = new PendingWrite()
    pendingWrite.begin(chunks, 8)
    pendingWrite.take(2)
    pendingWrite.begin([Buffer.from('xyz')], 3)
    expect(String(Buffer.concat(take(pendingWrite, 3)))).toBe('xyz')
    expect(pendingWrite.bytes).toBe(0)
  })
})
