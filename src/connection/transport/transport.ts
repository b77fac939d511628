import type { TcpSocketConnectOpts } from 'node:net'
import type { ConnectionOptions } from 'node:tls'

/**
 * The result of `Transport.write`.
 *
 * - `taken`: the operating system has every byte.
 * - `pending`: the operating system does not have all bytes yet; `TransportHandler.onWritten` or the end follows.
 * - `refused`: the operating system took no byte, and never will. The transport ends; `onEnd` follows.
 */
export type WriteResult = 'taken' | 'pending' | 'refused'

/** How a transport ended. */
export interface TransportEnd {
  /** The reason of the end; absent if the peer closed normally (FIN). */
  readonly error?: Error | undefined
  /**
   * True only if the operating system provably never took the last byte of the pending write. False proves nothing.
   */
  readonly pendingWriteIncomplete: boolean
}

/** What a transport reports. Its methods never throw. */
export interface TransportHandler {
  /** The peer has accepted the connection, and the TLS handshake begins. This method is only called with TLS. */
  onSecuring(): void
  /** The byte stream is open. With TLS, this means that the handshake is done and the certificate accepted. */
  onOpen(): void
  /** Bytes arrived. The chunk is overwritten after the call returns. */
  onData(chunk: Buffer): void
  /**
   * Memory for the next bytes, for transports that can choose the memory to read into. If they use it, they call
   * `onFilled` instead of `onData`. Undefined means no preference.
   */
  wanted(): Buffer | undefined
  /** Bytes were read into the memory that `wanted` gave last. */
  onFilled(bytes: number): void
  /** The pending write was fully taken; the next may follow. */
  onWritten(): void
  /**
   * The byte stream has ended, but not because of `destroy`. Called once, after all other calls, and at the earliest in
   * the next turn of the event loop.
   */
  onEnd(end: TransportEnd): void
}

/**
 * A byte stream to a server. It has everything that a connection needs of a socket.
 *
 * There is only one write at a time: after `pending`, no write may follow before `onWritten`. After `refused`, no write
 * may follow.
 */
export interface Transport {
  /** Bytes that were written, and that it still keeps. If there are none, the memory of the chunks may be used again. */
  readonly writableLength: number
  /**
   * Writes the chunks together. They must not change until the write is taken.
   * @param isBorrowed whether some chunks are memory of the user, which the user may detach. Everything that is not
   *   read immediately must be copied. Default false
   */
  write(chunks: readonly Uint8Array[], isBorrowed?: boolean): WriteResult
  /**
   * Ends the stream now, with no further call to the handler.
   * @returns what `TransportEnd.pendingWriteIncomplete` would have said
   */
  destroy(): boolean
}

/** The address to connect to. It is either `host` with `port`, or `path`. With `tls`, the stream is encrypted. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  /** Path of a Unix socket. If it is given, host and port are not used. */
  readonly path?: string | undefined
  /** Options of `tls.connect`; undefined for a plain stream. */
  readonly tls?: ConnectionOptions | undefined
  /** TCP keep-alive: milliseconds of silence before the first probe. */
  readonly keepAliveDelay: number
  /** How to look up the addresses of `host`, and which local address to use. If undefined, the runtime decides. */
  readonly tcp?: Pick<TcpSocketConnectOpts, 'family' | 'lookup' | 'localAddress'> | undefined
}

/** Begins to open a transport; `onOpen` or `onEnd` follows, never before this returns. */
export type Dial = (endpoint: Endpoint, handler: TransportHandler) => Transport
