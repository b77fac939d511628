import { UsageError } from '../errors.js'
import { isPlainObject } from '../options/rules.js'
import { isSendable } from '../protocol/arguments.js'
import type { Argument } from '../protocol/types.js'
import { mustBeSendable } from './check-arguments.js'
import { methodName } from './method-names.js'
import { usage } from './usage.js'

/** What the syntax of a command allows for its arguments. */
export interface Form {
  /** Number of arguments, arrays and objects being taken apart. */
  readonly least: number
  readonly most: number
  /** Arrays may stand from this argument on, counted from 1. */
  readonly from: number
  /** Arguments at the end that can't be arrays. */
  readonly behind: number
  /** Where arrays may stand, objects, Maps and arrays of pairs may stand for names and values. */
  readonly takesObjects: boolean
}

/**
 * The arguments of a typed method as they are sent: each exactly as given, an array as its elements, an object or a Map as
 * its names and values in turn.
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
        // A getter or a Proxy of the caller.
        throw usage(command, `argument ${i + 1} could not be read`, error)
      }
      throw usage(command, `argument ${i + 1} ${mustBeSendable(value)}${alternativeFor(command, value, form)}`)
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

/** Appends what an array or an object stands for. @returns false if it stands for nothing */
function takeApart(value: unknown, form: Form, args: Argument[], place: Place): boolean {
  if (Array.isArray(value)) {
    if (form.takesObjects && value.length > 0 && value.every(isPair)) appendPairs(value, args, place)
    else for (let i = 0; i < value.length; i += 1) append(value[i], args, place, 'element', i + 1)
    return true
  }
  if (!form.takesObjects) return false
  // An object of a class may keep what it holds elsewhere than in its properties, and would lose it.
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
  if (!isScalar(item)) throw usage(command, `argument ${argument}: ${what} ${number} ${mustBeSendable(item)}`)
  args.push(item)
}

const isPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2

function checkCount(command: string, { least, most }: Form, count: number): void {
  if (count >= least && count <= most) return
  const bound = least === most ? '' : count < least ? 'at least ' : 'at most '
  const wanted = count < least ? least : most
  throw usage(command, `expected ${bound}${wanted} argument${wanted === 1 ? '' : 's'}, got ${count}`)
}

/** The right form where an object, or another order, comes to mind. */
const forms: Readonly<Record<string, string>> = {
  ZADD: 'key, score, member, ...',
  GEOADD: 'key, longitude, latitude, member, ...',
  XREAD: "'STREAMS', key, ..., id, ...",
  XREADGROUP: "'GROUP', group, consumer, 'STREAMS', key, ..., id, ...",
  EVAL: 'script, numkeys, key, ..., arg, ...',
  FCALL: 'function, numkeys, key, ..., arg, ...',
}

/** What else may stand in the place of a wrong object, or how the call is meant. */
function alternativeFor(command: string, value: unknown, form: Form): string {
  if (typeof value !== 'object' || value === null) return ''
  if (form.takesObjects) return ', or names and values as an object, a Map or an array of pairs'
  const right = forms[command] ?? (/^EVAL/.test(command) ? forms.EVAL : undefined)
  if (right !== undefined) return `: ${methodName(command)}(${right})`
  const list = form.from === Infinity ? '' : ', or an array of these where the command takes several'
  return `${list}; options stand one by one, as in 'COUNT', 10`
}
