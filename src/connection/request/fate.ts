import type { Fate } from '../../errors.js'

/** What is known of a request when its connection ends. */
export interface Situation {
  /** Not handed to the socket, or proven not to have left whole: the server can't have run it. */
  readonly neverSent: boolean
  /** Its caller has been told already. */
  readonly abandoned: boolean
  /** How much of its reply was seen: nothing, part of a value, or part of an error. */
  readonly replySeen: 'none' | 'value' | 'error'
  /** Its retry policy allows another try after it may have run. */
  readonly mayReplay: boolean
  /** How often it was handed to a socket, this time included. */
  readonly attempts: number
  readonly maxAttempts: number
}

/** What becomes of it. */
export type Verdict =
  | { readonly action: 'requeue'; readonly fate: Fate }
  | { readonly action: 'reject'; readonly fate: Fate }
  | { readonly action: 'drop'; readonly fate: Fate }

/**
 * What becomes of a request when its connection ends: the one place where that is decided.
 *
 * | the request was                              | within policy and attempts | beyond                 |
 * | -------------------------------------------- | -------------------------- | ---------------------- |
 * | never sent (queued, or its frame incomplete) | queued again               | queued again           |
 * | sent, no byte of its reply seen              | queued again, first        | rejected, `unknown`    |
 * | sent, part of its reply seen                 | queued again, first        | rejected, `executed`   |
 * | sent, part of an error reply seen            | queued again, first        | rejected, `refused`    |
 * | abandoned by its caller                      | dropped                    | dropped                |
 *
 * A transaction is one request here: its EXEC is its last frame, so `neverSent` covers it whole.
 */
export function verdictOnLoss(situation: Situation): Verdict {
  const fate = fateOf(situation)
  if (situation.abandoned) return { action: 'drop', fate }
  if (situation.neverSent) return { action: 'requeue', fate }
  if (situation.mayReplay && situation.attempts < situation.maxAttempts) return { action: 'requeue', fate }
  return { action: 'reject', fate }
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
