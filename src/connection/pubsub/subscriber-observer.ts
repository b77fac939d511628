import type { Connection } from '../wire/connection.js'

/** The object that is told about the connection of a subscriber. */
export interface SubscriberObserver {
  /** A connection is ready. */
  onReady(connection: Connection): void
  /** A connection that was ready is over. */
  onEnded(connection: Connection, reason: Error): void
  /** A connection was lost, or could not be made. */
  onError(error: Error): void
  /**
   * Messages may be missed from now on, until topics are confirmed again.
   * @param heardAt wall time of the last data: what was published since then may be lost too
   */
  onLost(error: Error, heardAt: number): void
}
