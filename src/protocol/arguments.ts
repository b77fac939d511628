import { byteLengthOf, isBytes, isDetached } from './byte-arrays.js'
import type { Argument } from './types.js'

/**
 * Makes sure that every argument is of a kind that can be sent. Nothing is converted on a guess: `undefined` sent as a word
 * is a bug found too late.
 *
 * @throws TypeError naming the argument by its position (the command's name is argument 0) and what it is; never its value
 */
export function checkArguments(args: readonly unknown[]): asserts args is readonly Argument[] {
  if (args.length === 0) throw new TypeError('A command needs at least its name')
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (typeof arg !== 'string' && !isSendable(arg)) throw unsendable(i, arg)
  }
}

/** The error of an argument that can't be sent. */
export function unsendable(position: number, arg: unknown): TypeError {
  return new TypeError(
    `Argument ${position} must be a string, Buffer, Uint8Array, number or bigint, not ${describe(arg)}`,
  )
}

/** Whether it is of a kind that can be sent, text apart. */
export function isSendable(arg: unknown): arg is Uint8Array | number | bigint {
  switch (typeof arg) {
    case 'number':
      return !Number.isNaN(arg)
    case 'bigint':
      return true
    default:
      return isBytes(arg) && !isDetached(arg)
  }
}

/**
 * The lengths of all byte arrays among the arguments, folded into one integer; 0 when there are none. Two calls differ
 * when an array was detached or resized in between.
 *
 * @param before of arguments before these; default: there are none
 */
export function fingerprintOfLengths(args: readonly Argument[], before = 0): number {
  let fingerprint = before
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (typeof arg === 'object') fingerprint = foldLength(fingerprint, byteLengthOf(arg))
  }
  return fingerprint
}

/** Adds one more length to such a fingerprint. */
export function foldLength(fingerprint: number, length: number): number {
  return (Math.imul(fingerprint, 31) + length + 17) | 0
}

/** The text of a number as the servers read it: they know infinity as `inf`. */
export function numberText(value: number | bigint): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf'
  if (value === Number.NEGATIVE_INFINITY) return '-inf'
  return String(value)
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'number') return 'NaN'
  if (typeof value !== 'object') return `a ${typeof value}`
  // Looking at an object may run code of the caller (a getter, a Proxy): what that throws is not passed on.
  try {
    if (isBytes(value)) return 'one whose memory was detached'
    return Array.isArray(value) ? 'an array (spread it)' : `an object (${className(value)})`
  } catch {
    return 'an object that can not be looked at'
  }
}

function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  const made = (prototype as { constructor?: { name?: unknown } } | null)?.constructor
  return typeof made?.name === 'string' ? made.name : 'without class'
}
