import type { Database } from '../database.js'
import type { ServerReply } from '../reply.js'

/** A command that works on one database. */
export interface StoreCommand {
  /** Number of arguments, including the name; negative: the minimum. */
  readonly arity: number
  /** Changes data: refused by a replica. */
  readonly writes: boolean
  run(database: Database, args: readonly Buffer[]): ServerReply
}

/** Commands by name, in upper case. */
export type CommandTable = Readonly<Record<string, StoreCommand>>

type Run = StoreCommand['run']

export const reads = (arity: number, run: Run): StoreCommand => ({ arity, writes: false, run })
export const writes = (arity: number, run: Run): StoreCommand => ({ arity, writes: true, run })
