import { byteLengthOf, isBytes, isDetached } from './byte-arrays.js'
import type { Argument } from './types.js'

/**
 * Checks that every argument has a type that can be sent. Other types are not converted, because sending `undefined` as
 * text, for example, would hide a bug.
 *
 * @throws TypeError with the position of the argument (the command's name is argument 0) and its type, not its value
 */
export function checkArguments(args: readonly unknown[]): asserts args is readonly Argument[] {
  if (args.length === 0) throw new TypeError('A command needs a name')
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (typeof arg !== 'string' && !isSendable(arg)) throw unsendable(i, arg)
  }
}

/** @throws TypeError for half of a surrogate pair. UTF-8 can't express it, so U+FFFD would be sent instead */
export function checkText(text: string): void {
  if (!text.isWellFormed()) throw new TypeError("half of a surrogate pair can't be sent")
}

/** Creates the error for an argument that can't be sent. */
export function unsendable(position: number, arg: unknown): TypeError {
  return new TypeError(`Argument ${position} ${mustBeSendable(arg)}`)
}

/** Returns the text of an error for an argument that can't be sent. */
export function mustBeSendable(value: unknown): string {
  return `(${describeValue(value)}) must be a string, Buffer, Uint8Array, number or bigint`
}

/** Whether an argument that is not a string can be sent. */
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

/** What went wrong if the bytes of an argument are not those of the call. */
export const argumentChanged = 'an argument was detached or resized: pass a copy'

/**
 * Returns a hash of the lengths of all byte arrays among the arguments; 0 if there are none. It changes if an array is
 * detached or resized.
 *
 * @param before fingerprint of earlier arguments; default 0, which means none
 */
export function fingerprintOfLengths(args: readonly Argument[], before = 0): number {
  let fingerprint = before
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (typeof arg === 'object') fingerprint = foldLength(fingerprint, byteLengthOf(arg))
  }
  return fingerprint
}

/** Adds a length to a fingerprint. */
export function foldLength(fingerprint: number, length: number): number {
  return (Math.imul(fingerprint, 31) + length + 17) | 0
}

/** Returns a number as text that servers accept: infinity is `inf`. */
export function numberText(value: number | bigint): string {
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  return String(value)
}

/** Describes the kind of a value, without its content. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Number.isNaN(value)) return 'NaN'
  if (typeof value !== 'object') return `a ${typeof value}`
  // Inspecting an object may run code of the caller (a getter, a Proxy), which may throw.
  try {
    if (isBytes(value)) return 'detached bytes'
    return Array.isArray(value) ? 'an array' : `an object (${className(value)})`
  } catch {
    return 'an object'
  }
}

function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  const made = (prototype as { constructor?: { name?: unknown } } | null)?.constructor
  return typeof made?.name === 'string' ? made.name : 'no class'
}
