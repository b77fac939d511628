import { ArgumentError, at, indexOf, integerOf, isOutOfRange, keyOf, pairsOf, wordOf } from '../arguments.js'
import type { Database } from '../database.js'
import { array, bulk, errors, integer, nothing, ok, type ServerReply } from '../reply.js'
import { type CommandTable, reads, writes } from './command.js'

export const strings: CommandTable = {
  GET: reads(2, (database, args) => stringAt(database, at(args, 1))),
  SET: writes(-3, set),
  SETNX: writes(3, (database, args) => {
    if (database.has(keyOf(at(args, 1)))) return integer(0)
    database.write(keyOf(at(args, 1)), at(args, 2))
    return integer(1)
  }),
  GETDEL: writes(2, (database, args) => {
    const reply = stringAt(database, at(args, 1))
    database.delete(keyOf(at(args, 1)))
    return reply
  }),
  INCR: writes(2, (database, args) => add(database, at(args, 1), 1n)),
  DECR: writes(2, (database, args) => add(database, at(args, 1), -1n)),
  INCRBY: writes(3, (database, args) => add(database, at(args, 1), integerOf(at(args, 2)))),
  DECRBY: writes(3, (database, args) => add(database, at(args, 1), -integerOf(at(args, 2)))),
  APPEND: writes(3, (database, args) => {
    const key = keyOf(at(args, 1))
    const joined = Buffer.concat([database.read(key, 'string') ?? Buffer.alloc(0), at(args, 2)])
    database.write(key, joined, database.expiryOf(key) ?? undefined)
    return integer(joined.length)
  }),
  STRLEN: reads(2, (database, args) => integer(database.read(keyOf(at(args, 1)), 'string')?.length ?? 0)),
  MGET: reads(-2, (database, args) => array(args.slice(1).map((key) => stringOrNothing(database, key)))),
  MSET: writes(-3, (database, args) => {
    const pairs = pairsOf(args.slice(1))
    if (pairs === undefined) return errors.arity('MSET')
    for (const [key, value] of pairs) database.write(keyOf(key), value)
    return ok
  }),
}

function stringAt(database: Database, key: Buffer): ServerReply {
  const value = database.read(keyOf(key), 'string')
  return value === undefined ? nothing : bulk(value)
}

/** MGET replies null for keys of other types. */
function stringOrNothing(database: Database, key: Buffer): ServerReply {
  return database.kindOf(keyOf(key)) === 'string' ? stringAt(database, key) : nothing
}

function set(database: Database, args: readonly Buffer[]): ServerReply {
  const key = keyOf(at(args, 1))
  const options = setOptions(args, database.now())
  const old = options.answersOld ? stringAt(database, at(args, 1)) : undefined
  if (options.only !== undefined && database.has(key) !== (options.only === 'XX')) return old ?? nothing
  const expiresAt = options.keepsExpiry ? (database.expiryOf(key) ?? undefined) : options.expiresAt
  database.write(key, at(args, 2), expiresAt)
  return old ?? ok
}

interface SetOptions {
  only?: 'NX' | 'XX'
  answersOld?: boolean
  keepsExpiry?: boolean
  expiresAt?: number
}

function setOptions(args: readonly Buffer[], now: number): SetOptions {
  const options: SetOptions = {}
  for (let i = 3; i < args.length; i += 1) {
    const word = wordOf(at(args, i))
    const hasExpiry = options.keepsExpiry === true || options.expiresAt !== undefined
    if (word === 'GET') options.answersOld = true
    else if ((word === 'NX' || word === 'XX') && (options.only ?? word) === word) options.only = word
    else if (word === 'KEEPTTL' && !hasExpiry) options.keepsExpiry = true
    else if ((word === 'EX' || word === 'PX') && !hasExpiry) {
      i += 1
      const time = indexOf(at(args, i))
      if (time <= 0) throw new ArgumentError(errors.expiry('SET'))
      options.expiresAt = now + time * (word === 'EX' ? 1_000 : 1)
    } else if (word === 'PXAT' && !hasExpiry) {
      i += 1
      const time = indexOf(at(args, i))
      if (time <= 0) throw new ArgumentError(errors.expiry('SET'))
      options.expiresAt = time
    } else throw new ArgumentError(errors.syntax)
  }
  return options
}

function add(database: Database, keyBytes: Buffer, amount: bigint): ServerReply {
  const key = keyOf(keyBytes)
  const value = database.read(key, 'string')
  const sum = (value === undefined ? 0n : integerOf(Buffer.from(value))) + amount
  if (isOutOfRange(sum)) return errors.overflow
  database.write(key, Buffer.from(String(sum)), database.expiryOf(key) ?? undefined)
  return integer(sum)
}
