import { describe, expect, it } from 'vitest'
import { Assembly } from '../../src/protocol/assembly.js'

const kilobyte = 1024

describe('Assembly', () => {
  it('offers memory to read into after half of the length minus 32 kB', () => {
    const assembly = new Assembly()
    const chunk = Buffer.alloc(32 * kilobyte, 'x')
    assembly.begin(256 * kilobyte)
    assembly.append(chunk, 0, chunk.length)
    assembly.append(chunk, 0, chunk.length)
    expect(assembly.room()).toBeUndefined()
    assembly.append(chunk, 0, chunk.length)
    const room = assembly.room()
    expect(room?.length).toBe(160 * kilobyte)
    room?.fill('y')
    assembly.advance(160 * kilobyte)
    const whole = assembly.take()
    expect(String(whole)).toBe('x'.repeat(96 * kilobyte) + 'y'.repeat(160 * kilobyte))
  })

  it('includes the current chunk: one that completes the half is copied once, to its final place', () => {
    const assembly = new Assembly()
    const chunk = Buffer.alloc(512 * kilobyte, 'x')
    assembly.begin(1024 * kilobyte)
    const before = process.memoryUsage().arrayBuffers
    assembly.append(chunk, 9, chunk.length)
    expect(process.memoryUsage().arrayBuffers - before).toBe(1024 * kilobyte)
    expect(assembly.room()?.length).toBe(512 * kilobyte + 9)
  })

  it('offers no memory if the length is unknown', () => {
    const assembly = new Assembly()
    assembly.begin(0)
    assembly.append(Buffer.from('abc'), 0, 3)
    expect(assembly.room()).toBeUndefined()
    expect(String(assembly.take())).toBe('abc')
  })

  it('leaves nothing of one payload in the next, although memory is reused', () => {
    const assembly = new Assembly()
    const contents = ['a', 'b', 'c'].map((letter) => Buffer.alloc(700 * kilobyte, letter))
    const taken = contents.map((content) => {
      assembly.begin(content.length)
      for (let at = 0; at < content.length; at += 50_000) {
        assembly.append(content, at, Math.min(at + 50_000, content.length))
      }
      return assembly.take()
    })
    expect(taken.every((bytes, index) => bytes.equals(contents[index] as Buffer))).toBe(true)
  })

  it('of unknown length returns all bytes, and no more', () => {
    const assembly = new Assembly()
    const one = Buffer.alloc(300 * kilobyte, '1')
    assembly.begin(0)
    assembly.append(one, 0, one.length)
    const taken = assembly.take()
    assembly.begin(0)
    assembly.append(Buffer.alloc(300 * kilobyte, '2'), 0, 300 * kilobyte)
    expect(taken.equals(one)).toBe(true)
  })
})
