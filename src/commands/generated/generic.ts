// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { AnyOrder, Digits, Numeric, OneOrMore, Spread, Text, Value } from '../types/arguments.js'
import type { CallContext, Bulk, ScanReply, Sent, Time } from '../types/replies.js'

export interface GenericCommands<C extends CallContext> {
  /**
   * Copies a key to another. Server documentation: COPY.
   *
   * O(N); since Redis 6.2.0. Resolves to `0 | 1`.
   */
  copy(source: Text, destination: Text, ...options: AnyOrder<{ destinationDb: ['DB', destinationDb: Numeric]; replace: ['REPLACE'] }>): Sent<C, 0 | 1>

  /**
   * Deletes keys, and returns how many existed. Server documentation: DEL.
   *
   * O(N); since Redis 1.0.0. Resolves to `number`.
   */
  del(...keys: OneOrMore<Text>): Sent<C, number>

  /**
   * Returns the value of a key in the server's own format: use it with `buffers`. Server documentation: DUMP.
   *
   * O(1); since Redis 2.6.0. Resolves to `Bulk | null`.
   */
  dump(key: Text): Sent<C, Bulk<C> | null>

  /**
   * Counts which of the keys exist; a key given twice counts twice. Server documentation: EXISTS.
   *
   * O(N); since Redis 1.0.0. Resolves to `number`.
   */
  exists(...keys: OneOrMore<Text>): Sent<C, number>

  /**
   * Sets the time to live of a key, in seconds. Server documentation: EXPIRE.
   *
   * O(1); since Redis 1.0.0. Resolves to `0 | 1`.
   */
  expire(key: Text, seconds: Numeric, ...condition: [] | ['NX'] | AnyOrder<{ xx: ['XX']; comparison: [comparison: 'GT' | 'LT'] }>): Sent<C, 0 | 1>

  /**
   * Sets when a key expires, in seconds of Unix time. Server documentation: EXPIREAT.
   *
   * O(1); since Redis 1.2.0. Resolves to `0 | 1`.
   */
  expireat(key: Text, unixTimeSeconds: Numeric, ...condition: [] | ['NX'] | AnyOrder<{ xx: ['XX']; comparison: [comparison: 'GT' | 'LT'] }>): Sent<C, 0 | 1>

  /**
   * Returns when a key expires, in seconds of Unix time; -1: never, -2: no such key. Server documentation: EXPIRETIME.
   *
   * O(1); since Redis 7.0.0. Resolves to `Time`.
   */
  expiretime(key: Text): Sent<C, Time<C>>

  /**
   * Lists all keys that match a pattern; the server does nothing else meanwhile: prefer `scanIterator`. Server documentation: KEYS.
   *
   * O(N); since Redis 1.0.0. Resolves to `Bulk[]`.
   */
  keys(pattern: Text): Sent<C, Bulk<C>[]>

  /**
   * Moves keys to another server. Server documentation: MIGRATE.
   *
   * O(N); since Redis 2.6.0. Resolves to `'OK' | 'NOKEY'`.
   */
  migrate(host: Value, port: Numeric, keyOrEmptyString: Text | '', destinationDb: Numeric, timeout: Numeric, ...args: (Spread<Value>)[]): Sent<C, 'OK' | 'NOKEY'>

  /**
   * Moves a key to another database. Server documentation: MOVE.
   *
   * O(1); since Redis 1.0.0. Resolves to `0 | 1`.
   */
  move(key: Text, db: Numeric): Sent<C, 0 | 1>

  /**
   * Returns how the server stores a value. Server documentation: OBJECT ENCODING.
   *
   * O(1); since Redis 2.2.3. Resolves to `Bulk | null`.
   */
  objectEncoding(key: Text): Sent<C, Bulk<C> | null>

  /**
   * Returns how often a key was used. Server documentation: OBJECT FREQ.
   *
   * O(1); since Redis 4.0.0. Resolves to `number | null`.
   */
  objectFreq(key: Text): Sent<C, number | null>

  /**
   * Describes the subcommands of OBJECT. Server documentation: OBJECT HELP.
   *
   * O(1); since Redis 6.2.0. Resolves to `string[]`.
   */
  objectHelp(): Sent<C, string[]>

  /**
   * Returns the seconds since a key was used. Server documentation: OBJECT IDLETIME.
   *
   * O(1); since Redis 2.2.3. Resolves to `number | null`.
   */
  objectIdletime(key: Text): Sent<C, number | null>

  /**
   * Returns the number of references to a value. Server documentation: OBJECT REFCOUNT.
   *
   * O(1); since Redis 2.2.3. Resolves to `number | null`.
   */
  objectRefcount(key: Text): Sent<C, number | null>

  /**
   * Removes the expiry of a key. Server documentation: PERSIST.
   *
   * O(1); since Redis 2.2.0. Resolves to `0 | 1`.
   */
  persist(key: Text): Sent<C, 0 | 1>

  /**
   * Sets the time to live of a key, in milliseconds. Server documentation: PEXPIRE.
   *
   * O(1); since Redis 2.6.0. Resolves to `0 | 1`.
   */
  pexpire(key: Text, milliseconds: Numeric, ...condition: [] | ['NX'] | AnyOrder<{ xx: ['XX']; comparison: [comparison: 'GT' | 'LT'] }>): Sent<C, 0 | 1>

  /**
   * Sets when a key expires, in milliseconds of Unix time. Server documentation: PEXPIREAT.
   *
   * O(1); since Redis 2.6.0. Resolves to `0 | 1`.
   */
  pexpireat(key: Text, unixTimeMilliseconds: Numeric, ...condition: [] | ['NX'] | AnyOrder<{ xx: ['XX']; comparison: [comparison: 'GT' | 'LT'] }>): Sent<C, 0 | 1>

  /**
   * Returns when a key expires, in milliseconds of Unix time; -1: never, -2: no such key. Server documentation: PEXPIRETIME.
   *
   * O(1); since Redis 7.0.0. Resolves to `Time`.
   */
  pexpiretime(key: Text): Sent<C, Time<C>>

  /**
   * Returns the time to live of a key, in milliseconds; -1: no expiry, -2: no such key. Server documentation: PTTL.
   *
   * O(1); since Redis 2.6.0. Resolves to `Time`.
   */
  pttl(key: Text): Sent<C, Time<C>>

  /**
   * Returns a random key. Server documentation: RANDOMKEY.
   *
   * O(1); since Redis 1.0.0. Resolves to `Bulk | null`.
   */
  randomkey(): Sent<C, Bulk<C> | null>

  /**
   * Renames a key, replacing one that has the new name. Server documentation: RENAME.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  rename(key: Text, newkey: Text): Sent<C, 'OK'>

  /**
   * Renames a key if no other has the new name. Server documentation: RENAMENX.
   *
   * O(1); since Redis 1.0.0. Resolves to `0 | 1`.
   */
  renamenx(key: Text, newkey: Text): Sent<C, 0 | 1>

  /**
   * Creates a key from a value that DUMP returned. Server documentation: RESTORE.
   *
   * O(1); since Redis 2.6.0. Resolves to `'OK'`.
   */
  restore(key: Text, ttl: Numeric, serializedValue: Value, ...options: AnyOrder<{ replace: ['REPLACE']; absttl: ['ABSTTL']; seconds: ['IDLETIME', seconds: Numeric]; frequency: ['FREQ', frequency: Numeric] }>): Sent<C, 'OK'>

  /**
   * Lists a part of the keys; prefer `scanIterator`. Server documentation: SCAN.
   *
   * O(1); since Redis 2.8.0. Resolves to `ScanReply<Bulk>`.
   */
  scan(cursor: Numeric, ...options: AnyOrder<{ pattern: ['MATCH', pattern: Text]; count: ['COUNT', count: Numeric]; type: ['TYPE', type: Value] }>): Sent<C, ScanReply<Bulk<C>>>

  /**
   * Sorts a list, set or sorted set, or stores the result. Server documentation: SORT.
   *
   * O(N+M*log(M)); since Redis 1.0.0. Resolves to `number | (Bulk | null)[]`.
   */
  sort(key: Text, ...args: ('BY' | Text | 'LIMIT' | Digits | 'GET' | 'ASC' | 'DESC' | 'ALPHA' | 'STORE')[]): Sent<C, number | (Bulk<C> | null)[]>

  /**
   * Sorts a list, set or sorted set. Server documentation: SORT_RO.
   *
   * O(N+M*log(M)); since Redis 7.0.0. Resolves to `(Bulk | null)[]`.
   */
  sortRo(key: Text, ...args: ('BY' | Text | 'LIMIT' | Digits | 'GET' | 'ASC' | 'DESC' | 'ALPHA')[]): Sent<C, (Bulk<C> | null)[]>

  /**
   * Counts which of the keys exist, and marks them as used. Server documentation: TOUCH.
   *
   * O(N); since Redis 3.2.1. Resolves to `number`.
   */
  touch(...keys: OneOrMore<Text>): Sent<C, number>

  /**
   * Returns the time to live of a key, in seconds; -1: no expiry, -2: no such key. Server documentation: TTL.
   *
   * O(1); since Redis 1.0.0. Resolves to `Time`.
   */
  ttl(key: Text): Sent<C, Time<C>>

  /**
   * Returns the type of a key; `none` if it does not exist. Server documentation: TYPE.
   *
   * O(1); since Redis 1.0.0. Resolves to `string`.
   */
  type(key: Text): Sent<C, string>

  /**
   * Deletes keys, frees their memory later, and returns how many existed. Server documentation: UNLINK.
   *
   * O(1); since Redis 4.0.0. Resolves to `number`.
   */
  unlink(...keys: OneOrMore<Text>): Sent<C, number>

  /**
   * Waits until replicas have what was written on this connection, and returns how many have it. Server documentation: WAIT.
   *
   * O(1); since Redis 3.0.0. Resolves to `number`.
   */
  wait(numreplicas: Numeric, timeout: Numeric): Sent<C, number>

  /**
   * Waits until what was written on this connection is on disk. Server documentation: WAITAOF.
   *
   * O(1); since Redis 7.2.0. Resolves to `[local: number, replicas: number]`.
   */
  waitaof(numlocal: Numeric, numreplicas: Numeric, timeout: Numeric): Sent<C, [local: number, replicas: number]>
}
