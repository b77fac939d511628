import type { Doubt } from './doubt.js'
import type { ReplyPart } from './fate.js'
import type { Request } from './request.js'

/** An unanswered request of a connection that ended, and what is known about it. */
export interface LostRequest {
  readonly request: Request
  /** Whether the request can't have run, because its frame was provably not sent completely. */
  readonly neverSent: boolean
  /** Whether a part of the frame may have been sent. */
  readonly wasBegun: boolean
  /** How much of the request's last reply was read, if that proves anything. */
  readonly replySeen: ReplyPart
  /**
   * Which reply made the client end the connection, because it exceeded a limit or contained invalid bytes: the
   * request's own reply, or the reply to another request before it.
   */
  readonly fault: 'own' | 'others' | 'none'
  /** Present if the request may have run. It reports what becomes known about that. */
  readonly doubt?: Doubt | undefined
}

/** Describes a request that was not passed to a socket. */
export function unsent(request: Request): LostRequest {
  return { request, neverSent: true, wasBegun: false, replySeen: 'none', fault: 'none' }
}
