import type { Argument } from '../protocol/types.js'
import type { RetryClass } from './retry.js'
import { hasWord } from './words.js'

/** Retry classes that depend on arguments. The reasons stand in docs/decisions/0002-retry-classes.md. */

type Args = readonly Argument[]

/**
 * SET: a condition may hold the first time and not the second (NX, IFEQ, IFNE, IFDEQ, IFDNE), so that the second says
 * "not set" of what was set. With GET, or XX, the state is the same and the reply may differ.
 */
export function classOfSet(args: Args): RetryClass {
  if (args.length === 3) return 'idempotent'
  if (hasWord(args, 3, 'NX', 'IFEQ', 'IFNE', 'IFDEQ', 'IFDNE')) return 'unsafe'
  return hasWord(args, 3, 'GET', 'XX') ? 'convergent' : 'idempotent'
}

/** GETEX without options only reads. */
export function classOfGetex(args: Args): RetryClass {
  return args.length <= 2 ? 'read' : 'idempotent'
}

/** ZADD: with INCR it counts; else the same scores are left, and the number of new members is 0 the second time. */
export function classOfZadd(args: Args): RetryClass {
  return hasWord(args, 2, 'INCR') ? 'unsafe' : 'convergent'
}

/** EXPIRE and its kin with a condition: what the first try set may make the second fail. */
export function classOfExpire(args: Args): RetryClass {
  return args.length > 3 ? 'convergent' : 'idempotent'
}

/** SORT with STORE writes. */
export function classOfSort(args: Args): RetryClass {
  return hasWord(args, 2, 'STORE') ? 'convergent' : 'read'
}
