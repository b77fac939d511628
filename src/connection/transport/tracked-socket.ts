import { clearTimeout, setImmediate, setTimeout } from 'node:timers'
import { Buffer } from '../../protocol/buffer.js'
import { SocketTransport } from './socket-transport.js'
import type { Endpoint, TransportHandler, WriteResult } from './transport.js'

/** After a failed write, data that the peer has already sent is still read for this many milliseconds. */
const readOutMs = 200

/**
 * All plain sockets read into this memory, unless the handler provides other memory. Handlers may use the bytes only
 * during the call. This saves an allocation for each read, and reads more at a time than a stream does by default.
 */
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024)

/**
 * The methods of a stream that pass bytes to the operating system. Node.js documentation: implementing a Writable
 * stream.
 */
interface StreamSink {
  _write(chunk: unknown, encoding: BufferEncoding, done: (error?: Error | null) => void): void
  _writev(chunks: unknown, done: (error?: Error | null) => void): void
}

/**
 * A TCP or Unix socket of Node.js for which it is known which bytes the kernel took.
 *
 * Why "the last byte was never taken" is proven here: Node.js hands a write to libuv, which calls `write(2)`
 * immediately.
 *
 * 1. The kernel takes everything: the stream's callback runs before `write` returns. Result `taken`.
 * 2. The call fails: the callback gets the error before `write` returns. No byte was taken, because a failing
 *    `write(2)` takes none and there was no other call. Result `refused`.
 * 3. The kernel takes a part, or nothing yet: libuv keeps the rest and continues when the socket is writable. Result
 *    `pending`.
 *    - A later error of the write means that the rest was never taken, and the last byte is part of the rest.
 *    - Otherwise, the callback runs in the turn of the event loop in which the last byte was taken. There is one
 *      exception: if libuv calls `write(2)` a second time before `write` returns, the callback runs in the next turn.
 *      So if the callback has not run two turns after `write` (two `setImmediate`), the last byte was not taken.
 *
 * No server can run a frame whose last byte the client's kernel never took.
 */
export class TrackedSocket extends SocketTransport {
  #isPending = false
  #writeFailed = false
  #turnsSinceWrite = 0
  #readOut: NodeJS.Timeout | undefined

  constructor(endpoint: Endpoint, handler: TransportHandler) {
    const onread = {
      // Called before each read.
      buffer: () => handler.wanted() ?? readBuffer,
      callback: (length: number, memory: Uint8Array): boolean => {
        if (this.isOver) return true
        if (memory === readBuffer) handler.onData(readBuffer.subarray(0, length))
        else handler.onFilled(length)
        return true
      },
    }
    super(endpoint, handler, { onread })
    this.#keepReadingAfterFailedWrites()
    this.socket.on('close', () => clearTimeout(this.#readOut))
  }

  write(chunks: readonly Uint8Array[]): WriteResult {
    const { socket } = this
    if (!socket.writable) return 'refused'
    this.#isPending = true
    let isSynchronous = true
    let wasTaken = false
    this.#turnsSinceWrite = 0
    this.#onTaken = () => {
      this.#isPending = false
      if (isSynchronous) wasTaken = true
      else if (!this.isOver) this.handler.onWritten()
    }
    if (chunks.length > 1) socket.cork()
    for (const chunk of chunks) socket.write(chunk)
    if (chunks.length > 1) socket.uncork()
    isSynchronous = false
    if (wasTaken) return 'taken'
    if (this.#writeFailed) {
      this.#isPending = false
      return 'refused'
    }
    this.#countTurns(this.#onTaken)
    return 'pending'
  }

  protected provesIncomplete(): boolean {
    return this.#isPending && (this.#writeFailed || this.#turnsSinceWrite >= 2)
  }

  #onTaken: () => void = () => {}

  #countTurns(write: () => void): void {
    const count = (): void => {
      if (!this.#isPending || this.#onTaken !== write) return
      this.#turnsSinceWrite += 1
      if (this.#turnsSinceWrite < 2) setImmediate(count)
    }
    setImmediate(count)
  }

  /**
   * A stream destroys itself when a failed write is reported to it, and replies that the kernel has already received
   * are lost. So the failure is not reported to the stream, which continues to read until the kernel reports the end.
   */
  #keepReadingAfterFailedWrites(): void {
    const sink = this.socket as unknown as StreamSink
    const write = sink._write
    const writev = sink._writev
    const observe =
      (done: (error?: Error | null) => void) =>
      (error?: Error | null): void => {
        if (error) {
          this.#writeFailed = true
          this.noteError(error)
          // This timer must not keep the process alive. Only the socket may do that.
          this.#readOut = setTimeout(() => this.socket.destroy(), readOutMs).unref()
          return
        }
        // Let the stream finish this write first. If the next write came earlier, the stream would buffer that write,
        // and could lose it while the stream clears its own state.
        done()
        this.#onTaken()
      }
    sink._write = function (chunk, encoding, done) {
      write.call(this, chunk, encoding, observe(done))
    }
    sink._writev = function (chunks, done) {
      writev.call(this, chunks, observe(done))
    }
  }
}
