import type { RespiteError } from '../../errors.js'
import type { Reply } from '../../protocol/types.js'
import type { Status } from '../supervisor/state.js'
import type { Router } from './router.js'

/** Receives reports. */
export interface SharedConnectionObserver {
  /** Present in a cluster. Without it, every request stays on this connection. */
  readonly router?: Router
  onStatus(status: Status, previous: Status): void
  /** A connection was lost or failed to open. */
  onError(error: Error): void
  onPush(elements: readonly Reply[]): void
  /** What happened to the requests of a lost connection. */
  onLost(loss: {
    readonly connection: number
    readonly error: RespiteError
    readonly replayed: number
    readonly rejected: number
  }): void
}
