import type { Argument } from '../protocol/types.js'
import { optionsOf, word } from './words.js'

/**
 * The positions of a command's keys: `first`, `first + step` and so on up to `last`, which counts from the end if it is negative;
 * or a function that returns the positions in ascending order.
 */
export type KeyPositions =
  | { readonly first: number; readonly last: number; readonly step: number }
  | ((args: readonly Argument[]) => readonly number[])

/** Returns the positions of the keys in these arguments. */
export function positionsOf(keys: KeyPositions | undefined, args: readonly Argument[]): readonly number[] {
  if (keys === undefined) return []
  if (typeof keys === 'function') return keys(args)
  const end = keys.last < 0 ? args.length + keys.last + 1 : Math.min(keys.last + 1, args.length)
  return every(keys.step, keys.first, end)
}

/** Returns `first`, `first + step` and so on, while less than `end`. */
function every(step: number, first: number, end: number): number[] {
  const positions: number[] = []
  for (let i = first; i < end; i += step) positions.push(i)
  return positions
}

/**
 * Decodes the key positions of the generated table:
 *
 * - `1`, `1:2`, `1:-1`, `1:-1:2`: `first:last:step`;
 * - `#2`: position 2 holds the number of keys, which follow it; `#1*2`: every second argument is a key;
 * - `1+#2`: the keys of both parts;
 * - any other text: the name of one of the forms below.
 */
export function keyPositions(code: string): KeyPositions | undefined {
  if (code === '') return undefined
  const named = forms[code]
  if (named !== undefined) return named
  const plus = code.indexOf('+')
  if (plus > 0) {
    const one = keyPositions(code.slice(0, plus))
    const other = keyPositions(code.slice(plus + 1))
    return (args) => [...positionsOf(one, args), ...positionsOf(other, args)]
  }
  if (code[0] === '#') {
    const [count, step = 1] = code.slice(1).split('*').map(Number)
    return numbered(count as number, step)
  }
  const [first = 0, last = first, step = 1] = code.split(':').map(Number)
  return { first, last, step }
}

/** Keys that follow their number, which is the argument at `position`. */
function numbered(position: number, step: number): KeyPositions {
  return (args) => {
    const given = Number(word(args[position])) || 0
    const first = position + 1
    // The server refuses a number greater than the arguments that follow. Do not build a list of that length.
    return every(step, first, Math.min(first + given * step, args.length))
  }
}

/** The options of XREAD and XREADGROUP. Keys and IDs follow STREAMS. */
export function readOptions(args: readonly Argument[]): Map<string, number> {
  return optionsOf(args, 1, { GROUP: 2, COUNT: 1, BLOCK: 1, CLAIM: 1 }, 'STREAMS')
}

/** Returns the position of SORT's destination; undefined if the command only reads. */
export function sortDestination(args: readonly Argument[]): number | undefined {
  const store = sortOptions(args).get('STORE')
  return store === undefined ? undefined : store + 1
}

/** The options of SORT and SORT_RO. */
function sortOptions(args: readonly Argument[]): Map<string, number> {
  return optionsOf(args, 2, { BY: 1, GET: 1, LIMIT: 2, STORE: 1 })
}

/** Returns the positions of SORT's BY and GET patterns that match keys. A pattern without `*` does not match any key. */
export function sortPatterns(args: readonly Argument[]): readonly number[] {
  const positions: number[] = []
  for (let i = 2; i < args.length; i += 1) {
    const option = word(args[i])
    if (option === 'LIMIT') i += 2
    else if (option === 'STORE') i += 1
    else if (option === 'BY' || option === 'GET') {
      i += 1
      if (word(args[i]).includes('*')) positions.push(i)
    }
  }
  return positions
}

const forms: Readonly<Record<string, KeyPositions>> = {
  /** The first half of the arguments after STREAMS. */
  streams: (args) => {
    const start = (readOptions(args).get('STREAMS') ?? args.length) + 1
    return every(1, start, start + Math.floor((args.length - start) / 2))
  },
  /** SORT key ... [STORE destination] */
  sort: (args) => {
    const destination = sortDestination(args)
    return destination === undefined || destination >= args.length ? [1] : [1, destination]
  },
  /** GEORADIUS key ... [STORE key] [STOREDIST key]: servers store to the last one, and check access to all. */
  store: (args) => {
    const positions = [1]
    for (let i = word(args[0]) === 'GEORADIUS' ? 6 : 5; i + 1 < args.length; i += 1) {
      if (!['STORE', 'STOREDIST'].includes(word(args[i]))) continue
      i += 1
      positions.push(i)
    }
    return positions
  },
  /** MIGRATE host port key|"" database timeout ... [KEYS key ...]: without KEYS, the empty text is a key. */
  migrate: (args) => {
    if (word(args[3]) !== '') return [3]
    const keys = optionsOf(args, 6, { AUTH: 1, AUTH2: 2 }, 'KEYS').get('KEYS')
    return keys === undefined ? [3] : every(1, keys + 1, args.length)
  },
}
