import { describe, expect, it } from 'vitest'
import type { WriteResult } from '../../../src/connection/transport/transport.js'
import { WriteBuffer } from '../../../src/connection/transport/write-buffer.js'

const sliceBytes = 256 * 1024

/** A WriteBuffer on a transport that returns the given results, and records the writes. */
function writeBufferOn(...answers: WriteResult[]) {
  const writes: Buffer[] = []
  /** The first chunk of each write: the memory itself, not a copy. */
  const memory: Uint8Array[] = []
  const writeBuffer = new WriteBuffer()
  const transport = {
    writableLength: 0,
    write: (chunks: readonly Uint8Array[]) => {
      writes.push(Buffer.concat(chunks))
      memory.push(chunks[0] as Uint8Array)
      return answers.shift() ?? 'taken'
    },
    destroy: () => false,
  }
  writeBuffer.open(transport)
  return { writeBuffer, writes, memory, transport }
}

const large = Buffer.alloc(2.5 * sliceBytes, 'abcdefgh')
const frame = Buffer.concat([Buffer.from(`*2\r\n$4\r\nECHO\r\n$${large.length}\r\n`), large, Buffer.from('\r\n')])

describe('WriteBuffer', () => {
  it('writes everything that was appended in one write', () => {
    const { writeBuffer, writes } = writeBufferOn()
    writeBuffer.encoder.append(['PING'])
    writeBuffer.encoder.append(['ECHO', 'x'])
    expect(writeBuffer.write()).toBe('taken')
    expect(writes.map(String)).toEqual(['*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$1\r\nx\r\n'])
    expect(writeBuffer.bytesWritten).toBe(35)
  })

  it('is pending until the transport has taken the write', () => {
    const { writeBuffer } = writeBufferOn('pending')
    writeBuffer.encoder.append(['PING'])
    expect(writeBuffer.write()).toBe('pending')
    expect(writeBuffer.isPending).toBe(true)
    expect(writeBuffer.unhandedBytes > 0).toBe(false)
    expect(writeBuffer.onWritten()).toBe(true)
    expect(writeBuffer.isPending).toBe(false)
  })

  it('writes large frames in slices, in order and completely', () => {
    const { writeBuffer, writes } = writeBufferOn('pending', 'pending')
    writeBuffer.encoder.append(['ECHO', large])
    expect(writeBuffer.write()).toBe('pending')
    writeBuffer.onWritten()
    writeBuffer.onWritten()
    expect(writes.map(({ length }) => length)).toEqual([sliceBytes, sliceBytes, frame.length - 2 * sliceBytes])
    expect(Buffer.concat(writes).equals(frame)).toBe(true)
  })

  it('writes larger slices, up to four times the size, while they are taken at once', () => {
    const { writeBuffer, writes } = writeBufferOn()
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

  it('writes small slices again after one was not taken at once', () => {
    const { writeBuffer, writes } = writeBufferOn('taken', 'pending', 'pending')
    writeBuffer.encoder.append(['ECHO', Buffer.alloc(6 * sliceBytes)])
    writeBuffer.write()
    writeBuffer.onWritten()
    expect(writes.map(({ length }) => length / sliceBytes)).toEqual([1, 2, 1])
  })

  it('does not write a small rest separately', () => {
    const { writeBuffer, writes } = writeBufferOn()
    writeBuffer.encoder.append(['ECHO', Buffer.alloc(1.2 * sliceBytes)])
    writeBuffer.write()
    expect(writes).toHaveLength(1)
  })

  it('forgets a refused write', () => {
    const { writeBuffer, writes } = writeBufferOn('refused', 'pending')
    writeBuffer.encoder.append(['ECHO', large])
    writeBuffer.write()
    writeBuffer.encoder.append(['PING'])
    writeBuffer.write()
    expect(writeBuffer.onWritten()).toBe(true)
    expect(String(writes[1])).toBe('*1\r\n$4\r\nPING\r\n')
    expect(writes).toHaveLength(2)
  })

  it('writes the next slice when the previous one is taken, and has unhandedBytes until the last', () => {
    const { writeBuffer, writes } = writeBufferOn('pending', 'pending', 'pending')
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

  describe('uses its memory again', () => {
    const again = ([first, second]: readonly Uint8Array[]): boolean =>
      second?.buffer === first?.buffer && second?.byteOffset === first?.byteOffset

    it('after a write of which the transport keeps nothing', () => {
      const { writeBuffer, writes, memory } = writeBufferOn()
      for (const text of ['a', 'b']) {
        writeBuffer.encoder.append([text])
        writeBuffer.write()
      }
      expect(again(memory)).toBe(true)
      expect(writes.map(String)).toEqual(['*1\r\n$1\r\na\r\n', '*1\r\n$1\r\nb\r\n'])
    })

    it('but not while the transport keeps some bytes, although it accepts more', () => {
      const { writeBuffer, memory, transport } = writeBufferOn()
      transport.writableLength = 1
      for (const text of ['a', 'b']) {
        writeBuffer.encoder.append([text])
        writeBuffer.write()
      }
      expect(memory.map((chunk) => String(Buffer.from(chunk)))).toEqual(['*1\r\n$1\r\na\r\n', '*1\r\n$1\r\nb\r\n'])
    })

    it('but not while a write is pending', () => {
      const { writeBuffer, memory } = writeBufferOn('pending')
      writeBuffer.encoder.append(['a'])
      writeBuffer.write()
      writeBuffer.encoder.append(['b'])
      expect(String(Buffer.from(memory[0] as Uint8Array))).toBe('*1\r\n$1\r\na\r\n')
      writeBuffer.onWritten()
      writeBuffer.write()
      expect(again(memory)).toBe(false)
      expect(String(Buffer.from(memory[1] as Uint8Array))).toBe('*1\r\n$1\r\nb\r\n')
    })
  })

  it('is refused if no byte was taken', () => {
    const { writeBuffer } = writeBufferOn('refused')
    writeBuffer.encoder.append(['ECHO', large])
    expect(writeBuffer.write()).toBe('refused')
    expect(writeBuffer.unhandedBytes > 0).toBe(false)
  })

  it('is pending, with unhandedBytes, if a later slice is refused: the end will be reported', () => {
    const { writeBuffer } = writeBufferOn('taken', 'refused')
    writeBuffer.encoder.append(['ECHO', large])
    expect(writeBuffer.write()).toBe('pending')
    expect(writeBuffer.unhandedBytes > 0).toBe(true)
  })
})
