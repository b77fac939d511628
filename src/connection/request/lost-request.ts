import type { ReplyPart } from './fate.js'
import type { Request } from './request.js'

/** A request that had not been answered when its connection ended, and what is known of it. */
export interface LostRequest {
  readonly request: Request
  /** Nothing of it can have been run: its frame provably never left whole. */
  readonly neverSent: boolean
  /** A part of its frame may have left. */
  readonly wasBegun: boolean
  /** How much of its last reply was seen, as far as that shows anything. */
  readonly replySeen: ReplyPart
}

/** One that had not been handed to the socket. */
export function unsent(request: Request): LostRequest {
  return { request, neverSent: true, wasBegun: false, replySeen: 'none' }
}
