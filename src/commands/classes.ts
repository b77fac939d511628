import type { Argument } from '../protocol/types.js'
import { keyPositions, positionsOf, sortDestination, sortPatterns } from './key-positions.js'
import type { RetryClass } from './retry.js'
import { isSame, word } from './words.js'

/** Retry classes that depend on arguments. The reasons stand in docs/retry-classes.md, which is made from the same source. */

type Args = readonly Argument[]
export type Classify = (args: Args) => RetryClass

/** From harmless to harmful. */
export const retryClasses: readonly RetryClass[] = ['read', 'idempotent', 'convergent', 'unsafe']

/** The most harmful of some classes. */
export function worstOf(classes: Iterable<RetryClass>): RetryClass {
  let worst = 0
  for (const retryClass of classes) worst = Math.max(worst, retryClasses.indexOf(retryClass))
  return retryClasses[worst] as RetryClass
}

const byLetter: Readonly<Record<string, RetryClass>> = Object.fromEntries(retryClasses.map((name) => [name[0], name]))

/**
 * The class that stands in the generated table under this code: a letter (`r`, `i`, `c`, `u`); `=name` of a function below; or a
 * letter and what changes it:
 *
 * - `i3:uNX,IFEQ;cGET,XX`: of those words that stand at position 3 or behind it the worst class, in place of `i`; `u2-2:...`:
 *   only at position 2; `*`: any argument at that position;
 * - `i@1`: `u` where the first key is also the second (counted from 0), or one behind it.
 */
export function classOfCode(code: string, keys: string): RetryClass | Classify {
  const plain = byLetter[code]
  if (plain !== undefined) return plain
  if (code[0] === '=') return functions[code.slice(1)] as Classify
  const base = byLetter[code[0] as string] as RetryClass
  if (code[1] === '@') return ontoItself(base, keys, Number(code.slice(2)))
  return byWords(base, code.slice(1))
}

/** What a word stands for must never be milder by mistake: where a class becomes milder, only options stand at `from`. */
function byWords(base: RetryClass, rule: string): Classify {
  const [range = '', words = ''] = rule.split(':')
  const [from = 0, to = Number.POSITIVE_INFINITY] = range.split('-').map(Number)
  const classes = new Map<string, RetryClass>()
  for (const group of words.split(';')) {
    const retryClass = byLetter[group[0] as string] as RetryClass
    for (const name of group.slice(1).split(',')) classes.set(name, retryClass)
  }
  const otherwise = classes.get('*')
  return (args) => {
    const found: RetryClass[] = otherwise !== undefined && args.length > from ? [otherwise] : []
    for (let i = from; i < args.length && i <= to; i += 1) {
      const retryClass = classes.get(word(args[i]))
      if (retryClass !== undefined) found.push(retryClass)
    }
    return found.length === 0 ? base : worstOf(found)
  }
}

/** If the destination is a source, a second try computes from the result of the first. */
function ontoItself(base: RetryClass, keys: string, from: number): Classify {
  const positions = keyPositions(keys)
  return (args) => {
    const [destination, ...sources] = positionsOf(positions, args).map((position) => args[position])
    return sources.slice(from - 1).some((source) => isSame(destination, source)) ? 'unsafe' : base
  }
}

/** A path that may name another place the second time: what the first try did may move, or make, what it names. */
const isMoving = (path: Argument | undefined): boolean => /[[?*]|\.\./.test(word(path))

const functions: Readonly<Record<string, Classify>> = {
  /** Each `(...)` adds one more selector. */
  aclUser: (args) => (args.some((arg) => word(arg).startsWith('(')) ? 'unsafe' : 'convergent'),
  /** AND and OR may be repeated onto a source; what else is computed changes with it. */
  bitop: (args) => {
    if (['AND', 'OR'].includes(word(args[1]))) return 'idempotent'
    return args.slice(3).some((source) => isSame(args[2], source)) ? 'unsafe' : 'idempotent'
  },
  /** NX and XX as for SET. Of JSON.MSET every third argument is a path. */
  jsonSet: (args) => {
    for (let i = 2; i < args.length; i += 3) if (isMoving(args[i])) return 'unsafe'
    const words = args.slice(4).map(word)
    return words.includes('NX') ? 'unsafe' : words.includes('XX') ? 'convergent' : 'idempotent'
  },
  /** What is behind `[0]` moves up when that is deleted. */
  jsonDelete: (args) => (isMoving(args[2]) ? 'unsafe' : 'convergent'),
  /** STORE onto its own source cuts or replaces what it is computed from. */
  store: (args) => {
    const destinations = positionsOf(keyPositions('store'), args).slice(1)
    if (destinations.length === 0) return 'read'
    return destinations.some((position) => isSame(args[1], args[position])) ? 'unsafe' : 'idempotent'
  },
  /** As above; and its destination may be one of the keys that BY and GET look up. */
  sort: (args) => {
    const position = sortDestination(args)
    if (position === undefined) return 'read'
    const destination = args[position]
    const isLookedUp = sortPatterns(args).some((pattern) => matches(word(args[pattern]), word(destination)))
    return isLookedUp || isSame(args[1], destination) ? 'unsafe' : 'idempotent'
  },
}

/** Whether SORT may look up that key by the pattern; `->field` names a field of it. Upper case, so in doubt it may. */
function matches(pattern: string, key: string): boolean {
  const star = pattern.indexOf('*')
  const arrow = pattern.indexOf('->', star)
  const end = pattern.slice(star + 1, arrow < 0 ? undefined : arrow)
  return key.startsWith(pattern.slice(0, star)) && key.endsWith(end)
}
