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
    if (typeof arg !== 'string' && !isSendable(arg)) {
      throw new TypeError(`Argument ${i} must be a string, Buffer, Uint8Array, number or bigint, not ${describe(arg)}`)
    }
  }
}

/** Whether it is of a kind that can be sent, text apart. */
export function isSendable(arg: unknown): arg is Uint8Array | number | bigint {
  switch (typeof arg) {
    case 'number':
      return !Number.isNaN(arg)
    case 'bigint':
      return true
    default:
      return arg instanceof Uint8Array
  }
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
  if (Array.isArray(value)) return 'an array (spread it)'
  if (typeof value === 'object') return `an object (${className(value)})`
  return `a ${typeof value}`
}

function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  const made = (prototype as { constructor?: { name?: unknown } } | null)?.constructor
  return typeof made?.name === 'string' ? made.name : 'without class'
}
