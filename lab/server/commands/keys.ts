import { at, bytesOf, indexOf, keyOf, wordOf } from '../arguments.js'
import type { Database } from '../database.js'
import { globPattern } from '../glob.js'
import { array, bulk, errors, integer, ok, type ServerReply, simple } from '../reply.js'
import { type CommandTable, reads, writes } from './command.js'

export const keys: CommandTable = {
  DEL: writes(-2, remove),
  UNLINK: writes(-2, remove),
  EXISTS: reads(-2, (database, args) => integer(args.slice(1).filter((key) => database.has(keyOf(key))).length)),
  TYPE: reads(2, (database, args) => simple(database.kindOf(keyOf(at(args, 1))) ?? 'none')),
  EXPIRE: writes(-3, (database, args) => expire(database, args, 1_000)),
  PEXPIRE: writes(-3, (database, args) => expire(database, args, 1)),
  PEXPIREAT: writes(-3, (database, args) => expire(database, args, 1, 0)),
  PERSIST: writes(2, (database, args) => {
    const key = keyOf(at(args, 1))
    return integer(typeof database.expiryOf(key) === 'number' && database.expireAt(key, undefined) ? 1 : 0)
  }),
  TTL: reads(2, (database, args) => remaining(database, args, 1_000)),
  PTTL: reads(2, (database, args) => remaining(database, args, 1)),
  KEYS: reads(2, (database, args) => {
    const pattern = globPattern(keyOf(at(args, 1)))
    const found = database.keys().filter((key) => pattern.test(key))
    return array(found.map((key) => bulk(bytesOf(key))))
  }),
  DBSIZE: reads(1, (database) => integer(database.keys().length)),
  FLUSHDB: writes(-1, (database) => {
    database.clear()
    return ok
  }),
}

function remove(database: Database, args: readonly Buffer[]): ServerReply {
  return integer(args.slice(1).filter((key) => database.delete(keyOf(key))).length)
}

/** @param from the beginning of the time; default: now */
function expire(database: Database, args: readonly Buffer[], unitMs: number, from = database.now()): ServerReply {
  const key = keyOf(at(args, 1))
  const [option] = args.slice(3).map(wordOf)
  if (args.length > 4 || (option !== undefined && !['NX', 'XX', 'GT', 'LT'].includes(option))) return errors.syntax
  const time = from + indexOf(at(args, 2)) * unitMs
  const current = database.expiryOf(key)
  if (current === undefined || (option !== undefined && !allows(option, current, time))) return integer(0)
  if (time <= database.now()) database.delete(key)
  else database.expireAt(key, time)
  return integer(1)
}

function allows(option: string, current: number | null, time: number): boolean {
  if (option === 'NX') return current === null
  if (option === 'XX') return current !== null
  // A key without an expiry time counts as one that expires after any other.
  const bound = current ?? Number.POSITIVE_INFINITY
  return option === 'GT' ? time > bound : time < bound
}

function remaining(database: Database, args: readonly Buffer[], unitMs: number): ServerReply {
  const time = database.expiryOf(keyOf(at(args, 1)))
  if (time === undefined) return integer(-2)
  if (time === null) return integer(-1)
  return integer(Math.round((time - database.now()) / unitMs))
}
