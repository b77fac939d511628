import { isSendable, numberText } from '../protocol/arguments.js'
import { isBytes, viewOf } from '../protocol/byte-arrays.js'
import type { Argument } from '../protocol/types.js'
import {
  classOfExpire,
  classOfExpireat,
  classOfGetex,
  classOfPexpireat,
  classOfSet,
  classOfSort,
  classOfZadd,
} from './classes.js'
import type { CommandDescriptor, KeyPositions, WaitArgument } from './descriptor.js'
import type { RetryClass } from './retry.js'
import {
  toEntries,
  toKeyMemberScore,
  toKeyMembers,
  toMap,
  toNumber,
  toNumbers,
  toRange,
  toScan,
  toScored,
  toSet,
  toStreams,
  toText,
} from './transforms.js'
import { optionsOf, sortDestination, word } from './words.js'

const firstKey: KeyPositions = { first: 1, last: 1, step: 1 }
const allKeys: KeyPositions = { first: 1, last: -1, step: 1 }
const twoKeys: KeyPositions = { first: 1, last: 2, step: 1 }
const everySecond: KeyPositions = { first: 1, last: -1, step: 2 }

/** Keys after their number, which stands at `position`: a number greater than what follows is for the server to refuse. */
const numberedKeys =
  (position: number): KeyPositions =>
  (args) => {
    const given = Number(word(args[position])) || 0
    // The server refuses a number that the arguments do not bear out; no list that long is to be made before.
    const length = Math.min(Math.max(0, given), Math.max(0, args.length - position - 1))
    return Array.from({ length }, (_, i) => position + 1 + i)
  }

/** The options of XREAD and XREADGROUP: after STREAMS come keys and ids. */
const readOptions = (args: readonly Argument[]): Map<string, number> =>
  optionsOf(args, 1, { GROUP: 2, COUNT: 1, BLOCK: 1, CLAIM: 1 }, 'STREAMS')

/** The first half of what follows STREAMS. */
const streamKeys: KeyPositions = (args) => {
  const streams = readOptions(args).get('STREAMS')
  if (streams === undefined) return []
  const start = streams + 1
  return Array.from({ length: Math.floor((args.length - start) / 2) }, (_, i) => start + i)
}

/** SORT key ... [STORE destination]: the keys named by BY and GET patterns are not prefixed. */
const sortKeys: KeyPositions = (args) => {
  const destination = sortDestination(args)
  return destination === undefined ? [1] : [1, destination]
}

type Options = Omit<CommandDescriptor, 'name' | 'retryClass' | 'keys'>

function command(
  name: string,
  retryClass: CommandDescriptor['retryClass'],
  keys?: KeyPositions,
  options: Options = {},
): CommandDescriptor {
  return keys === undefined ? { name, retryClass, ...options } : { name, retryClass, keys, ...options }
}

const session = 'use client.session()'
const ownTransaction = 'use client.multi()'
const watching = 'use client.transaction() or client.session()'
const subscribing = 'use client.subscribe(), client.psubscribe() or client.ssubscribe()'

/** `BLOCK milliseconds` before STREAMS. */
const waitOfBlock = (args: readonly Argument[]): WaitArgument | undefined => {
  const block = readOptions(args).get('BLOCK')
  return block === undefined ? undefined : { position: block + 1, unit: 1 }
}
const lastIsSeconds = (args: readonly Argument[]): WaitArgument => ({ position: args.length - 1, unit: 1_000 })
const firstIsSeconds = (): WaitArgument => ({ position: 1, unit: 1_000 })
const lastIsMilliseconds = (args: readonly Argument[]): WaitArgument => ({ position: args.length - 1, unit: 1 })
const inPlace: Options = { wait: lastIsMilliseconds, waitsInPlace: true }

/** What is known of each command; docs/decisions/0002-retry-classes.md says why each is of its class. */
export const table = {
  // Strings
  GET: command('GET', 'read', firstKey),
  SET: command('SET', classOfSet, firstKey),
  GETDEL: command('GETDEL', 'unsafe', firstKey),
  GETEX: command('GETEX', classOfGetex, firstKey),
  GETSET: command('GETSET', 'convergent', firstKey),
  MGET: command('MGET', 'read', allKeys),
  MSET: command('MSET', 'idempotent', everySecond),
  MSETNX: command('MSETNX', 'unsafe', everySecond),
  SETEX: command('SETEX', 'idempotent', firstKey),
  PSETEX: command('PSETEX', 'idempotent', firstKey),
  SETNX: command('SETNX', 'unsafe', firstKey),
  SETRANGE: command('SETRANGE', 'idempotent', firstKey),
  GETRANGE: command('GETRANGE', 'read', firstKey),
  STRLEN: command('STRLEN', 'read', firstKey),
  APPEND: command('APPEND', 'unsafe', firstKey),
  INCR: command('INCR', 'unsafe', firstKey),
  INCRBY: command('INCRBY', 'unsafe', firstKey),
  INCRBYFLOAT: command('INCRBYFLOAT', 'unsafe', firstKey, { transform: toNumber }),
  DECR: command('DECR', 'unsafe', firstKey),
  DECRBY: command('DECRBY', 'unsafe', firstKey),
  // Keys
  DEL: command('DEL', 'convergent', allKeys),
  UNLINK: command('UNLINK', 'convergent', allKeys),
  EXISTS: command('EXISTS', 'read', allKeys),
  EXPIRE: command('EXPIRE', classOfExpire, firstKey),
  PEXPIRE: command('PEXPIRE', classOfExpire, firstKey),
  EXPIREAT: command('EXPIREAT', classOfExpireat, firstKey),
  PEXPIREAT: command('PEXPIREAT', classOfPexpireat, firstKey),
  TTL: command('TTL', 'read', firstKey),
  PTTL: command('PTTL', 'read', firstKey),
  PERSIST: command('PERSIST', 'convergent', firstKey),
  TYPE: command('TYPE', 'read', firstKey),
  KEYS: command('KEYS', 'read', firstKey),
  RENAME: command('RENAME', 'unsafe', twoKeys),
  SCAN: command('SCAN', 'read', undefined, { transform: toScan }),
  SORT: command('SORT', classOfSort, sortKeys),
  SORT_RO: command('SORT_RO', 'read', firstKey),
  // Hashes
  HGET: command('HGET', 'read', firstKey),
  HSET: command('HSET', 'convergent', firstKey),
  HSETNX: command('HSETNX', 'unsafe', firstKey),
  HMGET: command('HMGET', 'read', firstKey),
  HGETALL: command('HGETALL', 'read', firstKey, { transform: toMap }),
  HDEL: command('HDEL', 'convergent', firstKey),
  HEXISTS: command('HEXISTS', 'read', firstKey),
  HINCRBY: command('HINCRBY', 'unsafe', firstKey),
  HINCRBYFLOAT: command('HINCRBYFLOAT', 'unsafe', firstKey, { transform: toNumber }),
  HKEYS: command('HKEYS', 'read', firstKey),
  HVALS: command('HVALS', 'read', firstKey),
  HLEN: command('HLEN', 'read', firstKey),
  HSCAN: command('HSCAN', 'read', firstKey, { transform: toScan }),
  // Lists
  LPUSH: command('LPUSH', 'unsafe', firstKey),
  RPUSH: command('RPUSH', 'unsafe', firstKey),
  LPOP: command('LPOP', 'unsafe', firstKey),
  RPOP: command('RPOP', 'unsafe', firstKey),
  LRANGE: command('LRANGE', 'read', firstKey),
  LLEN: command('LLEN', 'read', firstKey),
  LINDEX: command('LINDEX', 'read', firstKey),
  LSET: command('LSET', 'idempotent', firstKey),
  LREM: command('LREM', 'unsafe', firstKey),
  LTRIM: command('LTRIM', 'unsafe', firstKey),
  LMOVE: command('LMOVE', 'unsafe', twoKeys),
  // Sets
  SADD: command('SADD', 'convergent', firstKey),
  SREM: command('SREM', 'convergent', firstKey),
  SMEMBERS: command('SMEMBERS', 'read', firstKey, { transform: toSet }),
  SISMEMBER: command('SISMEMBER', 'read', firstKey),
  SCARD: command('SCARD', 'read', firstKey),
  SSCAN: command('SSCAN', 'read', firstKey, { transform: toScan }),
  SPOP: command('SPOP', 'unsafe', firstKey, { transform: toSet }),
  SINTER: command('SINTER', 'read', allKeys, { transform: toSet }),
  SUNION: command('SUNION', 'read', allKeys, { transform: toSet }),
  SDIFF: command('SDIFF', 'read', allKeys, { transform: toSet }),
  // Sorted sets
  ZADD: command('ZADD', classOfZadd, firstKey, { transform: toNumber }),
  ZREM: command('ZREM', 'convergent', firstKey),
  ZSCORE: command('ZSCORE', 'read', firstKey, { transform: toNumber }),
  ZMSCORE: command('ZMSCORE', 'read', firstKey, { transform: toNumbers }),
  ZINCRBY: command('ZINCRBY', 'unsafe', firstKey, { transform: toNumber }),
  ZRANGE: command('ZRANGE', 'read', firstKey, { transform: toRange }),
  ZRANK: command('ZRANK', 'read', firstKey),
  ZSCAN: command('ZSCAN', 'read', firstKey, { transform: toScan }),
  ZCARD: command('ZCARD', 'read', firstKey),
  ZCOUNT: command('ZCOUNT', 'read', firstKey),
  ZREMRANGEBYSCORE: command('ZREMRANGEBYSCORE', 'convergent', firstKey),
  ZPOPMIN: command('ZPOPMIN', 'unsafe', firstKey, { transform: toScored }),
  ZPOPMAX: command('ZPOPMAX', 'unsafe', firstKey, { transform: toScored }),
  // Streams
  XADD: command('XADD', 'unsafe', firstKey, { transform: toText }),
  XLEN: command('XLEN', 'read', firstKey),
  XRANGE: command('XRANGE', 'read', firstKey, { transform: toEntries }),
  XREAD: command('XREAD', 'read', streamKeys, { transform: toStreams, wait: waitOfBlock }),
  XDEL: command('XDEL', 'convergent', firstKey),
  XACK: command('XACK', 'convergent', firstKey),
  XREADGROUP: command('XREADGROUP', 'unsafe', streamKeys, { transform: toStreams, wait: waitOfBlock }),
  'XGROUP CREATE': command('XGROUP CREATE', 'unsafe', { first: 2, last: 2, step: 1 }),
  // Scripts and functions
  EVAL: command('EVAL', 'unsafe', numberedKeys(2), { runsUserCode: true }),
  EVALSHA: command('EVALSHA', 'unsafe', numberedKeys(2), { runsUserCode: true }),
  FCALL: command('FCALL', 'unsafe', numberedKeys(2), { runsUserCode: true }),
  EVAL_RO: command('EVAL_RO', 'read', numberedKeys(2), { runsUserCode: true }),
  EVALSHA_RO: command('EVALSHA_RO', 'read', numberedKeys(2), { runsUserCode: true }),
  FCALL_RO: command('FCALL_RO', 'read', numberedKeys(2), { runsUserCode: true }),
  'SCRIPT LOAD': command('SCRIPT LOAD', 'idempotent', undefined, { transform: toText }),
  // Server and connection
  PUBLISH: command('PUBLISH', 'unsafe'),
  SPUBLISH: command('SPUBLISH', 'unsafe'),
  PING: command('PING', 'read'),
  ECHO: command('ECHO', 'read'),
  INFO: command('INFO', 'read', undefined, { transform: toText }),
  DBSIZE: command('DBSIZE', 'read'),
  TIME: command('TIME', 'read'),
  FLUSHDB: command('FLUSHDB', 'convergent'),
  'CONFIG GET': command('CONFIG GET', 'read', undefined, { transform: toMap }),
  'CONFIG SET': command('CONFIG SET', 'idempotent'),
  'CLIENT UNBLOCK': command('CLIENT UNBLOCK', 'unsafe'),
  'CLIENT ID': command('CLIENT ID', 'read'),
  'CLIENT LIST': command('CLIENT LIST', 'read'),
  'CLIENT INFO': command('CLIENT INFO', 'read'),
  'OBJECT ENCODING': command('OBJECT ENCODING', 'read', { first: 2, last: 2, step: 1 }),
  // Commands that wait on the server
  BLPOP: command('BLPOP', 'unsafe', { first: 1, last: -2, step: 1 }, { wait: lastIsSeconds }),
  BRPOP: command('BRPOP', 'unsafe', { first: 1, last: -2, step: 1 }, { wait: lastIsSeconds }),
  BLMOVE: command('BLMOVE', 'unsafe', twoKeys, { wait: lastIsSeconds }),
  BRPOPLPUSH: command('BRPOPLPUSH', 'unsafe', twoKeys, { wait: lastIsSeconds }),
  BLMPOP: command('BLMPOP', 'unsafe', numberedKeys(2), { wait: firstIsSeconds }),
  BZPOPMIN: command(
    'BZPOPMIN',
    'unsafe',
    { first: 1, last: -2, step: 1 },
    { wait: lastIsSeconds, transform: toKeyMemberScore },
  ),
  BZPOPMAX: command(
    'BZPOPMAX',
    'unsafe',
    { first: 1, last: -2, step: 1 },
    { wait: lastIsSeconds, transform: toKeyMemberScore },
  ),
  BZMPOP: command('BZMPOP', 'unsafe', numberedKeys(2), { wait: firstIsSeconds, transform: toKeyMembers }),
  WAIT: command('WAIT', 'unsafe', undefined, inPlace),
  WAITAOF: command('WAITAOF', 'unsafe', undefined, inPlace),
  // Commands that change the state of their connection
  SELECT: command('SELECT', 'unsafe', undefined, { changesConnection: "give the option 'database'" }),
  AUTH: command('AUTH', 'unsafe', undefined, {
    changesConnection: "give the options 'username' and 'password', or 'credentials'",
  }),
  HELLO: command('HELLO', 'unsafe', undefined, { changesConnection: "give the option 'protocol'" }),
  RESET: command('RESET', 'unsafe', undefined, { changesConnection: session }),
  QUIT: command('QUIT', 'unsafe', undefined, { changesConnection: 'use client.close()' }),
  MULTI: command('MULTI', 'unsafe', undefined, { changesConnection: ownTransaction }),
  EXEC: command('EXEC', 'unsafe', undefined, { changesConnection: ownTransaction }),
  DISCARD: command('DISCARD', 'unsafe', undefined, { changesConnection: ownTransaction }),
  WATCH: command('WATCH', 'unsafe', allKeys, { changesConnection: watching }),
  UNWATCH: command('UNWATCH', 'unsafe', undefined, { changesConnection: watching }),
  MONITOR: command('MONITOR', 'unsafe', undefined, { changesConnection: 'use monitor() of a session' }),
  SUBSCRIBE: command('SUBSCRIBE', 'unsafe', undefined, { changesConnection: subscribing }),
  UNSUBSCRIBE: command('UNSUBSCRIBE', 'unsafe', undefined, { changesConnection: subscribing }),
  PSUBSCRIBE: command('PSUBSCRIBE', 'unsafe', undefined, { changesConnection: subscribing }),
  PUNSUBSCRIBE: command('PUNSUBSCRIBE', 'unsafe', undefined, { changesConnection: subscribing }),
  SSUBSCRIBE: command('SSUBSCRIBE', 'unsafe', undefined, { changesConnection: subscribing }),
  SUNSUBSCRIBE: command('SUNSUBSCRIBE', 'unsafe', undefined, { changesConnection: subscribing }),
  SYNC: command('SYNC', 'unsafe', undefined, { changesConnection: session }),
  PSYNC: command('PSYNC', 'unsafe', undefined, { changesConnection: session }),
  // Some forms of it get no reply: on the shared connection everybody would be given that of the next.
  REPLCONF: command('REPLCONF', 'unsafe', undefined, { changesConnection: session }),
  ASKING: command('ASKING', 'unsafe', undefined, { changesConnection: session }),
  READONLY: command('READONLY', 'unsafe', undefined, { changesConnection: session }),
  READWRITE: command('READWRITE', 'unsafe', undefined, { changesConnection: session }),
  'CLIENT REPLY': command('CLIENT REPLY', 'unsafe', undefined, { changesConnection: session }),
  'CLIENT TRACKING': command('CLIENT TRACKING', 'unsafe', undefined, { changesConnection: session }),
  'CLIENT CAPA': command('CLIENT CAPA', 'unsafe', undefined, { changesConnection: session }),
  'CLIENT IMPORT-SOURCE': command('CLIENT IMPORT-SOURCE', 'unsafe', undefined, { changesConnection: session }),
  'SCRIPT DEBUG': command('SCRIPT DEBUG', 'unsafe', undefined, { changesConnection: session }),
  'CLIENT CACHING': command('CLIENT CACHING', 'unsafe', undefined, { changesConnection: session }),
  'CLIENT NO-EVICT': command('CLIENT NO-EVICT', 'unsafe', undefined, { changesConnection: session }),
  'CLIENT NO-TOUCH': command('CLIENT NO-TOUCH', 'unsafe', undefined, { changesConnection: session }),
  'CLIENT SETNAME': command('CLIENT SETNAME', 'unsafe', undefined, {
    changesConnection: "give the option 'clientName'",
  }),
} as const satisfies Record<string, CommandDescriptor>

const byName = new Map<string, CommandDescriptor>(Object.entries(table))
const containers = new Set([...byName.keys()].filter((name) => name.includes(' ')).map((name) => name.split(' ')[0]))

/** What is known of the command with these arguments, whatever the case of its name. */
export function lookup(args: readonly Argument[]): CommandDescriptor {
  let name = word(args[0])
  if (containers.has(name)) name = `${name} ${word(args[1])}`
  return byName.get(name) ?? unknownCommand(name)
}

/** Nothing is known: repeating it may do its work twice, and its errors (a module's, say) may follow upon work done. */
function unknownCommand(name: string): CommandDescriptor {
  return { name, retryClass: 'unsafe', runsUserCode: true }
}

/** What repeating this very call does. */
export function retryClassOf(descriptor: CommandDescriptor, args: readonly Argument[]): RetryClass {
  const { retryClass } = descriptor
  return typeof retryClass === 'function' ? retryClass(args) : retryClass
}

/** The arguments with `prefix` before each key. Of a command that is not in the table no key is known: it is left as it is. */
export function prefixKeys(descriptor: CommandDescriptor, args: readonly Argument[], prefix: string): Argument[] {
  const prefixed = [...args]
  for (const position of positionsOf(descriptor.keys, args)) {
    if (position >= prefixed.length) break
    prefixed[position] = withPrefix(prefixed[position] as Argument, prefix)
  }
  return prefixed
}

function withPrefix(key: Argument, prefix: string): Argument {
  if (typeof key === 'string') return prefix + key
  if (isBytes(key)) return Buffer.concat([Buffer.from(prefix), viewOf(key)])
  // What can't be sent is left as it is, to be refused like any other: put behind a prefix, null were a word.
  return isSendable(key) ? prefix + numberText(key) : key
}

function positionsOf(keys: KeyPositions | undefined, args: readonly Argument[]): readonly number[] {
  if (keys === undefined) return []
  if (typeof keys === 'function') return keys(args)
  const last = keys.last < 0 ? args.length + keys.last : keys.last
  const positions: number[] = []
  for (let i = keys.first; i <= last; i += keys.step) positions.push(i)
  return positions
}
