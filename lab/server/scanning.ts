import { at, bytesOf, indexOf, keyOf, wordOf } from './arguments.js'
import type { Database, Kind } from './database.js'
import { globPattern } from './glob.js'
import { array, bulk, errors, type ServerReply } from './reply.js'

/** An element, and what is returned with it: the value of a field, or the score of a member. */
type Element = readonly [name: string, more?: Buffer]

const kinds: Readonly<Record<string, Kind>> = { HSCAN: 'hash', SSCAN: 'set', ZSCAN: 'zset' }

const elementsOf: Readonly<Record<string, (database: Database, key: string) => Element[]>> = {
  SCAN: (database) => database.keys().map((key) => [key]),
  HSCAN: (database, key) => [...(database.read(key, 'hash') ?? [])],
  SSCAN: (database, key) => [...(database.read(key, 'set') ?? [])].map((member) => [member]),
  ZSCAN: (database, key) =>
    [...(database.read(key, 'zset') ?? [])].map(([member, score]) => [member, Buffer.from(String(score))]),
}

/**
 * SCAN and related commands. As in real servers, each process has a different order, and accepts any cursor: a cursor of another
 * process continues at another position.
 *
 * @param name of the command, in upper case
 * @param runId id of this process
 */
export function scan(name: string, args: readonly Buffer[], database: Database, runId: string): ServerReply {
  const hasKey = name !== 'SCAN'
  const key = hasKey ? keyOf(at(args, 1)) : ''
  if (hasKey && database.has(key) && database.kindOf(key) !== kinds[name]) return errors.wrongType
  const cursor = indexOf(at(args, hasKey ? 2 : 1))
  const options = new Map<string, Buffer>()
  for (let i = hasKey ? 3 : 2; i < args.length; i += 2) options.set(wordOf(at(args, i)), at(args, i + 1))
  const [match, count, kind] = ['MATCH', 'COUNT', 'TYPE'].map((option) => options.get(option))
  const most = count === undefined ? 10 : indexOf(count)
  if (most < 1) return errors.syntax

  const all = elementsOf[name]?.(database, key) ?? []
  const placed = all.map((element) => ({ element, place: placeOf(runId, element[0]) }))
  const rest = placed.filter(({ place }) => place >= cursor).sort((a, b) => a.place - b.place)
  let end = Math.min(most, rest.length)
  // Elements at the same position must be returned together.
  while (end < rest.length && rest[end]?.place === rest[end - 1]?.place) end += 1
  const pattern = match === undefined ? undefined : globPattern(keyOf(match))
  const isWanted = (element: string): boolean =>
    (pattern?.test(element) ?? true) && (kind === undefined || database.kindOf(element) === keyOf(kind))
  const given = rest.slice(0, end).filter(({ element }) => isWanted(element[0]))
  const flat = given.flatMap(({ element: [first, more] }) => [bytesOf(first), ...(more === undefined ? [] : [more])])
  const next = rest[end]?.place ?? 0
  return array([bulk(Buffer.from(String(next))), array(flat.map(bulk))])
}

/**
 * The position of an element in the order of a process, from 1. FNV-1a of both names puts names that differ only in their last
 * character next to each other, in the same order in each process; the mixing step at the end (as in MurmurHash3) undoes that.
 */
function placeOf(runId: string, element: string): number {
  let hash = 0x811c9dc5
  for (const character of `${runId}${element}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) + 1
}
