import { Buffer } from '../../protocol/buffer.js'
import { SocketTransport } from './socket-transport.js'
import type { Endpoint, TransportHandler, WriteResult } from './transport.js'

/**
 * A TLS stream, or any stream of another runtime. Here, it is not known which bytes the kernel took. A write counts as
 * taken while the stream accepts more, and this transport never proves that a write was incomplete.
 */
export class OpaqueSocket extends SocketTransport {
  constructor(endpoint: Endpoint, handler: TransportHandler) {
    super(endpoint, handler, {})
    if (endpoint.tls !== undefined) this.socket.on('connect', () => this.isOver || handler.onSecuring())
  }

  write(given: readonly Uint8Array[], isBorrowed = false): WriteResult {
    if (!this.isWritable) return 'refused'
    // The stream processes the first write immediately, and keeps later writes until the first one is finished.
    const isKept = this.socket.writableLength > 0 || given.length > 1
    const chunks = isBorrowed && isKept ? given.map((chunk) => Buffer.from(chunk)) : given
    let isWaitedFor = false
    const onWritten = (error?: Error | null): void => {
      if (error || !isWaitedFor || this.isOver) return
      this.handler.onWritten()
    }
    if (isWorthCalls(chunks)) this.writeSingly(chunks, onWritten)
    else this.writeTogether(chunks, onWritten)
    // While the stream accepts more, there is no need to wait for its callbacks.
    isWaitedFor = this.socket.writableNeedDrain
    return isWaitedFor ? 'pending' : 'taken'
  }

  protected provesIncomplete(): boolean {
    return false
  }
}

/**
 * Some runtimes copy several chunks into one before a system call. If the chunks have at least this many bytes on
 * average, one system call for each chunk costs less than that copy.
 */
const singlyBytes = 128 * 1024

function isWorthCalls(chunks: readonly Uint8Array[]): boolean {
  let bytes = 0
  for (const { length } of chunks) bytes += length
  return bytes >= chunks.length * singlyBytes
}
