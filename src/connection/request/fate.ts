import type { Fate } from '../../errors.js'

/** How much of a reply was seen: nothing, part of a value, or part of an error. */
export type ReplyPart = 'none' | 'value' | 'error'

/** What is known of a request when its connection ends. */
export interface Situation {
  /** Not handed to the socket, or proven not to have left whole: the server can't have run it. */
  readonly neverSent: boolean
  /** Its caller has been told already. */
  readonly abandoned: boolean
  /** How much of its reply was seen, as far as that shows anything. */
  readonly replySeen: ReplyPart
  /** Its retry policy allows another try after it may have run. */
  readonly mayReplay: boolean
  /** How often a socket was given its frame or a part of it, this time included. */
  readonly attempts: number
  readonly maxAttempts: number
}

/** What becomes of it. */
export interface Verdict {
  readonly action: 'requeue' | 'reject' | 'drop'
  /** Of this attempt. */
  readonly fate: Fate
}

/**
 * What becomes of a request when its connection ends: the one place where that is decided.
 *
 * | the request was                       | attempts left, and within policy | beyond its policy        | no attempts left         |
 * | ------------------------------------- | -------------------------------- | ------------------------ | ------------------------ |
 * | queued                                | queued again                     | queued again             | queued again             |
 * | cut within its frame                  | queued again                     | queued again             | rejected, `not-executed` |
 * | sent, no byte of its reply seen       | queued again, first              | rejected, `unknown`      | rejected, `unknown`      |
 * | sent, part of its reply seen          | queued again, first              | rejected, `executed`     | rejected, `executed`     |
 * | sent, part of an error reply seen     | queued again, first              | rejected, `refused`      | rejected, `refused`      |
 * | abandoned by its caller               | dropped                          | dropped                  | dropped                  |
 *
 * A frame that was cut counts as an attempt: one that the server cuts each time must not be sent for ever. What was queued
 * has used none up, so it always has one left.
 */
export function verdictOnLoss(situation: Situation): Verdict {
  const { neverSent, abandoned, mayReplay, attempts, maxAttempts } = situation
  const fate = fateOf(situation)
  if (abandoned) return { action: 'drop', fate }
  const isAllowed = neverSent || mayReplay
  return { action: isAllowed && attempts < maxAttempts ? 'requeue' : 'reject', fate }
}

function fateOf({ neverSent, replySeen }: Situation): Fate {
  if (neverSent) return 'not-executed'
  if (replySeen === 'value') return 'executed'
  if (replySeen === 'error') return 'refused'
  return 'unknown'
}

/**
 * Joins what two attempts of one request came to: what may have run once can't be called not run for the sake of a later
 * attempt, and what is known to have run stays so.
 */
export function joinFates(earlier: Fate, later: Fate): Fate {
  if (earlier === 'executed' || later === 'executed') return 'executed'
  if (earlier === 'unknown' || later === 'unknown') return 'unknown'
  return later === 'not-executed' ? earlier : later
}
