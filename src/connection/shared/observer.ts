import type { Reply } from '../../protocol/types.js'
import type { Status } from '../supervisor/state.js'

/** Whom a link tells. */
export interface SharedConnectionObserver {
  onStatus(status: Status, previous: Status): void
  /** A connection was lost, or could not be made. */
  onError(error: Error): void
  onPush(elements: readonly Reply[]): void
  /** What became of the requests of a connection that ended. */
  onLost(loss: {
    readonly connection: number
    readonly error: Error | undefined
    readonly replayed: number
    readonly rejected: number
  }): void
}
