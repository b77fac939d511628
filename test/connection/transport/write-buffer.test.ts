import { describe, expect, it } from 'vitest'
import type { WriteResult } from '../../../src/connection/transport/transport.js'
import { WriteBuffer } from '../../../src/connection/transport/write-buffer.js'

const sliceBytes = 256 * 1024

/** An writeBuffer on a transport that gives the answers listed, and keeps what it was given. */
function outputOn(...answers: WriteResult[]) {
  const writes: Buffer[] = []
  const writeBuffer = new WriteBuffer()
  writeBuffer.open({
    write: (chunks) => {
      writes.push(Buffer.concat(chunks))
      return answers.shift() ?? 'taken'
    },
    destroy: () => false,
  })
  return { writeBuffer, writes }
}

const large = Buffer.alloc(2.5 * sliceBytes, 'abcdefgh')
const frame = Buffer.concat([Buffer.from(`*2\r\n$4\r\nECHO\r\n$${large.length}\r\n`), large, Buffer.from('\r\n')])

describe('WriteBuffer', () => {
  it('writes all that was appended at once', () => {
    const { writeBuffer, writes } = outputOn()
    writeBuffer.encoder.append(['PING'])
    writeBuffer.encoder.append(['ECHO', 'x'])
    expect(writeBuffer.write()).toBe('taken')
    expect(writes.map(String)).toEqual(['*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$1\r\nx\r\n'])
    expect(writeBuffer.bytesWritten).toBe(35)
  })

  it('is pending until the transport has taken what it was given', () => {
    const { writeBuffer } = outputOn('pending')
    writeBuffer.encoder.append(['PING'])
    expect(writeBuffer.write()).toBe('pending')
    expect(writeBuffer.isPending).toBe(true)
    expect(writeBuffer.unhandedBytes > 0).toBe(false)
    expect(writeBuffer.onWritten()).toBe(true)
    expect(writeBuffer.isPending).toBe(false)
  })

  it('writes large frames in slices, in order and whole', () => {
    const { writeBuffer, writes } = outputOn('pending', 'pending')
    writeBuffer.encoder.append(['ECHO', large])
    expect(writeBuffer.write()).toBe('pending')
    writeBuffer.onWritten()
    writeBuffer.onWritten()
    expect(writes.map(({ length }) => length)).toEqual([sliceBytes, sliceBytes, frame.length - 2 * sliceBytes])
    expect(Buffer.concat(writes).equals(frame)).toBe(true)
  })

  it('writes larger slices, up to four times, as long as they are taken at once', () => {
    const { writeBuffer, writes } = outputOn()
    const huge = Buffer.alloc(12 * sliceBytes, 'abcdefgh')
    writeBuffer.encoder.append(['ECHO', huge])
    expect(writeBuffer.write()).toBe('taken')
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
    const { writeBuffer, writes } = outputOn('taken', 'pending', 'pending')
    writeBuffer.encoder.append(['ECHO', Buffer.alloc(6 * sliceBytes)])
    writeBuffer.write()
    writeBuffer.onWritten()
    expect(writes.map(({ length }) => length / sliceBytes)).toEqual([1, 2, 1])
  })

  it('spares a small rest a write of its own', () => {
    const { writeBuffer, writes } = outputOn()
    writeBuffer.encoder.append(['ECHO', Buffer.alloc(1.2 * sliceBytes)])
    writeBuffer.write()
    expect(writes).toHaveLength(1)
  })

  it('has forgotten what was refused', () => {
    const { writeBuffer, writes } = outputOn('refused', 'pending')
    writeBuffer.encoder.append(['ECHO', large])
    writeBuffer.write()
    writeBuffer.encoder.append(['PING'])
    writeBuffer.write()
    expect(writeBuffer.onWritten()).toBe(true)
    expect(String(writes[1])).toBe('*1\r\n$4\r\nPING\r\n')
    expect(writes).toHaveLength(2)
  })

  it('writes the next slice when the one before is taken, and is cut as long as one waits', () => {
    const { writeBuffer, writes } = outputOn('pending', 'pending', 'pending')
    writeBuffer.encoder.append(['ECHO', large])
    expect(writeBuffer.write()).toBe('pending')
    expect([writes.length, writeBuffer.unhandedBytes > 0]).toEqual([1, true])
    expect(writeBuffer.onWritten()).toBe(false)
    expect([writes.length, writeBuffer.unhandedBytes > 0]).toEqual([2, true])
    expect(writeBuffer.onWritten()).toBe(false)
    expect([writes.length, writeBuffer.unhandedBytes > 0]).toEqual([3, false])
    expect(writeBuffer.onWritten()).toBe(true)
    expect(Buffer.concat(writes).equals(frame)).toBe(true)
  })

  it('is refused when not a byte was taken', () => {
    const { writeBuffer } = outputOn('refused')
    writeBuffer.encoder.append(['ECHO', large])
    expect(writeBuffer.write()).toBe('refused')
    expect(writeBuffer.unhandedBytes > 0).toBe(false)
  })

  it('is pending, and cut, when a later slice is refused: the end will be told', () => {
    const { writeBuffer } = outputOn('taken', 'refused')
    writeBuffer.encoder.append(['ECHO', large])
    expect(writeBuffer.write()).toBe('pending')
    expect(writeBuffer.unhandedBytes > 0).toBe(true)
  })
})
