import type { Redirect } from '../../options/options.js'
import type { ErrorReply } from '../../protocol/types.js'
import type { Intake } from '../request/intake.js'
import type { Request } from '../request/request.js'

/** A server says that a request belongs elsewhere. */
export interface Redirection {
  readonly request: Request
  readonly reply: ErrorReply
  readonly redirect: Redirect
  /** The reply may be the word of the user's code, after it did some work. */
  readonly mayHaveRun: boolean
}

/** Decides in a cluster where the requests of a shared connection go. */
export interface Router {
  /** Watches the requests of all connections: they move from one to another. */
  readonly intake: Intake
  /**
   * @param isInOrder no request that was sent before it has been set apart
   * @returns whether the router has taken the request. If not, it is set apart, and nothing is sent until `onQuiet`
   */
  onRedirected(redirection: Redirection, isInOrder: boolean): boolean
  /** No reply is pending, and requests were set apart or the connection is held: the backlog may be moved now. */
  onQuiet(): void
}
