import type { TcpSocketConnectOpts } from 'node:net'
import type { ConnectionOptions } from 'node:tls'

/**
 * The result of `Transport.write`.
 *
 * - `taken`: the operating system has every byte.
 * - `pending`: it does not have all of them yet; `TransportHandler.onWritten` or the end follows.
 * - `refused`: it took none of them, and never will. The transport ends; `onEnd` follows.
 */
export type WriteResult = 'taken' | 'pending' | 'refused'

/** How a transport ended. */
export interface TransportEnd {
  /** Why; absent if the peer closed normally (FIN). */
  readonly error?: Error | undefined
  /**
   * True only if the operating system provably never took the last byte of the pending write. False proves nothing.
   */
  readonly pendingWriteIncomplete: boolean
}

/** What a transport reports. Its methods never throw. */
export interface TransportHandler {
  /** The peer has accepted the connection, and the TLS handshake begins. Not called without TLS. */
  onSecuring(): void
  /** The byte stream is open (on TLS: the handshake is done and the certificate accepted). */
  onOpen(): void
  /** Bytes arrived. The chunk is overwritten after the call returns. */
  onData(chunk: Buffer): void
  /**
   * Memory for the next bytes, for transports that can choose where to read to. If they use it, they call `onFilled`
   * instead of `onData`. Undefined: no preference.
   */
  wanted(): Buffer | undefined
  /** Bytes were read into the memory that `wanted` gave last. */
  onFilled(bytes: number): void
  /** The pending write was fully taken; the next may follow. */
  onWritten(): void
  /**
   * The byte stream is over, but not by `destroy`. Called once, after all other calls, and not before another turn of the
   * event loop.
   */
  onEnd(end: TransportEnd): void
}

/**
 * A byte stream to a server: all that a connection needs of a socket.
 *
 * One write at a time: after `pending`, none may follow before `onWritten`.
 */
export interface Transport {
  /**
   * Writes the chunks together. They must stay unchanged until the write is taken.
   * @param isBorrowed some chunks are the user's memory, who may detach it: copy what is not read now. Default false
   */
  write(chunks: readonly Uint8Array[], isBorrowed?: boolean): WriteResult
  /**
   * Ends the stream now, with no further call to the handler.
   * @returns what `TransportEnd.pendingWriteIncomplete` would have said
   */
  destroy(): boolean
}

/** Where to connect: one of `host` with `port`, or `path`; `tls` when the stream is to be encrypted. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  /** Path of a Unix socket; when given, host and port are not used. */
  readonly path?: string | undefined
  /** Options of `tls.connect`; undefined for a plain stream. */
  readonly tls?: ConnectionOptions | undefined
  /** TCP keep-alive: milliseconds of silence before the first probe. */
  readonly keepAliveDelay: number
  /** How to find the addresses of `host`, and which of this machine to use; undefined: as the runtime does. */
  readonly tcp?: Pick<TcpSocketConnectOpts, 'family' | 'lookup' | 'localAddress'> | undefined
}

/** Begins to open a transport; `onOpen` or `onEnd` follows, never before this returns. */
export type Dial = (endpoint: Endpoint, handler: TransportHandler) => Transport
