import type { NetConnectOpts, Socket } from 'node:net'
import { setImmediate } from 'node:timers'
import { openStream } from './open-stream.js'
import type { Endpoint, Transport, TransportHandler, WriteResult } from './transport.js'

/** The part that all sockets share. It handles events and writes, and reports the end exactly once. */
export abstract class SocketTransport implements Transport {
  readonly socket: Socket
  protected readonly handler: TransportHandler
  #error: Error | undefined
  #isOver = false
  #hasTurned = false

  protected constructor(endpoint: Endpoint, handler: TransportHandler, reading: Pick<NetConnectOpts, 'onread'>) {
    const socket = openStream(endpoint, reading)
    this.socket = socket
    this.handler = handler
    // Some failures, such as a Unix socket that does not exist or an invalid option, are known within this turn.
    setImmediate(() => {
      this.#hasTurned = true
    })
    socket.on(endpoint.tls === undefined ? 'connect' : 'secureConnect', () => this.#isOver || handler.onOpen())
    socket.on('data', (chunk: Buffer) => this.#isOver || handler.onData(chunk))
    // The error is what the user's `lookup` passed on, or what `checkServerIdentity` returned: not always an Error.
    socket.on('error', (error: unknown) => {
      this.noteError(typeof error === 'object' ? (error as Error) : new Error(String(error)))
    })
    // The peer has sent FIN, and everything that it sent before has been read by now. Nothing more may be written.
    socket.on('end', () => socket.destroy())
    socket.on('close', () => this.finish())
  }

  abstract write(chunks: readonly Uint8Array[], isBorrowed?: boolean): WriteResult
  protected abstract provesIncomplete(): boolean

  get writableLength(): number {
    return this.socket.writableLength
  }

  destroy(): boolean {
    const incomplete = this.provesIncomplete()
    this.#isOver = true
    this.socket.destroy()
    return incomplete
  }

  protected get isOver(): boolean {
    return this.#isOver
  }

  protected noteError(error: Error): void {
    this.#error ??= error
  }

  protected finish(): void {
    if (this.#isOver) return
    if (!this.#hasTurned) {
      setImmediate(() => this.finish())
      return
    }
    this.#isOver = true
    this.handler.onEnd({ error: this.#error, pendingWriteIncomplete: this.provesIncomplete() })
  }
}
