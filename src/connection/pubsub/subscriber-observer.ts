import type { Connection } from '../wire/connection.js'

/** The object to which the connection of a subscriber is reported. */
export interface SubscriberObserver {
  /** A connection is ready. */
  onReady(connection: Connection): void
  /** A connection that was ready has ended. */
  onEnded(connection: Connection, reason: Error): void
  /** A connection was lost, or could not be opened. */
  onError(error: Error): void
  /**
   * Messages may be missed from now on, until topics are confirmed again.
   * @param heardAt wall time of the last data. Messages that were published since then may be lost too
   */
  onLost(error: Error, heardAt: number): void
}
