import type { ConnectionOptions } from 'node:tls'

/**
 * What a write has come to when `Transport.write` returns.
 *
 * - `taken`: the operating system has every byte.
 * - `pending`: it has some of them or none yet; `TransportHandler.onWritten` follows, or the end.
 * - `refused`: it took none of them, and never will. The transport is at its end; `onEnd` follows.
 */
export type WriteResult = 'taken' | 'pending' | 'refused'

/** How a transport ended. */
export interface TransportEnd {
  /** Why; absent when the peer closed in good order (FIN). */
  readonly error?: Error | undefined
  /**
   * True only when it is proven that the operating system never took the last byte of the write that was pending.
   * False says nothing.
   */
  readonly pendingWriteIncomplete: boolean
}

/** What a transport tells its owner. No method of it throws. */
export interface TransportHandler {
  /** The byte stream is open (on TLS: the handshake is done and the certificate accepted). */
  onOpen(): void
  /** Bytes came. The chunk is borrowed: it is overwritten after the call returns. */
  onData(chunk: Buffer): void
  /**
   * For transports that can choose where bytes are read to: where the next are wanted, as many as fit there at most. When they
   * are there, `onFilled` is called for them in place of `onData`. Undefined: nowhere in particular.
   */
  wanted(): Buffer | undefined
  /** So many bytes were read into the memory that `wanted` gave last. */
  onFilled(bytes: number): void
  /** The pending write has been taken whole; the next may follow. */
  onWritten(): void
  /** The byte stream is over, whoever ended it but `destroy`. Called once, as the last call of all. */
  onEnd(end: TransportEnd): void
}

/**
 * A byte stream to a server: all that a connection needs of a socket.
 *
 * One write at a time: after `pending`, none may follow before `onWritten`.
 */
export interface Transport {
  /**
   * Hands over the chunks as one write. They must stay unchanged until the write is taken.
   * @param isBorrowed some of them are memory of the caller, who may detach it: what is not read now must be copied. Default false
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
}

/** Begins to open a transport; `onOpen` or `onEnd` follows, never before this returns. */
export type Dial = (endpoint: Endpoint, handler: TransportHandler) => Transport
