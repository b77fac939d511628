import type { Argument } from '../protocol/types.js'
import { optionsOf, word } from './words.js'

/**
 * Where the keys of a command stand: `first`, `first + step` ... up to `last` (negative: counted from the end); or a function that
 * lists the positions, in ascending order.
 */
export type KeyPositions =
  | { readonly first: number; readonly last: number; readonly step: number }
  | ((args: readonly Argument[]) => readonly number[])

/** The positions of the keys among these arguments. */
export function positionsOf(keys: KeyPositions | undefined, args: readonly Argument[]): readonly number[] {
  if (keys === undefined) return []
  if (typeof keys === 'function') return keys(args)
  const last = Math.min(keys.last < 0 ? args.length + keys.last : keys.last, args.length - 1)
  const positions: number[] = []
  for (let i = keys.first; i <= last; i += keys.step) positions.push(i)
  return positions
}

/**
 * The key positions that stand in the generated table under this code: `1`, `1:2`, `1:-1`, `1:-1:2` for `first:last:step`; `#2` for
 * keys behind their number at position 2 (`#1*2`: every second); `1+#2` for both; else the name of a form below.
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

/** Keys after their number, which stands at `position`: a number greater than what follows is for the server to refuse. */
function numbered(position: number, step: number): KeyPositions {
  return (args) => {
    const given = Number(word(args[position])) || 0
    // The server refuses a number that the arguments do not bear out; no list that long is to be made before.
    const length = Math.min(Math.max(0, given), Math.max(0, Math.ceil((args.length - position - 1) / step)))
    return Array.from({ length }, (_, i) => position + 1 + i * step)
  }
}

/** The options of XREAD and XREADGROUP: after STREAMS come keys and ids. */
export function readOptions(args: readonly Argument[]): Map<string, number> {
  return optionsOf(args, 1, { GROUP: 2, COUNT: 1, BLOCK: 1, CLAIM: 1 }, 'STREAMS')
}

/** The position of SORT's destination; undefined when it only reads. */
export function sortDestination(args: readonly Argument[]): number | undefined {
  const store = sortOptions(args).get('STORE')
  return store === undefined ? undefined : store + 1
}

/** The options of SORT and SORT_RO. */
function sortOptions(args: readonly Argument[]): Map<string, number> {
  return optionsOf(args, 2, { BY: 1, GET: 1, LIMIT: 2, STORE: 1 })
}

/** The positions of SORT's BY and GET patterns that name keys: one without `*` names none. */
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
  /** The first half of what follows STREAMS. */
  streams: (args) => {
    const streams = readOptions(args).get('STREAMS')
    if (streams === undefined) return []
    const start = streams + 1
    return Array.from({ length: Math.floor((args.length - start) / 2) }, (_, i) => start + i)
  },
  /** SORT key ... [STORE destination] */
  sort: (args) => {
    const destination = sortDestination(args)
    return destination === undefined || destination >= args.length ? [1] : [1, destination]
  },
  /** GEORADIUS key ... [STORE key] [STOREDIST key]: servers follow the last of them, and check all. */
  store: (args) => {
    const positions = [1]
    for (let i = word(args[0]) === 'GEORADIUS' ? 6 : 5; i + 1 < args.length; i += 1) {
      if (!['STORE', 'STOREDIST'].includes(word(args[i]))) continue
      i += 1
      positions.push(i)
    }
    return positions
  },
  /** MIGRATE host port key|"" database timeout ... [KEYS key ...]: without KEYS the empty text is a key, too. */
  migrate: (args) => {
    if (word(args[3]) !== '') return [3]
    const keys = optionsOf(args, 6, { AUTH: 1, AUTH2: 2 }, 'KEYS').get('KEYS')
    return keys === undefined ? [3] : Array.from({ length: args.length - keys - 1 }, (_, i) => keys + 1 + i)
  },
}
