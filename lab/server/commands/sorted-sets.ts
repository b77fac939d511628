import { at, bytesOf, indexOf, keyOf, pairsOf, scoreOf, sliceOf, wordOf } from '../arguments.js'
import type { Database } from '../database.js'
import { array, bulk, double, errors, integer, nothing, type ServerReply, tuples } from '../reply.js'
import { type CommandTable, reads, writes } from './command.js'

export const sortedSets: CommandTable = {
  // Only scores and members: the options (NX, XX, GT, LT, CH, INCR) are a syntax error here.
  ZADD: writes(-4, (database, args) => {
    const pairs = pairsOf(args.slice(2))
    if (pairs === undefined) return errors.syntax
    // All scores are parsed before the first one is written: an invalid one changes nothing.
    const scored = pairs.map(([score, member]) => [keyOf(member), scoreOf(score)] as const)
    const added = database.change(keyOf(at(args, 1)), 'zset', (zset) => {
      const before = zset.size
      for (const [member, score] of scored) zset.set(member, score)
      return zset.size - before
    })
    return integer(added)
  }),
  ZSCORE: reads(3, (database, args) => {
    const score = database.read(keyOf(at(args, 1)), 'zset')?.get(keyOf(at(args, 2)))
    return score === undefined ? nothing : double(score)
  }),
  ZCARD: reads(2, (database, args) => integer(database.read(keyOf(at(args, 1)), 'zset')?.size ?? 0)),
  ZRANGE: reads(-4, range),
}

/** By rank, with WITHSCORES and REV; BYSCORE and BYLEX are not supported. */
function range(database: Database, args: readonly Buffer[]): ServerReply {
  const options = args.slice(4).map(wordOf)
  if (options.some((option) => option !== 'WITHSCORES' && option !== 'REV')) return errors.syntax
  const start = indexOf(at(args, 2))
  const stop = indexOf(at(args, 3))
  const zset = database.read(keyOf(at(args, 1)), 'zset') ?? new Map<string, number>()
  // Latin1 strings have the order of their bytes.
  const sorted = [...zset].sort(([a, scoreA], [b, scoreB]) => scoreA - scoreB || (a < b ? -1 : 1))
  if (options.includes('REV')) sorted.reverse()
  const found = sorted.slice(...sliceOf(sorted.length, start, stop))
  return options.includes('WITHSCORES')
    ? tuples(found.map(([member, score]) => [bulk(bytesOf(member)), double(score)] as const))
    : array(found.map(([member]) => bulk(bytesOf(member))))
}
