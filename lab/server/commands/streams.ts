import { ArgumentError, at, bytesOf, indexOf, keyOf, pairsOf, wordOf } from '../arguments.js'
import type { Database, StreamEntry } from '../database.js'
import { array, bulk, error, errors, integer, noArray, type ServerReply } from '../reply.js'
import { type CommandTable, reads, writes } from './command.js'

type Id = readonly [ms: number, sequence: number]

const invalidId = error('ERR Invalid stream ID specified as stream command argument')
const tooSmall = error('ERR The ID specified in XADD is equal or smaller than the target stream top item')

export const streams: CommandTable = {
  // NOMKSTREAM, MAXLEN and MINID are not supported: they are an invalid id here.
  XADD: writes(-5, (database, args) => {
    const fields = pairsOf(args.slice(3))
    if (fields === undefined) return errors.arity('XADD')
    const key = keyOf(at(args, 1))
    const last = database.read(key, 'stream')?.last ?? [0, 0]
    const id = newId(keyOf(at(args, 2)), last, database.now())
    if (!isAfter(id, last)) return tooSmall
    database.change(key, 'stream', (stream) => {
      stream.entries.push({ id, fields: fields.flat().map((bytes) => Buffer.from(bytes)) })
      stream.last = id
    })
    return bulk(textOf(id))
  }),
  XLEN: reads(2, (database, args) => integer(database.read(keyOf(at(args, 1)), 'stream')?.entries.length ?? 0)),
  XRANGE: reads(-4, (database, args) => {
    if (args.length !== 4 && !(args.length === 6 && wordOf(at(args, 4)) === 'COUNT')) return errors.syntax
    const first = keyOf(at(args, 2)) === '-' ? ([0, 0] as const) : idOf(keyOf(at(args, 2)), 0)
    const end = keyOf(at(args, 3)) === '+' ? ([Infinity, Infinity] as const) : idOf(keyOf(at(args, 3)), Infinity)
    const { entries } = database.read(keyOf(at(args, 1)), 'stream') ?? { entries: [] }
    const found = entries.filter(({ id }) => !isAfter(first, id) && !isAfter(id, end))
    return array(found.slice(0, args[5] === undefined ? Infinity : Math.max(0, indexOf(args[5]))).map(entryReply))
  }),
  XREAD: reads(-4, (database, args) => readStreams(database, resolveStreams(database, args)) ?? noArray),
}

/** Entries after the given ids; undefined if there are none. */
function readStreams(database: Database, args: readonly Buffer[]): ServerReply | undefined {
  const { keys, ids, count } = streamsOf(args)
  const found: (readonly [ServerReply, ServerReply])[] = []
  for (const [index, key] of keys.entries()) {
    const after = idOf(keyOf(at(ids, index)), 0)
    const { entries } = database.read(keyOf(key), 'stream') ?? { entries: [] }
    const later = entries.filter(({ id }) => isAfter(id, after)).slice(0, count)
    if (later.length > 0) found.push([bulk(key), array(later.map(entryReply))])
  }
  return found.length === 0 ? undefined : { type: 'map-of-arrays', pairs: found }
}

/** The arguments of XREAD, with `$` replaced by the last id of its stream. */
export function resolveStreams(database: Database, args: readonly Buffer[]): readonly Buffer[] {
  const { keys, ids } = streamsOf(args)
  const resolved = ids.map((id, index) =>
    keyOf(id) === '$' ? bytesOf(textOf(database.read(keyOf(at(keys, index)), 'stream')?.last ?? [0, 0])) : id,
  )
  return [...args.slice(0, args.length - ids.length), ...resolved]
}

/** Milliseconds that an XREAD may wait, Infinity for no limit; undefined if it does not wait. */
export function blockOf(args: readonly Buffer[]): number | undefined {
  const { block } = streamsOf(args)
  if (block === undefined) return undefined
  if (block < 0) throw new ArgumentError(error('ERR timeout is negative'))
  return block === 0 ? Infinity : block
}

interface StreamArguments {
  readonly keys: readonly Buffer[]
  readonly ids: readonly Buffer[]
  readonly count: number
  readonly block: number | undefined
}

function streamsOf(args: readonly Buffer[]): StreamArguments {
  let count = Infinity
  let block: number | undefined
  for (let i = 1; i < args.length; i += 2) {
    const option = wordOf(at(args, i))
    if (option === 'COUNT') count = indexOf(at(args, i + 1)) || Infinity
    else if (option === 'BLOCK') block = indexOf(at(args, i + 1))
    else if (option === 'STREAMS') {
      const rest = args.slice(i + 1)
      if (rest.length === 0 || rest.length % 2 !== 0) {
        throw new ArgumentError(
          error("ERR Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified."),
        )
      }
      return { keys: rest.slice(0, rest.length / 2), ids: rest.slice(rest.length / 2), count, block }
    } else throw new ArgumentError(errors.syntax)
  }
  throw new ArgumentError(errors.syntax)
}

const textOf = ([ms, sequence]: Id): string => `${ms}-${sequence}`

const isAfter = (a: Id, b: Id): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1])

function newId(text: string, last: Id, now: number): Id {
  const ms = text === '*' ? Math.max(Math.floor(now), last[0]) : Number(/^(\d+)-\*$/.exec(text)?.[1] ?? Number.NaN)
  if (Number.isNaN(ms)) return idOf(text, 0)
  return [ms, ms === last[0] ? last[1] + 1 : 0]
}

function idOf(text: string, sequence: number): Id {
  const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text)
  if (match === null) throw new ArgumentError(invalidId)
  return [Number(match[1]), match[2] === undefined ? sequence : Number(match[2])]
}

const entryReply = ({ id, fields }: StreamEntry): ServerReply => array([bulk(textOf(id)), array(fields.map(bulk))])
