import type { ErrorReply, Reply } from '../../protocol/types.js'
import type { Refusal, Request } from '../request/request.js'
import type { ConnectionEnd } from './connection-end.js'

/**
 * The object that uses a connection.
 * @typeParam Connection the class of the connection, which imports this file: connection.ts fills it in
 */
export interface OwnerOf<Connection> {
  /**
   * Whether no PING may be sent now: it would not be answered, and be owed the reply to another command, or become a part of a
   * transaction. Default: false.
   */
  readonly isQuiet?: boolean
  /** A pending write was taken: more can be sent. */
  onWritable(connection: Connection): void
  /** The request must be sent again. @param reply the refusal; null if the reply is no error */
  onRefusedForNow(connection: Connection, request: Request, reply: ErrorReply | null, refusal: Refusal): void
  /**
   * The server said that it is a replica. After a failover the address may lead to another server: this connection should be
   * replaced. Called before the reply itself is given out.
   */
  onReadOnly(connection: Connection): void
  /** No reply is pending. */
  onDrained(connection: Connection): void
  /** RESP3 push. */
  onPush(elements: readonly Reply[]): void
  /**
   * A reply came although no request is waiting for one.
   * @returns whether that was expected: subscribers and monitors receive their data in this way
   */
  onUnowed(reply: Reply): boolean
}

/** The object that is told when a connection is ready and ends. Often not its owner. */
export interface LifecycleOf<Connection> {
  /** The handshake is done: requests can be sent. */
  onReady(connection: Connection): void
  /** It is over. Called once, but not after `terminate`. */
  onEnd(connection: Connection, end: ConnectionEnd): void
}
