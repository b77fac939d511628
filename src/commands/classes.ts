import type { Argument } from '../protocol/types.js'
import { keyPositions, positionsOf, sortDestination, sortPatterns } from './key-positions.js'
import { type RetryClass, retryClasses } from './retry.js'
import { isSame, upper, word } from './words.js'

/** Retry classes that depend on arguments. docs/retry-classes.md, generated from the same source, gives the reasons. */

type Args = readonly Argument[]
export type Classify = (args: Args) => RetryClass

/** Returns the least safe of these classes. */
export function worstOf(classes: Iterable<RetryClass>): RetryClass {
  let worst = 0
  for (const retryClass of classes) worst = Math.max(worst, retryClasses.indexOf(retryClass))
  return retryClasses[worst] as RetryClass
}

const byLetter = (letter = ''): RetryClass => retryClasses.find((name) => name[0] === letter) as RetryClass

/**
 * Decodes a retry class of the generated table:
 *
 * - `r`, `i`, `c`, `u`: the class with this initial;
 * - `=name`: the function below with this name;
 * - `i3:uNX,IFEQ;cGET,XX`: `i` if no argument at position 3 or later is one of the words; otherwise the least safe class of the
 *   words found: `u` for NX and IFEQ, `c` for GET and XX. `u2-2:...` looks only at position 2. `*` stands for any argument;
 * - `i@1`: `u` if the first key of the command (at index 0 of its keys) occurs again at index 1 or later; otherwise `i`.
 */
export function classOfCode(code: string, keys: string): RetryClass | Classify {
  if (code[0] === '=') return functions[code.slice(1)] as Classify
  const base = byLetter(code[0])
  if (code.length < 2) return base
  return code[1] === '@' ? ontoItself(base, keys, Number(code.slice(2))) : byWords(base, code.slice(1))
}

/**
 * A value that looks like an option must not make the class safer. So a rule that makes the class safer only looks at positions
 * from which all arguments are options.
 */
function byWords(base: RetryClass, rule: string): Classify {
  const [range = '', words = ''] = rule.split(':')
  const [from = 0, to = Infinity] = range.split('-').map(Number)
  const classes = new Map<string, RetryClass>()
  for (const group of words.split(';')) {
    for (const name of group.slice(1).split(',')) classes.set(name, byLetter(group[0]))
  }
  return (args) => {
    const found = args
      .slice(from, to + 1)
      .flatMap((arg) => [classes.get('*'), classes.get(word(arg))])
      .filter((each) => each !== undefined)
    return found.length === 0 ? base : worstOf(found)
  }
}

/** If the destination is also a source, a repeated command works on the result of the first run. */
function ontoItself(base: RetryClass, keys: string, from: number): Classify {
  const positions = keyPositions(keys)
  return (args) => {
    const [destination, ...sources] = positionsOf(positions, args).map((position) => args[position])
    return sources.slice(from - 1).some((source) => isSame(destination, source)) ? 'unsafe' : base
  }
}

/** Whether a path may match other elements in a second run, because the first run moved or created elements. */
const isMoving = (path: Argument | undefined): boolean => /[[?*]|\.\./.test(upper(path))

const functions: Readonly<Record<string, Classify>> = {
  /** Each `(...)` adds another selector. */
  aclUser: (args) => (args.some((arg) => word(arg).startsWith('(')) ? 'unsafe' : 'convergent'),
  /** AND and OR can be repeated even if the destination is a source. Other operations give another result in that case. */
  bitop: (args) => {
    if (['AND', 'OR'].includes(word(args[1]))) return 'idempotent'
    return args.slice(3).some((source) => isSame(args[2], source)) ? 'unsafe' : 'idempotent'
  },
  /** NX and XX have the same classes as for SET. */
  jsonSet: (args) => {
    if (isMoving(args[2])) return 'unsafe'
    const words = args.slice(4).map(word)
    return words.includes('NX') ? 'unsafe' : words.includes('XX') ? 'convergent' : 'idempotent'
  },
  /** If `[0]` is deleted, the next element takes its place. */
  jsonDelete: (args) => (isMoving(args[2]) ? 'unsafe' : 'convergent'),
  /** If the destination is the source, a repeated command works on what STORE has changed. */
  store: (args) => {
    const destinations = positionsOf(keyPositions('store'), args).slice(1)
    if (destinations.length === 0) return 'read'
    return destinations.some((position) => isSame(args[1], args[position])) ? 'unsafe' : 'idempotent'
  },
  /** Like `store`, but the destination may also be one of the keys that BY and GET look up. */
  sort: (args) => {
    const position = sortDestination(args)
    if (position === undefined) return 'read'
    const destination = args[position]
    const isLookedUp = sortPatterns(args).some((pattern) => matches(upper(args[pattern]), upper(destination)))
    return isLookedUp || isSame(args[1], destination) ? 'unsafe' : 'idempotent'
  },
}

/**
 * Whether SORT may look up this key by the pattern, after which `->` and a field may follow. Both are in upper case, so the
 * result is also true for keys that differ only in case.
 */
function matches(pattern: string, key: string): boolean {
  const star = pattern.indexOf('*')
  const arrow = pattern.indexOf('->', star)
  const end = pattern.slice(star + 1, arrow < 0 ? undefined : arrow)
  return key.startsWith(pattern.slice(0, star)) && key.endsWith(end)
}
