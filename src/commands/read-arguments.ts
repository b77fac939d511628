import { UsageError } from '../errors.js'
import { isPlainObject } from '../options/rules.js'
import { isSendable } from '../protocol/arguments.js'
import type { Argument } from '../protocol/types.js'
import { mustBeArgument } from './check-arguments.js'
import { methodName } from './method-names.js'
import { usage } from './usage.js'

/** The arguments that the syntax of a command allows. */
export interface Form {
  /** The least number of arguments, counted after arrays and objects have been replaced by their elements. */
  readonly least: number
  /** The greatest number of arguments, counted in the same way. */
  readonly most: number
  /** Arrays are allowed from this argument on, counted from 1. */
  readonly from: number
  /** Number of arguments at the end that can't be arrays. */
  readonly behind: number
  /** Wherever an array is allowed, an object, a Map or an array of pairs may be passed instead of names and values. */
  readonly takesObjects: boolean
}

/**
 * Returns the arguments of a typed method as they are sent. An array becomes its elements, an object or a Map becomes its names
 * and values, alternating. Other arguments stay exactly as they were passed.
 *
 * @returns the words of the command's name, then its arguments
 * @throws UsageError that names the method and the argument, and says what is expected
 */
export function readArguments(command: string, form: Form, given: ArrayLike<unknown>): Argument[] {
  const args: Argument[] = command.split(' ')
  const words = args.length
  const end = given.length - form.behind
  for (let i = 0; i < given.length; i += 1) {
    const value = given[i]
    if (isScalar(value)) args.push(value)
    else {
      try {
        if (i + 1 >= form.from && i < end && takeApart(value, form, args, { command, argument: i + 1 })) continue
      } catch (error) {
        if (error instanceof UsageError) throw error
        // A getter or a Proxy of the caller threw this error.
        throw usage(command, `argument ${i + 1} could not be read`, error)
      }
      throw usage(command, `argument ${i + 1} ${mustBeArgument(value)}${alternativeFor(command, value, form)}`)
    }
  }
  checkCount(command, form, args.length - words)
  return args
}

const isScalar = (value: unknown): value is Argument => typeof value === 'string' || isSendable(value)

/** An argument of a method, for errors. */
interface Place {
  readonly command: string
  /** Counted from 1. */
  readonly argument: number
}

/**
 * Appends the elements of an array, or the names and values of an object.
 * @returns false if this value is not allowed here
 */
function takeApart(value: unknown, form: Form, args: Argument[], place: Place): boolean {
  if (Array.isArray(value)) {
    if (form.takesObjects && value.length > 0 && value.every(isPair)) appendPairs(value, args, place)
    else for (let i = 0; i < value.length; i += 1) append(value[i], args, place, 'element', i + 1)
    return true
  }
  if (!form.takesObjects) return false
  // An instance of a class is refused, because it may keep its data outside its properties, and this data would not be sent.
  if (value instanceof Map) appendPairs(value, args, place)
  else if (isPlainObject(value)) appendPairs(Object.entries(value as object), args, place)
  else return false
  return true
}

function appendPairs(pairs: Iterable<[unknown, unknown]>, args: Argument[], place: Place): void {
  let number = 0
  for (const [name, value] of pairs) {
    number += 1
    append(name, args, place, 'name', number)
    append(value, args, place, 'value', number)
  }
}

function append(item: unknown, args: Argument[], { command, argument }: Place, what: string, number: number): void {
  if (!isScalar(item)) throw usage(command, `argument ${argument}: ${what} ${number} ${mustBeArgument(item)}`)
  args.push(item)
}

const isPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2

function checkCount(command: string, { least, most }: Form, count: number): void {
  if (count >= least && count <= most) return
  const bound = least === most ? '' : count < least ? 'at least ' : 'at most '
  const wanted = count < least ? least : most
  throw usage(command, `expected ${bound}${wanted} argument${wanted === 1 ? '' : 's'}, got ${count}`)
}

/** The correct call for commands where users are likely to pass an object, or to use another order. */
const forms: Readonly<Record<string, string>> = {
  ZADD: 'key, score, member, ...',
  GEOADD: 'key, longitude, latitude, member, ...',
  XREAD: "'STREAMS', key, ..., id, ...",
  XREADGROUP: "'GROUP', group, consumer, 'STREAMS', key, ..., id, ...",
  EVAL: 'script, numkeys, key, ..., arg, ...',
  FCALL: 'function, numkeys, key, ..., arg, ...',
}

/** Returns the end of an error: what can be passed instead of a wrong object, or the correct form of the call. */
function alternativeFor(command: string, value: unknown, form: Form): string {
  if (typeof value !== 'object' || value === null) return ''
  if (form.takesObjects) return ', or names and values as an object, a Map or an array of pairs'
  const right = forms[command] ?? (/^EVAL/.test(command) ? forms.EVAL : undefined)
  if (right !== undefined) return `: ${methodName(command)}(${right})`
  const list = form.from === Infinity ? '' : ', or an array of these where the command takes several'
  return `${list}; pass options as separate arguments, as in 'COUNT', 10`
}
