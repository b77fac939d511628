import { readMethodLines } from '../../scripts/generate/method-lines.js'
import type { ReplyOptions } from '../../src/commands/reply-shapes.js'
import { word } from '../../src/commands/words.js'
import type { Argument } from '../../src/protocol/types.js'

/**
 * The types of replies that methods declare, as checks of values. They are read from scripts/generate/methods.txt, of which the
 * declarations are made.
 */

const lines = new Map(readMethodLines().map((line) => [line.name, line.replies]))

/**
 * The types that the method of a command declares for these arguments: more than one where a condition names an argument that is no
 * token. Undefined if it has no method.
 */
export function declaredTypes(command: string, args: readonly Argument[]): readonly string[] | undefined {
  const replies = lines.get(command)
  if (replies === undefined) return undefined
  const words = new Set(args.slice(1).map(word))
  const isToken = (name: string): boolean => name === name.toUpperCase()
  const possible: string[] = []
  for (const { condition, type } of replies) {
    const { having, lacking } = condition
    if (having.some((name) => isToken(name) && !words.has(name)) || lacking.some((name) => words.has(name))) continue
    possible.push(type)
    // The compiler takes the first form that fits.
    if ([...having, ...lacking].every(isToken)) break
  }
  return possible
}

/** Whether a value is of a type, written as in methods.txt, with these options. */
export function isOfType(value: unknown, type: string, options: ReplyOptions): boolean {
  return new Reader(type).read()(value, options)
}

type Check = (value: unknown, options: ReplyOptions) => boolean

const isText: Check = (value) => typeof value === 'string'
const isBulk: Check = (value, { buffers }) => (buffers ? Buffer.isBuffer(value) : typeof value === 'string')
const isNumber: Check = (value) => typeof value === 'number'
const isBigint: Check = (value) => typeof value === 'bigint'

const listOf =
  (element: Check): Check =>
  (value, options) =>
    Array.isArray(value) && value.every((one) => element(one, options))

const pairOfBulk: Check = (value, options) => listOf(isBulk)(value, options) && (value as unknown[]).length === 2

const hasOnly = (value: unknown, ...names: readonly string[]): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.keys(value).sort().join() === [...names].sort().join()

const isReply: Check = (value, options) => {
  if (Array.isArray(value)) return listOf(isReply)(value, options)
  if (value instanceof Set) return options.sets === 'set' && listOf(isReply)([...value], options)
  if (value instanceof Map) return options.maps === 'map' && listOf(isReply)([...value].flat(), options)
  if (value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return true
  if (Buffer.isBuffer(value)) return options.buffers
  // The entries of XINFO STREAM are objects, whatever the option says.
  if (isEntry(value, options)) return true
  return typeof value === 'object' && options.maps === 'object' && listOf(isReply)(Object.values(value), options)
}

const isEntry: Check = (value, options) =>
  hasOnly(value, 'id', 'fields') &&
  isText(value.id, options) &&
  (value.fields === null || listOf(pairOfBulk)(value.fields, options))

const named: Readonly<Record<string, Check>> = {
  string: isText,
  number: isNumber,
  bigint: isBigint,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  undefined: (value) => value === undefined,
  Bulk: isBulk,
  Int: (value, { integers }) => typeof value === integers,
  Time: isNumber,
  Times: listOf(isNumber),
  Reply: isReply,
}

const mapOf =
  (name: Check) =>
  (of: Check): Check =>
  (value, options) => {
    if (options.maps === 'object') {
      return typeof value === 'object' && value?.constructor === Object && listOf(of)(Object.values(value), options)
    }
    return value instanceof Map && listOf(name)([...value.keys()], options) && listOf(of)([...value.values()], options)
  }

const generic: Readonly<Record<string, (of: Check) => Check>> = {
  MapOf: mapOf(isBulk),
  TextMapOf: mapOf(isText),
  SetOf: (of) => (value, options) => {
    if (options.sets === 'array') return listOf(of)(value, options)
    return value instanceof Set && listOf(of)([...value], options)
  },
  ScanReply: (of) => (value, options) =>
    hasOnly(value, 'cursor', 'elements') && isText(value.cursor, options) && listOf(of)(value.elements, options),
  StreamEntry: () => isEntry,
}

/** Reads the notation: unions, arrays, tuples with names, literals, names with and without an argument. */
class Reader {
  readonly #tokens: string[]

  constructor(text: string) {
    this.#tokens = text.match(/'[^']*'|\w+\??:|\w+|\.\.\.|\S/g) ?? []
  }

  read(): Check {
    const alternatives = [this.#array()]
    while (this.#take('|')) alternatives.push(this.#array())
    return (value, options) => alternatives.some((one) => one(value, options))
  }

  #array(): Check {
    let check = this.#one()
    while (this.#tokens[0] === '[' && this.#tokens[1] === ']') {
      this.#tokens.splice(0, 2)
      check = listOf(check)
    }
    return check
  }

  #one(): Check {
    if (this.#take('(')) return this.#until(')')
    if (this.#take('[')) return this.#tuple()
    const token = this.#tokens.shift() ?? ''
    if (token.startsWith("'")) return (value) => value === token.slice(1, -1)
    if (/^\d+$/.test(token)) return (value) => value === Number(token)
    if (this.#take('<')) {
      const make = generic[token]
      const of = this.#until('>')
      if (make !== undefined) return make(of)
    }
    const check = named[token]
    if (check === undefined) throw new Error(`not a type that is known here: ${token}`)
    return check
  }

  #until(end: string): Check {
    const check = this.read()
    if (!this.#take(end)) throw new Error(`${end} is missing before ${this.#tokens.join(' ')}`)
    return check
  }

  #tuple(): Check {
    const elements: Check[] = []
    let least = 0
    let rest: Check | undefined
    while (!this.#take(']')) {
      const isRest = this.#take('...')
      const name = /:$/.test(this.#tokens[0] ?? '') ? this.#tokens.shift() : undefined
      const check = this.read()
      if (isRest) rest = check
      else {
        elements.push(check)
        if (!name?.endsWith('?:')) least = elements.length
      }
      this.#take(',')
    }
    return (value, options) => {
      if (!Array.isArray(value) || value.length < least) return false
      const own = value.slice(0, elements.length)
      const more = value.slice(elements.length)
      return own.every((one, i) => elements[i]?.(one, options)) && (rest?.(more, options) ?? more.length === 0)
    }
  }

  #take(token: string): boolean {
    if (this.#tokens[0] !== token) return false
    this.#tokens.shift()
    return true
  }
}
