import type { ErrorReply, Reply } from '../../protocol/types.js'
import type { Refusal, Request } from '../request/request.js'
import type { ConnectionEnd } from './connection-end.js'

/**
 * The object that uses a connection.
 * @typeParam Connection the class of the connection. It is a parameter because connection.ts imports this file
 */
export interface OwnerOf<Connection> {
  /**
   * Whether a PING must not be sent now, for one of two reasons. The server would not answer it, so that the reply to
   * another command would be taken for its reply. Or it would become part of a transaction. Default: false.
   */
  readonly isQuiet?: boolean
  /** Whether `close()` or `destroy()` was called, so that `isBusy` counts only what `close()` waits for. Default: false. */
  readonly isClosing?: boolean
  /** A pending write was taken, so more can be sent. */
  onWritable(connection: Connection): void
  /** The request must be sent again. @param reply the refusal; null if the reply is not an error */
  onRefusedForNow(connection: Connection, request: Request, reply: ErrorReply | null, refusal: Refusal): void
  /**
   * The server reported that it is a replica. After a failover, the address may lead to another server, so this
   * connection should be replaced. Called before the reply itself is passed on.
   */
  onReadOnly(connection: Connection): void
  /** No reply is pending, see `Connection.isBusy`. */
  onDrained(connection: Connection): void
  /** A RESP3 push arrived. */
  onPush(elements: readonly Reply[]): void
  /**
   * A reply arrived although no request is waiting for one.
   * @returns whether this was expected; subscribers and monitors receive their data in this way
   */
  onUnowed(reply: Reply): boolean
}

/**
 * The object to which the start and the end of a connection are reported. It is often not the owner of the connection.
 */
export interface LifecycleOf<Connection> {
  /** The handshake is done, so requests can be sent. */
  onReady(connection: Connection): void
  /** The connection has ended. Called once, but not after `terminate`. */
  onEnd(connection: Connection, end: ConnectionEnd): void
}
