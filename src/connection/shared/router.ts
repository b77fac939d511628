import type { ErrorReply } from '../../protocol/types.js'
import type { Intake } from '../request/intake.js'
import type { Refusal, Request } from '../request/request.js'

/** Decides in a cluster where the requests of a shared connection go. */
export interface Router {
  /** Watches the requests of all connections: they move from one to another. */
  readonly intake: Intake
  /**
   * A server refuses a request, perhaps because it belongs elsewhere.
   *
   * @param isOpen requests that were sent before it have been set apart
   * @returns whether the router has taken the request. If not, it is set apart, and nothing is sent until `onQuiet`
   */
  onRefused(request: Request, reply: ErrorReply | null, refusal: Refusal, isOpen: boolean): boolean
  /** No reply is pending, and requests were set apart or the connection is held: the backlog may be moved now. */
  onQuiet(): void
}
