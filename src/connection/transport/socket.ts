import { connect as connectPlain, isIP, type NetConnectOpts, type Socket } from 'node:net'
import process from 'node:process'
import type { Dial, Endpoint, Transport, TransportHandler, WriteResult } from './transport.js'

/**
 * Whether streams are libuv's own, of which {@link TrackedSocket} knows when they report what the kernel took. Bun and Deno
 * offer the same interface on other ground: there nothing is taken for proven.
 */
const isNode = process.versions.bun === undefined && process.versions.deno === undefined

/** After a failed write, what the peer sent before is still read, for at most so many milliseconds. */
const readOutMs = 200

/**
 * Where bytes are read to, by every plain socket, unless its handler wants them elsewhere: a handler only borrows them while it
 * is called. Sparing a buffer for each read, and reading more at a time than a stream would by itself.
 */
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024)

/** Opens TCP, Unix and TLS streams with Node's own modules. */
export const dialSocket: Dial = (endpoint, handler) => {
  const isTls = endpoint.tls !== undefined
  try {
    return isNode && !isTls ? new TrackedSocket(endpoint, handler) : new OpaqueSocket(endpoint, handler)
  } catch (cause) {
    // What can't be meant (no certificate in what is to be one, a host with a null byte) the runtime refuses by a throw.
    const error = new Error(cause instanceof Error ? cause.message : String(cause), { cause })
    return new FailedTransport(isTls ? Object.assign(error, { code: 'ERR_TLS_OPTIONS' }) : error, handler)
  }
}

function openPlain({ host, port, path, keepAliveDelay }: Endpoint, reading: Pick<NetConnectOpts, 'onread'>): Socket {
  if (path !== undefined) return connectPlain({ path, ...reading })
  return connectPlain({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveDelay, ...reading })
}

function openTls({ host, port, path, tls, keepAliveDelay }: Endpoint): Socket {
  const servername = tls?.servername ?? (isIP(host) === 0 ? host : undefined)
  // Loaded only for those who encrypt: it takes longer than all the rest of what this package loads.
  const { connect } = process.getBuiltinModule('node:tls')
  const socket = connect({
    ...(path === undefined ? { host, port } : { path }),
    ...(servername === undefined ? {} : { servername }),
    ...tls,
  })
  socket.setNoDelay(true)
  socket.setKeepAlive(true, keepAliveDelay)
  return socket
}

/** What both kinds of socket share: events in, writes out, one end. */
abstract class SocketTransport implements Transport {
  protected readonly socket: Socket
  protected readonly handler: TransportHandler
  #error: Error | undefined
  #isOver = false

  protected constructor(socket: Socket, handler: TransportHandler, openEvent: 'connect' | 'secureConnect') {
    this.socket = socket
    this.handler = handler
    socket.on(openEvent, () => this.#isOver || handler.onOpen())
    socket.on('data', (chunk: Buffer) => this.#isOver || handler.onData(chunk))
    socket.on('error', (error) => {
      this.#error ??= error
    })
    // The peer's FIN: whatever it sent before has been read by now. Nothing more may be written to it.
    socket.on('end', () => socket.destroy())
    socket.on('close', () => this.finish())
  }

  abstract write(chunks: readonly Uint8Array[], isBorrowed?: boolean): WriteResult
  protected abstract provesIncomplete(): boolean

  destroy(): boolean {
    const incomplete = this.provesIncomplete()
    this.#isOver = true
    this.socket.destroy()
    return incomplete
  }

  protected get isOver(): boolean {
    return this.#isOver
  }

  /** A socket already ended, by either side, is never written to. */
  protected get isWritable(): boolean {
    return this.socket.writable && !this.socket.destroyed
  }

  protected noteError(error: Error): void {
    this.#error ??= error
  }

  protected finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.handler.onEnd({ error: this.#error, pendingWriteIncomplete: this.provesIncomplete() })
  }

  /** One write for the stream, however many chunks. */
  protected writeTogether(chunks: readonly Uint8Array[], done: (error?: Error | null) => void): void {
    const { socket } = this
    if (chunks.length > 1) socket.cork()
    this.writeSingly(chunks, done)
    if (chunks.length > 1) socket.uncork()
  }

  /** A write for each chunk. @param done called for the last */
  protected writeSingly(chunks: readonly Uint8Array[], done: (error?: Error | null) => void): void {
    const last = chunks.length - 1
    for (let i = 0; i < last; i += 1) this.socket.write(chunks[i] as Uint8Array)
    this.socket.write(chunks[last] as Uint8Array, done)
  }
}

/** Bytes a chunk from which on a system call costs less than what streams of other runtimes do to spare it: copying them. */
const singlyBytes = 128 * 1024

function isWorthCalls(chunks: readonly Uint8Array[]): boolean {
  let bytes = 0
  for (const { length } of chunks) bytes += length
  return bytes >= chunks.length * singlyBytes
}

/** The part of a stream that hands bytes to the system: the interface by which Node lets streams be implemented. */
interface StreamSink {
  _write(chunk: unknown, encoding: BufferEncoding, done: (error?: Error | null) => void): void
  _writev(chunks: unknown, done: (error?: Error | null) => void): void
}

/**
 * A TCP or Unix socket of Node, of which it is known what the kernel took.
 *
 * Why a verdict of "it never left whole" is proof here. Node hands a write to libuv, which tries the system call at once:
 *
 * 1. It takes everything: the stream's callback comes before `write` returns. Result `taken`.
 * 2. It fails: the callback comes with the error before `write` returns, and no byte was taken, since a failing
 *    `write(2)` takes none and no other try was made. Result `refused`.
 * 3. It takes a part or nothing for now: libuv keeps the rest and goes on when the socket is writable. Result `pending`.
 *    - A later error of the write itself says that the rest was never taken; its last byte is part of the rest.
 *    - Otherwise the callback comes in the same turn of the event loop in which the last byte was taken, with one
 *      exception: a second try within the first call, of which the next turn tells. So two turns after the call (two
 *      `setImmediate`) a callback that has not come means that the last byte was not taken.
 *
 * A frame whose last byte our own kernel never took can't be run by anybody behind it.
 */
class TrackedSocket extends SocketTransport {
  #isPending = false
  #writeFailed = false
  #turnsSinceWrite = 0
  #readOut: NodeJS.Timeout | undefined

  constructor(endpoint: Endpoint, handler: TransportHandler) {
    const onread = {
      // Asked before each read.
      buffer: () => handler.wanted() ?? readBuffer,
      callback: (length: number, memory: Uint8Array): boolean => {
        if (this.isOver) return true
        if (memory === readBuffer) handler.onData(readBuffer.subarray(0, length))
        else handler.onFilled(length)
        return true
      },
    }
    const socket = openPlain(endpoint, { onread })
    super(socket, handler, 'connect')
    this.#keepReadingAfterFailedWrites()
    socket.on('close', () => clearTimeout(this.#readOut))
  }

  write(chunks: readonly Uint8Array[]): WriteResult {
    if (!this.isWritable) return 'refused'
    this.#isPending = true
    let isSynchronous = true
    let wasTaken = false
    this.#turnsSinceWrite = 0
    this.#onTaken = () => {
      this.#isPending = false
      if (isSynchronous) wasTaken = true
      else if (!this.isOver) this.handler.onWritten()
    }
    this.writeTogether(chunks, ignoreStreamCallback)
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
   * A stream that is told of a failed write destroys itself, and with it the replies that the kernel holds ready to be read.
   * So the failure is kept from it: reading goes on to the end that the kernel reports, which is then the end.
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
          this.#readOut = setTimeout(() => this.socket.destroy(), readOutMs)
          return
        }
        // The stream first: were it given the next write before it is done with this one, it would put it by, and may
        // forget it when that happens in the midst of its own clearing up.
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

const ignoreStreamCallback = (): void => {}

/**
 * A TLS stream, or any of another runtime. What the kernel took is not known: it is believed, while the stream takes more, and
 * nothing is ever proven.
 */
class OpaqueSocket extends SocketTransport {
  constructor(endpoint: Endpoint, handler: TransportHandler) {
    if (endpoint.tls === undefined) super(openPlain(endpoint, {}), handler, 'connect')
    else super(openTls(endpoint), handler, 'secureConnect')
  }

  write(given: readonly Uint8Array[], isBorrowed = false): WriteResult {
    if (!this.isWritable) return 'refused'
    // The stream reads the first write at once, and keeps those that follow until it is done with that.
    const isKept = this.socket.writableLength > 0 || given.length > 1
    const chunks = isBorrowed && isKept ? given.map((chunk) => Buffer.from(chunk)) : given
    let isWaitedFor = false
    const onWritten = (error?: Error | null): void => {
      if (error || !isWaitedFor || this.isOver) return
      this.handler.onWritten()
    }
    if (isWorthCalls(chunks)) this.writeSingly(chunks, onWritten)
    else this.writeTogether(chunks, onWritten)
    // While the stream takes more, its callbacks need not be waited for.
    isWaitedFor = this.socket.writableNeedDrain
    return isWaitedFor ? 'pending' : 'taken'
  }

  protected provesIncomplete(): boolean {
    return false
  }
}

/** A stream that could not even be begun: all that it ever tells is its end. */
class FailedTransport implements Transport {
  #isOver = false

  constructor(error: Error, handler: TransportHandler) {
    queueMicrotask(() => {
      if (!this.#isOver) handler.onEnd({ error, pendingWriteIncomplete: false })
    })
  }

  write(): WriteResult {
    return 'refused'
  }

  destroy(): boolean {
    this.#isOver = true
    return false
  }
}
