import type { Fate } from '../../errors.js'

/** How much of a reply was read: nothing, part of a value, or part of an error. */
export type ReplyPart = 'none' | 'value' | 'error'

/** What is known about a request when its connection ends. */
export interface Situation {
  /** Whether the request was provably not sent completely, so that the server can't have run it. */
  readonly neverSent: boolean
  /** Whether the request was already settled before. */
  readonly abandoned: boolean
  /** How much of the reply was read, if that proves anything. */
  readonly replySeen: ReplyPart
  /**
   * Whether the request's own reply made the client end the connection, so that another attempt would end the same way.
   */
  readonly isAtFault: boolean
  /** Whether the retry policy allows sending the request again after it may have run. */
  readonly mayReplay: boolean
  /** How many times the frame, or a part of it, was passed to a socket, including this time. */
  readonly attempts: number
  readonly maxAttempts: number
}

/** What happens to the request. */
export interface Verdict {
  readonly action: 'requeue' | 'reject' | 'drop'
  /** The fate of this attempt. */
  readonly fate: Fate
}

/**
 * Decides what happens to a request when its connection ends. This is the only place where that is decided.
 *
 * | the request was                         | attempts left, replay allowed | replay not allowed    | no attempts left         |
 * | --------------------------------------- | ----------------------------- | --------------------- | ------------------------ |
 * | queued                                  | queued again                  | queued again          | queued again             |
 * | sent, but its frame was cut             | queued again                  | queued again          | rejected, `not-executed` |
 * | sent, no byte of its reply was read     | queued again, first           | rejected, `unknown`   | rejected, `unknown`      |
 * | sent, a part of its reply was read      | queued again, first           | rejected, `executed`  | rejected, `executed`     |
 * | sent, a part of an error reply was read | queued again, first           | rejected, `refused`   | rejected, `refused`      |
 * | sent, its reply exceeds a limit         | rejected, `executed`*         | rejected, `executed`* | rejected, `executed`*    |
 * | sent, its reply contains invalid bytes  | rejected, `unknown`           | rejected, `unknown`   | rejected, `unknown`      |
 * | abandoned by its caller                 | dropped                       | dropped               | dropped                  |
 *
 * (*) `refused` if the reply is an error. A replay is allowed or not by the retry policy of the request.
 *
 * A frame that was cut counts as an attempt, because a frame that is cut each time must not be sent forever. A queued
 * request has not used any attempt, so it always has one left.
 */
export function verdictOnLoss(situation: Situation): Verdict {
  const { neverSent, abandoned, isAtFault, mayReplay, attempts, maxAttempts } = situation
  const fate = fateOf(situation)
  if (abandoned) return { action: 'drop', fate }
  const isAllowed = !isAtFault && (neverSent || mayReplay)
  return { action: isAllowed && attempts < maxAttempts ? 'requeue' : 'reject', fate }
}

function fateOf({ neverSent, replySeen }: Situation): Fate {
  if (neverSent) return 'not-executed'
  if (replySeen === 'value') return 'executed'
  if (replySeen === 'error') return 'refused'
  return 'unknown'
}

/**
 * Joins the fates of two attempts of one request. The result is the fate that comes first in this list: executed,
 * unknown, refused, not-executed.
 */
export function joinFates(earlier: Fate, later: Fate): Fate {
  if (earlier === 'executed' || later === 'executed') return 'executed'
  if (earlier === 'unknown' || later === 'unknown') return 'unknown'
  return later === 'not-executed' ? earlier : later
}
