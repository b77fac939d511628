import { Buffer } from '../protocol/buffer.js'
import { isBytes } from '../protocol/byte-arrays.js'
import { doubleOf } from '../protocol/numbers.js'
import type { DecodeMode, Reply } from '../protocol/types.js'
import { groups, list, mapOf, type ReplyOptions, record, same, type Transform, tuple } from './reply-shapes.js'
import { optionsOf, word } from './words.js'

/**
 * Gives replies the form that a typed method promises, whichever protocol version they came by. Nothing that the server sent
 * is lost or rounded: scores and coordinates are doubles of the server, so a number holds them exactly.
 */

/** Text, where bulk strings come as Buffers: ids of entries, digests, what the server says of itself. */
export const toText: Transform = (reply) => (isBytes(reply) ? String(reply) : reply)

/** Field and value in turn (RESP2), or a map already (RESP3). */
export const toMap: Transform = (reply, options) => (Array.isArray(reply) ? mapOf(reply, options) : reply)

/** An array (RESP2), or what the mode makes of a set (RESP3). */
export const toSet: Transform = (reply, options) =>
  options.sets === 'set' && Array.isArray(reply) ? new Set(reply) : reply

/** A bulk string with a number (RESP2), or a double (RESP3). */
export const toNumber: Transform = (reply) =>
  typeof reply === 'string' || isBytes(reply) ? (doubleOf(String(reply)) ?? reply) : reply

/** An integer (RESP2), or a boolean (RESP3). */
const toBoolean: Transform = (reply) => (reply === 1 ? true : reply === 0 ? false : reply)

const toNumbers = list(toNumber)

/** Thrown in place of an integer that is beyond 2^53. */
export class TooLarge {
  readonly value: bigint

  constructor(value: bigint) {
    this.value = value
  }
}

/** A time. A server keeps times of 64 bits, so one beyond 2^53 is possible, if hardly meant. */
const toTime: Transform = (reply) => {
  if (typeof reply === 'bigint') throw new TooLarge(reply)
  return reply
}

const toInteger: Transform = (reply, { integers }, args) => {
  if (integers === 'bigint') return typeof reply === 'number' ? BigInt(reply) : reply
  return toTime(reply, textOptions, args)
}

const textOptions: ReplyOptions = { buffers: false, maps: 'object', sets: 'array', integers: 'number', raw: false }

/** Members with scores: in turn (RESP2), or in pairs (RESP3), to `[member, score]` pairs. */
export const toScored: Transform = (reply, options, args) => {
  if (!Array.isArray(reply)) return reply
  return scoredLists(Array.isArray(reply[0]) ? reply : groups(reply, 2), options, args)
}

/** Lists of a member, its score, and what stands behind them. */
const scoredLists = list(tuple(same, toNumber))

/** Whether an option stands among the arguments from a position on. */
type Asked = (args: Parameters<Transform>[2]) => boolean

const asksFrom =
  (name: string, start: number): Asked =>
  (args) =>
    optionsOf(args, start).has(name)

/** As `ZINTER 2 a b WITHSCORES`: behind so many keys as the first argument says. */
const asksBehindKeys =
  (name: string): Asked =>
  (args) =>
    optionsOf(args, 2 + Number(args[1])).has(name)

const when =
  (asked: Asked, then: Transform, otherwise: Transform = same): Transform =>
  (reply, options, args) =>
    (asked(args) ? then : otherwise)(reply, options, args)

/** Fields with values: in turn (RESP2), or in pairs (RESP3), to pairs: with a negative count a field may come twice. */
const toPairs: Transform = (reply) => (Array.isArray(reply) && !Array.isArray(reply[0]) ? groups(reply, 2) : reply)

/** An entry of a stream, `[id, [field, value ...]]`; ids alone stay. */
const toEntry: Transform = (reply) => {
  if (!Array.isArray(reply)) return reply
  const [id, fields] = reply
  return { id: String(id), fields: Array.isArray(fields) ? groups(fields, 2) : null }
}

export const toEntries = list(toEntry)

/** The entries of XREAD by stream. A stream that is read twice has the entries of both. */
export const toStreams: Transform = (reply, options, args) => {
  if (!Array.isArray(reply)) return reply
  // Pairs (RESP2), or in turn (RESP3).
  const pairs = Array.isArray(reply[0]) ? (reply as Reply[][]) : groups(reply, 2)
  const streams = new Map<string, [Reply, Reply[]]>()
  for (const [stream, given] of pairs as [Reply, Reply][]) {
    const entries = toEntries(given, options, args) as Reply[]
    const name = keyOf(stream, options)
    const known = streams.get(name)
    if (known === undefined) streams.set(name, [stream, entries])
    else known[1].push(...entries)
  }
  return mapOf([...streams.values()].flat(1), options)
}

/** What tells the names of a map apart. */
function keyOf(name: Reply, { maps }: DecodeMode): string {
  return maps === 'map' && isBytes(name) ? Buffer.from(name).toString('latin1') : String(name)
}

/** Cursor and elements of SCAN, HSCAN etc. The cursor is an opaque number, as text. */
export const toScan: Transform = (reply) => {
  if (!Array.isArray(reply)) return reply
  return { cursor: String(reply[0]), elements: reply[1] as Reply }
}

/** VSIM: elements, and with each its score, its attributes, or both. */
const toSimilar: Transform = (reply, options, args) => {
  if (!Array.isArray(reply)) return reply
  const asked = optionsOf(args, word(args[2]) === 'VALUES' ? 4 + Number(args[3]) : 4)
  const [scores, attributes] = [asked.has('WITHSCORES'), asked.has('WITHATTRIBS')]
  if (!scores && !attributes) return reply
  if (scores && attributes) {
    // RESP3 has score and attributes in a pair.
    return scoredLists(groups(reply.flat(1), 3), options, args)
  }
  return scores ? toScored(reply, options, args) : groups(reply, 2)
}

/** An entry of COMMAND: the key specifications are maps, and its subcommands are such entries. */
const toCommand: Transform = (reply, options, args) => command(reply, options, args)
const specification = record({ spec: toMap })
const command = tuple(
  ...Array.from({ length: 8 }, () => same),
  list(record({ begin_search: specification, find_keys: specification })),
  list(toCommand),
)

/** The documentation of a command, of its arguments, and of its subcommands. */
const toDocumentation: Transform = (reply, options, args) => documentation(reply, options, args)
const toArgument: Transform = (reply, options, args) => argument(reply, options, args)
const argument = record({ arguments: list(toArgument) })
const documentation = record({ arguments: list(toArgument), subcommands: record({}, toDocumentation) })

/** By the names under which they stand in the table. What each gives: scripts/generate/README.md. */
export const transforms: Readonly<Record<string, Transform>> = {
  text: toText,
  map: toMap,
  set: toSet,
  number: toNumber,
  numbers: toNumbers,
  boolean: toBoolean,
  integer: toInteger,
  time: toTime,
  list: same,
  scored: toScored,
  range: when(asksFrom('WITHSCORES', 2), toScored),
  combination: when(asksBehindKeys('WITHSCORES'), toScored),
  rank: tuple(same, toNumber),
  randomFields: when(asksFrom('WITHVALUES', 2), toPairs),
  keyMemberScore: tuple(same, same, toNumber),
  keyMembers: tuple(same, toScored),
  entries: toEntries,
  claimed: tuple(toText, toEntries),
  streams: toStreams,
  scan: toScan,
  position: list(toNumbers),
  places: list(list(toNumbers)),
  similar: toSimilar,
  links: list(when(asksFrom('WITHSCORES', 3), toScored)),
  vector: when(asksFrom('RAW', 3), tuple(same, same, toNumber, toNumber), toNumbers),
  fields: record({}),
  records: list(record({})),
  numberFields: record({}, (reply, options, args) => toMap(toNumber(reply, options, args), options, args)),
  aclUser: record({ selectors: list(toMap) }),
  aclLog: list(record({ 'age-seconds': toNumber })),
  shards: list(record({ nodes: list(toMap) })),
  slotStatistics: list(tuple(same, toMap)),
  slots: list(list(tuple(same, same, same, toMap))),
  commands: list(toCommand),
  documentation: record({}, toDocumentation),
  libraries: list(record({ functions: list(toMap) })),
  engines: record({ running_script: toMap, engines: record({}, toMap) }),
  hello: record({ modules: list(toMap) }),
  histogram: record({}, record({ histogram_usec: toMap })),
  stream: record({
    'first-entry': toEntry,
    'last-entry': toEntry,
    entries: toEntries,
    groups: list(record({ consumers: list(toMap) })),
  }),
}

/** Of replies that are no aggregates, so that it does not matter how these are decoded. */
const ofScalars: readonly (Transform | undefined)[] = [undefined, toText, toNumber, toBoolean, toInteger, toTime]

/**
 * Whether a reply is decoded to what the caller wants, whatever its transform does. Otherwise it is decoded to arrays, which
 * keep the order of what the server sent, and names that come twice.
 */
export const isDecodedAsWanted = (transform: Transform | undefined): boolean =>
  ofScalars.includes(transform) || transform === toMap || transform === toSet
