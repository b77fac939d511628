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
    else if (i + 1 >= form.from && i < end && typeof value === 'object' && value !== null) {
      try {
        takeApart(value, form, args, (reason) => usage(command, `argument ${i + 1}${reason}`))
      } catch (error) {
        if (error instanceof UsageError) throw error
        // A getter or a Proxy of the caller.
        throw usage(command, `argument ${i + 1} could not be read`, error)
      }
    } else throw usage(command, `argument ${i + 1} ${expected(value, form)}${adviceFor(command, value)}`)
  }
  checkCount(command, form, args.length - words)
  return args
}

const isScalar = (value: unknown): value is Argument => typeof value === 'string' || isSendable(value)

/** Appends what an array or an object stands for. */
function takeApart(value: object, form: Form, args: Argument[], refusal: (reason: string) => UsageError): void {
  const put = (item: unknown, place: string, number: number): void => {
    if (!isScalar(item)) throw refusal(`: ${place} ${number} ${expected(item, undefined)}`)
    args.push(item)
  }
  const putPair = (name: unknown, item: unknown, number: number): void => {
    put(name, 'name', number)
    put(item, 'value', number)
  }
  if (Array.isArray(value)) {
    const isOfPairs = form.takesObjects && value.length > 0 && value.every(isPair)
    for (let i = 0; i < value.length; i += 1) {
      if (isOfPairs) putPair(value[i][0], value[i][1], i + 1)
      else put(value[i], 'element', i + 1)
    }
    return
  }
  // An object of a class may keep what it holds elsewhere than in its properties, and would lose it.
  if (!form.takesObjects || !(value instanceof Map || isPlainObject(value))) throw refusal(` ${expected(value, form)}`)
  let number = 0
  for (const [name, item] of value instanceof Map ? value : Object.entries(value)) {
    number += 1
    putPair(name, item, number)
  }
}

const isPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2

function checkCount(command: string, { least, most }: Form, count: number): void {
  if (count >= least && count <= most) return
  const bound = least === most ? '' : count < least ? 'at least ' : 'at most '
  const wanted = count < least ? least : most
  throw usage(command, `expected ${bound}${wanted} argument${wanted === 1 ? '' : 's'}, got ${count}`)
}

function expected(value: unknown, form: Form | undefined): string {
  if (typeof value !== 'object' || value === null) return mustBeSendable(value)
  const alternatives = form?.takesObjects
    ? ', or names and values as an object, a Map or an array of pairs'
    : form !== undefined && form.from !== Infinity
      ? ', or an array of these where the command takes several'
      : ''
  return `${mustBeSendable(value)}${alternatives}`
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

function adviceFor(command: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) return ''
  const form = forms[command] ?? (/^EVAL/.test(command) ? forms.EVAL : undefined)
  if (form !== undefined) return `: ${methodName(command)}(${form})`
  return "; options stand one by one, as in 'COUNT', 10"
}
