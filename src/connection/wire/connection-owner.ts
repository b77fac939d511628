import type { RespiteError } from '../../errors.js'
import type { ErrorReply, Reply } from '../../protocol/types.js'
import type { LostRequest } from '../request/lost-request.js'
import type { Refusal, Request } from '../request/request.js'

/** How a connection ended. */
export interface ConnectionEnd {
  readonly error: RespiteError | Error | undefined
  /** Whether it ever was ready. */
  readonly wasReady: boolean
  /** In the order in which they were sent. */
  readonly lostRequests: readonly LostRequest[]
}

/**
 * The object that a connection reports to.
 * @typeParam Connection the class of the connection, which imports this file: connection.ts fills it in
 */
export interface OwnerOf<Connection> {
  /** The handshake is done: requests may be sent. */
  onReady(connection: Connection): void
  /** A pending write has been taken: more may be sent. */
  onWritable(connection: Connection): void
  /** The request is to be sent again. @param reply the refusal; null when the answer was no error */
  onRefusedForNow(connection: Connection, request: Request, reply: ErrorReply | null, refusal: Refusal): void
  /** No reply is owed any longer. */
  onDrained(connection: Connection): void
  /** RESP3 push. */
  onPush(elements: readonly Reply[]): void
  /**
   * A reply came that no request is owed.
   * @returns whether that is in order: what a subscriber or a monitor is told comes so
   */
  onUnowed(reply: Reply): boolean
  /** It is over; called once, unless `terminate` said it to its caller. */
  onEnd(connection: Connection, end: ConnectionEnd): void
}
