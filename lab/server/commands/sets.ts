import { at, bytesOf, keyOf } from '../arguments.js'
import { bulk, integer, set } from '../reply.js'
import { type CommandTable, reads, writes } from './command.js'

export const sets: CommandTable = {
  SADD: writes(-3, (database, args) => {
    const added = database.change(keyOf(at(args, 1)), 'set', (members) => {
      const before = members.size
      for (const member of args.slice(2)) members.add(keyOf(member))
      return members.size - before
    })
    return integer(added)
  }),
  SREM: writes(-3, (database, args) => {
    const key = keyOf(at(args, 1))
    if (database.read(key, 'set') === undefined) return integer(0)
    const gone = args.slice(2).map(keyOf)
    return integer(database.change(key, 'set', (members) => gone.filter((member) => members.delete(member)).length))
  }),
  SMEMBERS: reads(2, (database, args) => {
    const members = database.read(keyOf(at(args, 1)), 'set') ?? new Set<string>()
    return set([...members].map((member) => bulk(bytesOf(member))))
  }),
  SISMEMBER: reads(3, (database, args) =>
    integer(database.read(keyOf(at(args, 1)), 'set')?.has(keyOf(at(args, 2))) === true ? 1 : 0),
  ),
  SCARD: reads(2, (database, args) => integer(database.read(keyOf(at(args, 1)), 'set')?.size ?? 0)),
}
