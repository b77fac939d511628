import type { Request } from '../connection/request/request.js'
import type { Clock } from '../connection/timing/clock.js'
import type { Redirect, ResolvedOptions } from '../options/options.js'
import type { ErrorReply } from '../protocol/types.js'

/** A server has redirected a request. */
export interface Redirection {
  readonly request: Request
  readonly reply: ErrorReply
  readonly redirect: Redirect
  /** The reply may come from the user's code, after it did some work. */
  readonly mayHaveRun: boolean
}

/** The cluster that a router works for. */
export interface RouterSubject {
  readonly options: ResolvedOptions
  readonly clock: Clock
  readonly maxRedirects: number
  /** Asks for a newer view, or for the first one. @param isNews whether something has just happened */
  refresh(isNews?: boolean): void
  /** Called when requests were sent, because a node may become silent. */
  onSent(): void
  /** Reports that a connection was lost or could not be made. */
  onError(error: Error): void
  lastError(): Error | undefined
}
