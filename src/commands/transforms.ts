import { Buffer } from '../protocol/buffer.js'
import { isBytes } from '../protocol/byte-arrays.js'
import type { DecodeMode, Reply } from '../protocol/types.js'

/** Gives replies the form that a typed method promises, whichever protocol version they came by. */

/** Text, where bulk strings come as Buffers: ids of entries, digests, what the server says of itself. */
export function toText(reply: Reply): Reply {
  return isBytes(reply) ? String(reply) : reply
}

/** Field and value in turn (RESP2), or a map already (RESP3). */
export function toMap(reply: Reply, mode: DecodeMode): Reply {
  if (!Array.isArray(reply)) return reply
  if (mode.maps === 'map') {
    const map = new Map<Reply, Reply>()
    for (let i = 0; i + 1 < reply.length; i += 2) map.set(reply[i] as Reply, reply[i + 1] as Reply)
    return map
  }
  const object: { [key: string]: Reply } = {}
  for (let i = 0; i + 1 < reply.length; i += 2) define(object, String(reply[i]), reply[i + 1] as Reply)
  return object
}

function define(object: { [key: string]: Reply }, key: string, value: Reply): void {
  if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

/** An array (RESP2), or what the mode makes of a set (RESP3). */
export function toSet(reply: Reply, mode: DecodeMode): Reply {
  return mode.sets === 'set' && Array.isArray(reply) ? new Set(reply) : reply
}

/** A bulk string with a number (RESP2), or a double (RESP3); null where there is none. */
export function toNumber(reply: Reply): Reply {
  if (typeof reply === 'number' || reply === null) return reply
  const text = String(reply)
  if (text === 'inf' || text === '+inf') return Infinity
  return text === '-inf' ? -Infinity : Number(text)
}

/** The numbers of ZMSCORE. */
export function toNumbers(reply: Reply): Reply {
  return Array.isArray(reply) ? reply.map(toNumber) : reply
}

/** Members with scores: in turn (RESP2), or in pairs (RESP3), to `[member, score]` pairs. */
export function toScored(reply: Reply): Reply {
  if (!Array.isArray(reply)) return reply
  if (Array.isArray(reply[0]))
    return reply.map((pair) => [(pair as Reply[])[0] as Reply, toNumber((pair as Reply[])[1] as Reply)])
  const pairs: Reply[] = []
  for (let i = 0; i + 1 < reply.length; i += 2) pairs.push([reply[i] as Reply, toNumber(reply[i + 1] as Reply)])
  return pairs
}

/** Members, and in turn their scores as text where they were asked for, as RESP2 gives them; RESP3 gives pairs then. */
export function toRange(reply: Reply, mode: DecodeMode): Reply {
  if (!Array.isArray(reply) || !Array.isArray(reply[0])) return reply
  return (reply as [Reply, number][]).flatMap(([member, score]) => [member, scoreText(score, mode)])
}

function scoreText(score: number, { buffers }: DecodeMode): Reply {
  const text = String(score).replace('Infinity', 'inf')
  return buffers ? Buffer.from(text) : text
}

/** The key, the member and its score of BZPOPMIN and BZPOPMAX; null where there is none. */
export function toKeyMemberScore(reply: Reply): Reply {
  return Array.isArray(reply) ? [reply[0] as Reply, reply[1] as Reply, toNumber(reply[2] as Reply)] : reply
}

/** The key and the members with scores of BZMPOP; null where there are none. */
export function toKeyMembers(reply: Reply): Reply {
  return Array.isArray(reply) ? [reply[0] as Reply, toScored(reply[1] as Reply)] : reply
}

/** `[id, [field, value ...]]` entries of a stream, the fields to maps; null where there are none. */
export function toEntries(reply: Reply, mode: DecodeMode): Reply {
  if (!Array.isArray(reply)) return reply
  return reply.map((entry) => {
    if (!Array.isArray(entry)) return entry
    const [id, fields] = entry
    return [toText(id as Reply), fields === null ? null : toMap(fields as Reply, mode)]
  })
}

/** The entries of XREAD by stream: pairs (RESP2) or a map (RESP3), to a map. */
export function toStreams(reply: Reply, mode: DecodeMode): Reply {
  if (reply === null) return null
  const pairs: [Reply, Reply][] = Array.isArray(reply)
    ? reply.map((pair) => pair as [Reply, Reply])
    : reply instanceof Map
      ? [...reply]
      : Object.entries(reply as { [key: string]: Reply })
  const flat = pairs.flatMap(([stream, entries]) => [stream, toEntries(entries, mode)])
  return toMap(flat, mode)
}

/** Cursor and elements of SCAN, HSCAN etc. The cursor is an opaque number, as text. */
export function toScan(reply: Reply): Reply {
  if (!Array.isArray(reply)) return reply
  return { cursor: String(reply[0]), elements: reply[1] as Reply }
}

/** By the names under which they stand in the table. */
export const transforms: Readonly<Record<string, (reply: Reply, mode: DecodeMode) => unknown>> = {
  text: toText,
  map: toMap,
  set: toSet,
  number: toNumber,
  numbers: toNumbers,
  scored: toScored,
  range: toRange,
  keyMemberScore: toKeyMemberScore,
  keyMembers: toKeyMembers,
  entries: toEntries,
  streams: toStreams,
  scan: toScan,
}
