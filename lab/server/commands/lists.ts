import { at, indexOf, keyOf, sliceOf } from '../arguments.js'
import type { Database } from '../database.js'
import { array, bulk, errors, integer, noArray, nothing, type ServerReply } from '../reply.js'
import { type CommandTable, reads, writes } from './command.js'

type Side = 'left' | 'right'

export const lists: CommandTable = {
  LPUSH: writes(-3, (database, args) => push(database, args, 'left')),
  RPUSH: writes(-3, (database, args) => push(database, args, 'right')),
  LPOP: writes(-2, (database, args) => pop(database, args, 'left')),
  RPOP: writes(-2, (database, args) => pop(database, args, 'right')),
  LLEN: reads(2, (database, args) => integer(database.read(keyOf(at(args, 1)), 'list')?.length ?? 0)),
  LRANGE: reads(4, (database, args) => {
    const start = indexOf(at(args, 2))
    const stop = indexOf(at(args, 3))
    const list = database.read(keyOf(at(args, 1)), 'list') ?? []
    return array(list.slice(...sliceOf(list.length, start, stop)).map(bulk))
  }),
}

function push(database: Database, args: readonly Buffer[], side: Side): ServerReply {
  const items = args.slice(2).map((item) => Buffer.from(item))
  const length = database.change(keyOf(at(args, 1)), 'list', (list) =>
    side === 'right' ? list.push(...items) : list.unshift(...items.reverse()),
  )
  return integer(length)
}

function pop(database: Database, args: readonly Buffer[], side: Side): ServerReply {
  if (args.length > 3) return errors.arity(side === 'left' ? 'LPOP' : 'RPOP')
  const count = args[2] === undefined ? undefined : indexOf(args[2])
  if (count !== undefined && count < 0) return errors.notPositive
  const key = keyOf(at(args, 1))
  if (database.read(key, 'list') === undefined) return count === undefined ? nothing : noArray
  if (count === 0) return array([])
  const taken = database.change(key, 'list', (list) =>
    side === 'left' ? list.splice(0, count ?? 1) : list.splice(-(count ?? 1)).reverse(),
  )
  return count === undefined ? bulk(at(taken, 0)) : array(taken.map(bulk))
}
