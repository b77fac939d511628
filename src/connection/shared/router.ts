import type { ErrorReply } from '../../protocol/types.js'
import type { Intake } from '../request/intake.js'
import type { Refusal, Request } from '../request/request.js'

/** In a cluster, decides to which node the requests of a shared connection are sent. */
export interface Router {
  /** Watches the requests of all connections, because requests move from one connection to another. */
  readonly intake: Intake
  /**
   * Called when a server refuses a request, perhaps because the request belongs to another node.
   *
   * @param isOpen whether an earlier refused request was set apart, and `onQuiet` was not called since
   * @returns whether the router has taken over the request. If not, the request is set apart: the backlog keeps it in its
   *   list of refused requests, and nothing is sent until `onQuiet`
   */
  onRefused(request: Request, reply: ErrorReply | null, refusal: Refusal, isOpen: boolean): boolean
  /**
   * Called once no reply is pending, if requests were set apart or if the connection is held. The backlog may be moved
   * now.
   */
  onQuiet(): void
}
