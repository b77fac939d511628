import type { Doubt } from './doubt.js'
import type { ReplyPart } from './fate.js'
import type { Request } from './request.js'

/** An unanswered request of a connection that ended, and what is known about it. */
export interface LostRequest {
  readonly request: Request
  /** It can't have run: its frame was provably not sent completely. */
  readonly neverSent: boolean
  /** A part of it may have been sent. */
  readonly wasBegun: boolean
  /** How much of its last reply was read, if that proves anything. */
  readonly replySeen: ReplyPart
  /**
   * Whose reply made this side end the connection, because it exceeded a limit or was garbage within: its own, or that of a request
   * before it.
   */
  readonly fault: 'own' | 'others' | 'none'
  /** If it may have run: what becomes known of that. */
  readonly doubt?: Doubt | undefined
}

/** A request that was not given to a socket. */
export function unsent(request: Request): LostRequest {
  return { request, neverSent: true, wasBegun: false, replySeen: 'none', fault: 'none' }
}
