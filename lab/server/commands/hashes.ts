import { at, bytesOf, keyOf, pairsOf } from '../arguments.js'
import { bulk, errors, integer, map, nothing } from '../reply.js'
import { type CommandTable, reads, writes } from './command.js'

export const hashes: CommandTable = {
  HSET: writes(-4, (database, args) => {
    const pairs = pairsOf(args.slice(2))
    if (pairs === undefined) return errors.arity('HSET')
    const added = database.change(keyOf(at(args, 1)), 'hash', (hash) => {
      const before = hash.size
      for (const [field, value] of pairs) hash.set(keyOf(field), Buffer.from(value))
      return hash.size - before
    })
    return integer(added)
  }),
  HGET: reads(3, (database, args) => {
    const value = database.read(keyOf(at(args, 1)), 'hash')?.get(keyOf(at(args, 2)))
    return value === undefined ? nothing : bulk(value)
  }),
  HDEL: writes(-3, (database, args) => {
    const key = keyOf(at(args, 1))
    if (database.read(key, 'hash') === undefined) return integer(0)
    const fields = args.slice(2).map(keyOf)
    return integer(database.change(key, 'hash', (hash) => fields.filter((field) => hash.delete(field)).length))
  }),
  HGETALL: reads(2, (database, args) => {
    const hash = database.read(keyOf(at(args, 1)), 'hash') ?? new Map<string, Buffer>()
    return map([...hash].map(([field, value]) => [bulk(bytesOf(field)), bulk(value)] as const))
  }),
  HLEN: reads(2, (database, args) => integer(database.read(keyOf(at(args, 1)), 'hash')?.size ?? 0)),
}
