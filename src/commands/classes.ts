import { isBytes, viewOf } from '../protocol/byte-arrays.js'
import type { Argument } from '../protocol/types.js'
import type { RetryClass } from './retry.js'
import { hasWord, sortDestination, word } from './words.js'

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

/**
 * GETEX without options only reads. With EXAT or PXAT it may be a GETDEL: a point in the past deletes the key, and the second
 * try answers null of a value that only the first has seen. Whether it is past, the server's clock says. With EX or PX the
 * same happens when the time that the first try gave the key is over before the second.
 */
export function classOfGetex(args: Args): RetryClass {
  if (args.length <= 2) return 'read'
  if (hasWord(args, 2, 'EXAT', 'PXAT')) return 'unsafe'
  return hasWord(args, 2, 'EX', 'PX') ? 'convergent' : 'idempotent'
}

/** ZADD: with INCR it counts; else the same scores are left, and the number of new members is 0 the second time. */
export function classOfZadd(args: Args): RetryClass {
  return hasWord(args, 2, 'INCR') ? 'unsafe' : 'convergent'
}

/**
 * EXPIRE and PEXPIRE with a condition: what the first try set may make the second fail. With no time left they delete the key,
 * and the second try answers 0 of what was done.
 */
export function classOfExpire(args: Args): RetryClass {
  return expiryClass(args, 0)
}

/** EXPIREAT: as EXPIRE, a point in the past being no time left. */
export function classOfExpireat(args: Args): RetryClass {
  return expiryClass(args, Date.now() / 1_000)
}

/** PEXPIREAT: as EXPIREAT. */
export function classOfPexpireat(args: Args): RetryClass {
  return expiryClass(args, Date.now())
}

function expiryClass(args: Args, past: number): RetryClass {
  return args.length === 3 && Number(word(args[2])) > past ? 'idempotent' : 'convergent'
}

/** SORT with STORE writes; onto its own source it sorts, cuts or replaces the second time what the first has left. */
export function classOfSort(args: Args): RetryClass {
  const destination = sortDestination(args)
  if (destination === undefined) return 'read'
  return isSame(args[1], args[destination]) ? 'unsafe' : 'convergent'
}

function isSame(one: Argument | undefined, other: Argument | undefined): boolean {
  const bytes = (argument: Argument | undefined): Buffer =>
    isBytes(argument) ? viewOf(argument) : Buffer.from(String(argument))
  return bytes(one).equals(bytes(other))
}
