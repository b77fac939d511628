import { describe, expect, it } from 'vitest'
import type { WriteResult } from '../../../src/connection/transport/transport.js'
import { Output } from '../../../src/connection/transport/write-buffer.js'

const sliceBytes = 256 * 1024

/** An output on a transport that gives the answers listed, and keeps what it was given. */
function outputOn(...answers: WriteResult[]) {
  const writes: Buffer[] = []
  const output = new Output()
  output.open({
    write: (chunks) => {
      writes.push(Buffer.concat(chunks))
      return answers.shift() ?? 'taken'
    },
    destroy: () => false,
  })
  return { output, writes }
}

const large = Buffer.alloc(2.5 * sliceBytes, 'abcdefgh')
const frame = Buffer.concat([Buffer.from(`*2\r\n$4\r\nECHO\r\n$${large.length}\r\n`), large, Buffer.from('\r\n')])

describe('Output', () => {
  it('writes all that was appended at once', () => {
    const { output, writes } = outputOn()
    output.encoder.append(['PING'])
    output.encoder.append(['ECHO', 'x'])
    expect(output.write()).toBe('taken')
    expect(writes.map(String)).toEqual(['*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$1\r\nx\r\n'])
    expect(output.bytesWritten).toBe(35)
  })

  it('is pending until the transport has taken what it was given', () => {
    const { output } = outputOn('pending')
    output.encoder.append(['PING'])
    expect(output.write()).toBe('pending')
    expect(output.isPending).toBe(true)
    expect(output.isCut).toBe(false)
    expect(output.onWritten()).toBe(true)
    expect(output.isPending).toBe(false)
  })

  it('writes large frames in slices, in order and whole', () => {
    const { output, writes } = outputOn('pending', 'pending')
    output.encoder.append(['ECHO', large])
    expect(output.write()).toBe('pending')
    output.onWritten()
    output.onWritten()
    expect(writes.map(({ length }) => length)).toEqual([sliceBytes, sliceBytes, frame.length - 2 * sliceBytes])
    expect(Buffer.concat(writes).equals(frame)).toBe(true)
  })

  it('writes larger slices, up to four times, as long as they are taken at once', () => {
    const { output, writes } = outputOn()
    const huge = Buffer.alloc(12 * sliceBytes, 'abcdefgh')
    output.encoder.append(['ECHO', huge])
    expect(output.write()).toBe('taken')
    const slices = writes.map(({ length }) => length / sliceBytes)
    expect(slices.slice(0, 3)).toEqual([1, 2, 4])
    expect(Math.max(...slices)).toBeLessThanOrEqual(5)
    expect(
      Buffer.concat(writes)
        .subarray(-huge.length - 2, -2)
        .equals(huge),
    ).toBe(true)
  })

  it('writes small slices again when one was not taken at once', () => {
    const { output, writes } = outputOn('taken', 'pending', 'pending')
    output.encoder.append(['ECHO', Buffer.alloc(6 * sliceBytes)])
    output.write()
    output.onWritten()
    expect(writes.map(({ length }) => length / sliceBytes)).toEqual([1, 2, 1])
  })

  it('spares a small rest a write of its own', () => {
    const { output, writes } = outputOn()
    output.encoder.append(['ECHO', Buffer.alloc(1.2 * sliceBytes)])
    output.write()
    expect(writes).toHaveLength(1)
  })

  it('has forgotten what was refused', () => {
    const { output, writes } = outputOn('refused', 'pending')
    output.encoder.append(['ECHO', large])
    output.write()
    output.encoder.append(['PING'])
    output.write()
    expect(output.onWritten()).toBe(true)
    expect(String(writes[1])).toBe('*1\r\n$4\r\nPING\r\n')
    expect(writes).toHaveLength(2)
  })

  it('writes the next slice when the one before is taken, and is cut as long as one waits', () => {
    const { output, writes } = outputOn('pending', 'pending', 'pending')
    output.encoder.append(['ECHO', large])
    expect(output.write()).toBe('pending')
    expect([writes.length, output.isCut]).toEqual([1, true])
    expect(output.onWritten()).toBe(false)
    expect([writes.length, output.isCut]).toEqual([2, true])
    expect(output.onWritten()).toBe(false)
    expect([writes.length, output.isCut]).toEqual([3, false])
    expect(output.onWritten()).toBe(true)
    expect(Buffer.concat(writes).equals(frame)).toBe(true)
  })

  it('is refused when not a byte was taken', () => {
    const { output } = outputOn('refused')
    output.encoder.append(['ECHO', large])
    expect(output.write()).toBe('refused')
    expect(output.isCut).toBe(false)
  })

  it('is pending, and cut, when a later slice is refused: the end will be told', () => {
    const { output } = outputOn('taken', 'refused')
    output.encoder.append(['ECHO', large])
    expect(output.write()).toBe('pending')
    expect(output.isCut).toBe(true)
  })
})
