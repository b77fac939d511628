import type { Fate } from '../../errors.js'

/** How much of a reply was read: nothing, part of a value, or part of an error. */
export type ReplyPart = 'none' | 'value' | 'error'

/** What is known about a request when its connection ends. */
export interface Situation {
  /** Provably not sent completely: the server can't have run it. */
  readonly neverSent: boolean
  /** Its caller has already been told. */
  readonly abandoned: boolean
  /** How much of its reply was read, if that proves anything. */
  readonly replySeen: ReplyPart
  /** Its own reply made this side end the connection: another try would give the same. */
  readonly isAtFault: boolean
  /** Its retry policy allows a replay after it may have run. */
  readonly mayReplay: boolean
  /** How often a socket was given its frame or part of it, including this time. */
  readonly attempts: number
  readonly maxAttempts: number
}

/** What happens to it. */
export interface Verdict {
  readonly action: 'requeue' | 'reject' | 'drop'
  /** Of this attempt. */
  readonly fate: Fate
}

/**
 * Decides what happens to a request when its connection ends. Nothing else decides that.
 *
 * | the request was                       | attempts left, and within policy | beyond its policy        | no attempts left         |
 * | ------------------------------------- | -------------------------------- | ------------------------ | ------------------------ |
 * | queued                                | queued again                     | queued again             | queued again             |
 * | cut within its frame                  | queued again                     | queued again             | rejected, `not-executed` |
 * | sent, no byte of its reply seen       | queued again, first              | rejected, `unknown`      | rejected, `unknown`      |
 * | sent, part of its reply seen          | queued again, first              | rejected, `executed`     | rejected, `executed`     |
 * | sent, part of an error reply seen     | queued again, first              | rejected, `refused`      | rejected, `refused`      |
 * | sent, its reply exceeds a limit       | rejected, `executed`*            | rejected, `executed`*    | rejected, `executed`*    |
 * | sent, garbage within its reply        | rejected, `unknown`              | rejected, `unknown`      | rejected, `unknown`      |
 * | abandoned by its caller               | dropped                          | dropped                  | dropped                  |
 *
 * (*) `refused` if the reply is an error.
 *
 * A cut frame counts as an attempt, because a frame that is cut each time must not be sent for ever. A queued request has
 * used no attempt, so it always has one left.
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

/** Joins the fates of two attempts of one request. The first of these wins: executed, unknown, refused, not-executed. */
export function joinFates(earlier: Fate, later: Fate): Fate {
  if (earlier === 'executed' || later === 'executed') return 'executed'
  if (earlier === 'unknown' || later === 'unknown') return 'unknown'
  return later === 'not-executed' ? earlier : later
}
