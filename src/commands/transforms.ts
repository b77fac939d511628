import { isBytes } from '../protocol/byte-arrays.js'
import { doubleOf } from '../protocol/numbers.js'
import type { DecodeMode, Reply } from '../protocol/types.js'
import { groups, list, mapOf, record, same, type Transform, tuple } from './reply-shapes.js'
import { numberOf, optionsOf, textOf, word } from './words.js'

/**
 * Converts replies of both protocol versions to the form that a typed method promises. Nothing that the server sent is lost or
 * rounded. Scores and coordinates are doubles on the server, so a number holds them exactly.
 */

/** Text, even if bulk strings are decoded to Buffers: ids of entries, digests, information about the server. */
export const toText: Transform = (reply) => (isBytes(reply) ? String(reply) : reply)

/** A map from a flat list of fields and values (RESP2), or from a map (RESP3). */
export const toMap: Transform = (reply, options) => (Array.isArray(reply) ? mapOf(reply, options) : reply)

/** A set from an array (RESP2), or from a set that was already decoded (RESP3). */
export const toSet: Transform = (reply, options) =>
  options.sets === 'set' && Array.isArray(reply) ? new Set(reply) : reply

/** A number from a bulk string (RESP2), or from a double (RESP3). */
export const toNumber: Transform = (reply) =>
  typeof reply === 'string' || isBytes(reply) ? (doubleOf(String(reply)) ?? reply) : reply

/** A boolean from an integer (RESP2), or from a boolean (RESP3). */
const toBoolean: Transform = (reply) => (reply === 1 ? true : reply === 0 ? false : reply)

const toNumbers = list(toNumber)

/** Thrown instead of returning an integer that is beyond 2^53. */
export class TooLarge {
  readonly value: bigint

  constructor(value: bigint) {
    this.value = value
  }
}

/**
 * A time, or a list of times. A server stores times in 64 bits, so a time beyond 2^53 is possible, although it is probably a
 * mistake.
 */
const toTime = (reply: Reply): Reply => {
  if (typeof reply === 'bigint') throw new TooLarge(reply)
  return Array.isArray(reply) ? reply.map(toTime) : reply
}

const toInteger: Transform = (reply, options) => {
  if (options.integers === 'bigint') return typeof reply === 'number' ? BigInt(reply) : reply
  return toTime(reply)
}

/** Pairs of member and score, from a flat list (RESP2) or from pairs (RESP3). */
export const toScored: Transform = (reply, options, args) => {
  if (!Array.isArray(reply)) return reply
  return scoredLists(Array.isArray(reply[0]) ? reply : groups(reply, 2), options, args)
}

/** Lists of a member, its score, and any further values. */
const scoredLists = list(tuple(same, toNumber))

/** Whether the arguments contain an option. */
type Asked = (args: Parameters<Transform>[2]) => boolean

const asksFrom =
  (name: string, start: number): Asked =>
  (args) =>
    optionsOf(args, start).has(name)

/** Looks for the option after the keys, whose number is the first argument, as in `ZINTER 2 a b WITHSCORES`. */
const asksForScores: Asked = (args) => asksFrom('WITHSCORES', 2 + numberOf(args[1]))(args)

const when =
  (asked: Asked, then: Transform, otherwise: Transform = same): Transform =>
  (reply, options, args) =>
    (asked(args) ? then : otherwise)(reply, options, args)

/**
 * Pairs of field and value, from a flat list (RESP2) or from pairs (RESP3). The result is not a map, because with a negative
 * count a field may occur twice.
 */
const toPairs: Transform = (reply) => (Array.isArray(reply) && !Array.isArray(reply[0]) ? groups(reply, 2) : reply)

/**
 * An entry of a stream, from `[id, [field, value ...]]`. XREADGROUP with CLAIM adds how long it has been pending, and how many times
 * it was delivered before. A single id is not changed.
 */
const toEntry: Transform = (reply) => {
  if (!Array.isArray(reply)) return reply
  const [id, fields, idle, deliveries] = reply
  const entry = { id: String(id), fields: Array.isArray(fields) ? groups(fields, 2) : null }
  return idle === undefined ? entry : { ...entry, idle, deliveries: deliveries as Reply }
}

export const toEntries = list(toEntry)

/** The entries of XREAD, by stream. If a stream is read twice in one command, it has the entries of both. */
export const toStreams: Transform = (reply, options, args) => {
  if (!Array.isArray(reply)) return reply
  // The reply is a list of pairs (RESP2), or a flat list (RESP3).
  const pairs = Array.isArray(reply[0]) ? (reply as Reply[][]) : groups(reply, 2)
  const streams = new Map<string, [Reply, Reply[]]>()
  for (const [stream, given] of pairs as [Reply, Reply][]) {
    const name = keyOf(stream, options)
    const known = streams.get(name) ?? [stream, []]
    for (const entry of toEntries(given, options, args) as Reply[]) known[1].push(entry)
    streams.set(name, known)
  }
  return mapOf([...streams.values()].flat(1), options)
}

/** Returns the text by which two names of a map are compared. */
function keyOf(name: Reply, { maps }: DecodeMode): string {
  return maps === 'map' && isBytes(name) ? textOf(name) : String(name)
}

/** The cursor and the elements of SCAN, HSCAN and so on. The cursor is text, because it is an opaque number. */
export const toScan: Transform = (reply) => {
  if (!Array.isArray(reply)) return reply
  return { cursor: String(reply[0]), elements: reply[1] as Reply }
}

/** The reply to VSIM: elements, each with its score, its attributes, or both. */
const toSimilar: Transform = (reply, options, args) => {
  if (!Array.isArray(reply)) return reply
  const asked = optionsOf(args, word(args[2]) === 'VALUES' ? 4 + numberOf(args[3]) : 4)
  const [scores, attributes] = [asked.has('WITHSCORES'), asked.has('WITHATTRIBS')]
  if (!scores && !attributes) return reply
  if (scores && attributes) {
    // In RESP3, the score and the attributes are a pair.
    return scoredLists(groups(reply.flat(1), 3), options, args)
  }
  return scores ? toScored(reply, options, args) : groups(reply, 2)
}

/** An entry of COMMAND. Its key specifications are maps, and each of its subcommands is an entry of the same kind. */
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

/** The transforms, by the names that the table of commands uses. scripts/generate/README.md describes them. */
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
  combination: when(asksForScores, toScored),
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

/**
 * The transforms of replies that are not aggregates, so that it does not matter how aggregates are decoded, and of those that may
 * be decoded to the right aggregate at once.
 */
const fitting: readonly (Transform | undefined)[] = [
  undefined,
  toText,
  toNumber,
  toBoolean,
  toInteger,
  toTime,
  toMap,
  toSet,
]

/**
 * Whether a reply is decoded in the mode that the caller wants. Otherwise it is decoded to arrays for its transform. Arrays keep
 * the order in which the server sent the elements, and names that occur twice.
 */
export const isDecodedAsWanted = (transform: Transform | undefined): boolean => fitting.includes(transform)
