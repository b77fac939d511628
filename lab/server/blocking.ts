import { ArgumentError, at, scoreOf } from './arguments.js'
import { blockOf, resolveStreams } from './commands/streams.js'
import { array, bulk, errors, noArray, nothing, type ServerReply } from './reply.js'
import type { Store } from './store.js'

/** A command that can wait for an element. */
export interface BlockingCommand {
  readonly arity: number
  /** Milliseconds that it may wait, Infinity for no limit; undefined if it does not wait. */
  wait(args: readonly Buffer[]): number | undefined
  /** Replaces its arguments when it starts to wait; absent: they stay as they are. */
  begin?(store: Store, database: number, args: readonly Buffer[]): readonly Buffer[]
  /** The reply if there is no element and it may not wait. */
  readonly none: ServerReply
  /** Takes an element, and returns the reply; undefined if there is none. */
  take(store: Store, database: number, args: readonly Buffer[]): ServerReply | undefined
}

const popOf =
  (command: 'LPOP' | 'RPOP') =>
  (store: Store, database: number, args: readonly Buffer[]): ServerReply | undefined => {
    for (const key of args.slice(1, -1)) {
      const reply = store.execute([command, key], database)
      if (reply.type === 'error') return reply
      if (reply.type === 'bulk') return array([bulk(key), reply])
    }
    return undefined
  }

const move = (store: Store, database: number, args: readonly Buffer[]): ServerReply | undefined => {
  const [from, to] = [at(args, 3), at(args, 4)].map((side) => side.toString('latin1').toUpperCase())
  if (!/^(LEFT|RIGHT)$/.test(from ?? '') || !/^(LEFT|RIGHT)$/.test(to ?? '')) return errors.syntax
  const target = store.execute(['LLEN', at(args, 2)], database)
  if (target.type === 'error') return target
  const taken = store.execute([from === 'LEFT' ? 'LPOP' : 'RPOP', at(args, 1)], database)
  if (taken.type !== 'bulk') return taken.type === 'error' ? taken : undefined
  store.execute([to === 'LEFT' ? 'LPUSH' : 'RPUSH', at(args, 2), taken.value], database)
  return taken
}

/** Seconds, in the last argument; 0 means no limit. */
function secondsOf(args: readonly Buffer[]): number {
  const seconds = scoreOfTimeout(at(args, args.length - 1))
  return seconds === 0 ? Infinity : seconds * 1_000
}

export const blockingCommands: Readonly<Record<string, BlockingCommand>> = {
  BLPOP: { arity: -3, wait: secondsOf, none: noArray, take: popOf('LPOP') },
  BRPOP: { arity: -3, wait: secondsOf, none: noArray, take: popOf('RPOP') },
  BLMOVE: { arity: 6, wait: secondsOf, none: nothing, take: move },
  XREAD: {
    arity: -4,
    wait: blockOf,
    none: noArray,
    begin: (store, database, args) => resolveStreams(store.database(database), args),
    take: (store, database, args) => {
      const reply = store.execute([...args], database)
      return reply.type === 'null-array' ? undefined : reply
    },
  },
}

function scoreOfTimeout(bytes: Buffer): number {
  let seconds: number
  try {
    seconds = scoreOf(bytes)
  } catch {
    throw new ArgumentError({ type: 'error', text: 'ERR timeout is not a float or out of range' })
  }
  if (seconds < 0) throw new ArgumentError({ type: 'error', text: 'ERR timeout is negative' })
  return seconds
}
