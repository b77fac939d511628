// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, AnyOrderWith, FieldsOf, Numeric, OneOrMore, Pairs, Text, Value } from '../types/arguments.js'
import type { CallContext, Bulk, Int, MapOf, Sent } from '../types/replies.js'

export interface StringCommands<C extends CallContext> {
  /**
   * Appends to a string, and returns its length in bytes. Server documentation: APPEND.
   *
   * O(1); since Redis 2.0.0. Resolves to `number`.
   */
  append(key: Text, value: Value): Sent<C, number>

  /**
   * Subtracts 1 from a number, and returns it. Server documentation: DECR.
   *
   * O(1); since Redis 1.0.0. Resolves to `Int`.
   */
  decr(key: Text): Sent<C, Int<C>>

  /**
   * Subtracts from a number, and returns it. Server documentation: DECRBY.
   *
   * O(1); since Redis 1.0.0. Resolves to `Int`.
   */
  decrby(key: Text, decrement: Numeric): Sent<C, Int<C>>

  /**
   * Deletes a key if its value meets a condition. Server documentation: DELEX.
   *
   * O(1); since Redis 8.4.0. Resolves to `0 | 1`.
   */
  delex(key: Text, ...condition: [] | ['IFEQ', ifeqValue: Value] | ['IFNE', ifneValue: Value] | ['IFDEQ', ifdeqDigest: Value] | ['IFDNE', ifdneDigest: Value]): Sent<C, 0 | 1>

  /**
   * Deletes a key if it has a given value. Server documentation: DELIFEQ.
   *
   * O(1); since Valkey 9.0.0. Resolves to `0 | 1`.
   */
  delifeq(key: Text, value: Value): Sent<C, 0 | 1>

  /**
   * Returns a hash of a string's value. Server documentation: DIGEST.
   *
   * O(N); since Redis 8.4.0. Resolves to `Bulk | null`.
   */
  digest(key: Text): Sent<C, Bulk<C> | null>

  /**
   * Returns the value of a string. Server documentation: GET.
   *
   * O(1); since Redis 1.0.0. Resolves to `Bulk | null`.
   */
  get(key: Text): Sent<C, Bulk<C> | null>

  /**
   * Returns the value of a string, and deletes the key. Server documentation: GETDEL.
   *
   * O(1); since Redis 6.2.0. Resolves to `Bulk | null`.
   */
  getdel(key: Text): Sent<C, Bulk<C> | null>

  /**
   * Returns the value of a string, and changes when it expires. Server documentation: GETEX.
   *
   * O(1); since Redis 6.2.0. Resolves to `Bulk | null`.
   */
  getex(key: Text, ...expiration: [] | ['EX', seconds: Numeric] | ['PX', milliseconds: Numeric] | ['EXAT', unixTimeSeconds: Numeric] | ['PXAT', unixTimeMilliseconds: Numeric] | ['PERSIST']): Sent<C, Bulk<C> | null>

  /**
   * Returns a part of a string, by offsets in bytes. Server documentation: GETRANGE.
   *
   * O(N); since Redis 2.4.0. Resolves to `Bulk`.
   */
  getrange(key: Text, start: Numeric, end: Numeric): Sent<C, Bulk<C>>

  /**
   * Sets a string, and returns its previous value. Server documentation: GETSET.
   *
   * O(1); since Redis 1.0.0. Resolves to `Bulk | null`.
   */
  getset(key: Text, value: Value): Sent<C, Bulk<C> | null>

  /**
   * Adds 1 to a number, and returns it. Server documentation: INCR.
   *
   * O(1); since Redis 1.0.0. Resolves to `Int`.
   */
  incr(key: Text): Sent<C, Int<C>>

  /**
   * Adds to a number, and returns it. Server documentation: INCRBY.
   *
   * O(1); since Redis 1.0.0. Resolves to `Int`.
   */
  incrby(key: Text, increment: Numeric): Sent<C, Int<C>>

  /**
   * Adds to a number that may have a fraction, and returns it as text. Server documentation: INCRBYFLOAT.
   *
   * O(1); since Redis 2.6.0. Resolves to `string`.
   */
  incrbyfloat(key: Text, increment: Numeric): Sent<C, string>

  /**
   * Adds to a number within bounds, and sets when it expires. Server documentation: INCREX.
   *
   * O(1); since Redis 8.8.0. Resolves to `Reply`.
   */
  increx(key: Text, ...args: (Value)[]): Sent<C, Reply>

  /**
   * Finds the longest common subsequence of two strings. Server documentation: LCS.
   *
   * O(N*M); since Redis 7.0.0. Resolves to `number`, `MapOf<Reply>`, `Bulk`.
   */
  lcs(key1: Text, key2: Text, ...options: AnyOrderWith<{ len: ['LEN']; idx: ['IDX']; minMatchLen: ['MINMATCHLEN', minMatchLen: Numeric]; withmatchlen: ['WITHMATCHLEN'] }, 'len'>): Sent<C, number>
  /**
   * Finds the longest common subsequence of two strings. Server documentation: LCS.
   *
   * O(N*M); since Redis 7.0.0. Resolves to `number`, `MapOf<Reply>`, `Bulk`.
   */
  lcs(key1: Text, key2: Text, ...options: AnyOrderWith<{ len: ['LEN']; idx: ['IDX']; minMatchLen: ['MINMATCHLEN', minMatchLen: Numeric]; withmatchlen: ['WITHMATCHLEN'] }, 'idx'>): Sent<C, MapOf<C, Reply>>
  /**
   * Finds the longest common subsequence of two strings. Server documentation: LCS.
   *
   * O(N*M); since Redis 7.0.0. Resolves to `number`, `MapOf<Reply>`, `Bulk`.
   */
  lcs(key1: Text, key2: Text, ...options: AnyOrder<{ minMatchLen: ['MINMATCHLEN', minMatchLen: Numeric]; withmatchlen: ['WITHMATCHLEN'] }>): Sent<C, Bulk<C>>
  /**
   * Finds the longest common subsequence of two strings. Server documentation: LCS.
   *
   * O(N*M); since Redis 7.0.0. Resolves to `number`, `MapOf<Reply>`, `Bulk`.
   */
  lcs(key1: Text, key2: Text, ...options: AnyOrder<{ len: ['LEN']; idx: ['IDX']; minMatchLen: ['MINMATCHLEN', minMatchLen: Numeric]; withmatchlen: ['WITHMATCHLEN'] }>): Sent<C, number | MapOf<C, Reply> | Bulk<C>>

  /**
   * Returns the values of several strings, in their order. Server documentation: MGET.
   *
   * O(N); since Redis 1.0.0. Resolves to `(Bulk | null)[]`.
   */
  mget(...keys: OneOrMore<Text>): Sent<C, (Bulk<C> | null)[]>

  /**
   * Sets several strings. Server documentation: MSET.
   *
   * O(N); since Redis 1.0.1. Resolves to `'OK'`.
   */
  mset<T extends object>(fields: T & FieldsOf<T>): Sent<C, 'OK'>
  /**
   * Sets several strings. Server documentation: MSET.
   *
   * O(N); since Redis 1.0.1. Resolves to `'OK'`.
   */
  mset(...pairs: Pairs<[key: Text, value: Value]>): Sent<C, 'OK'>

  /**
   * Sets several strings, and when they expire. Server documentation: MSETEX.
   *
   * O(N); since Valkey 9.1.0. Resolves to `0 | 1`.
   */
  msetex<T extends object>(numkeys: Numeric, fields: T & FieldsOf<T>, ...options: AnyOrder<{ condition: [condition: 'NX' | 'XX']; expiration: ['EX', seconds: Numeric] | ['PX', milliseconds: Numeric] | ['EXAT', unixTimeSeconds: Numeric] | ['PXAT', unixTimeMilliseconds: Numeric] | ['KEEPTTL'] }>): Sent<C, 0 | 1>
  /**
   * Sets several strings, and when they expire. Server documentation: MSETEX.
   *
   * O(N); since Valkey 9.1.0. Resolves to `0 | 1`.
   */
  msetex(numkeys: Numeric, ...args: [...Pairs<[key: Text, value: Value]>, ...AnyOrder<{ condition: [condition: 'NX' | 'XX']; expiration: ['EX', seconds: Numeric] | ['PX', milliseconds: Numeric] | ['EXAT', unixTimeSeconds: Numeric] | ['PXAT', unixTimeMilliseconds: Numeric] | ['KEEPTTL'] }>]): Sent<C, 0 | 1>

  /**
   * Sets several strings if none of them exists. Server documentation: MSETNX.
   *
   * O(N); since Redis 1.0.1. Resolves to `0 | 1`.
   */
  msetnx<T extends object>(fields: T & FieldsOf<T>): Sent<C, 0 | 1>
  /**
   * Sets several strings if none of them exists. Server documentation: MSETNX.
   *
   * O(N); since Redis 1.0.1. Resolves to `0 | 1`.
   */
  msetnx(...pairs: Pairs<[key: Text, value: Value]>): Sent<C, 0 | 1>

  /**
   * Sets a string that expires after a number of milliseconds. Server documentation: PSETEX.
   *
   * O(1); since Redis 2.6.0. Resolves to `'OK'`.
   */
  psetex(key: Text, milliseconds: Numeric, value: Value): Sent<C, 'OK'>

  /**
   * Sets a string; with GET, returns the previous value. Server documentation: SET.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`, `'OK' | null`, `Bulk | null`.
   */
  set(key: Text, value: Value, ...expiration: [] | ['EX', seconds: Numeric] | ['PX', milliseconds: Numeric] | ['EXAT', unixTimeSeconds: Numeric] | ['PXAT', unixTimeMilliseconds: Numeric] | ['KEEPTTL']): Sent<C, 'OK'>
  /**
   * Sets a string; with GET, returns the previous value. Server documentation: SET.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`, `'OK' | null`, `Bulk | null`.
   */
  set(key: Text, value: Value, ...options: AnyOrder<{ condition: ['NX'] | ['XX'] | ['IFEQ', ifeqValue: Value] | ['IFNE', ifneValue: Value] | ['IFDEQ', ifdeqDigest: Value] | ['IFDNE', ifdneDigest: Value]; expiration: ['EX', seconds: Numeric] | ['PX', milliseconds: Numeric] | ['EXAT', unixTimeSeconds: Numeric] | ['PXAT', unixTimeMilliseconds: Numeric] | ['KEEPTTL'] }>): Sent<C, 'OK' | null>
  /**
   * Sets a string; with GET, returns the previous value. Server documentation: SET.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`, `'OK' | null`, `Bulk | null`.
   */
  set(key: Text, value: Value, ...options: AnyOrderWith<{ condition: ['NX'] | ['XX'] | ['IFEQ', ifeqValue: Value] | ['IFNE', ifneValue: Value] | ['IFDEQ', ifdeqDigest: Value] | ['IFDNE', ifdneDigest: Value]; get: ['GET']; expiration: ['EX', seconds: Numeric] | ['PX', milliseconds: Numeric] | ['EXAT', unixTimeSeconds: Numeric] | ['PXAT', unixTimeMilliseconds: Numeric] | ['KEEPTTL'] }, 'get'>): Sent<C, Bulk<C> | null>
  /**
   * Sets a string; with GET, returns the previous value. Server documentation: SET.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`, `'OK' | null`, `Bulk | null`.
   */
  set(key: Text, value: Value, ...options: AnyOrder<{ condition: ['NX'] | ['XX'] | ['IFEQ', ifeqValue: Value] | ['IFNE', ifneValue: Value] | ['IFDEQ', ifdeqDigest: Value] | ['IFDNE', ifdneDigest: Value]; get: ['GET']; expiration: ['EX', seconds: Numeric] | ['PX', milliseconds: Numeric] | ['EXAT', unixTimeSeconds: Numeric] | ['PXAT', unixTimeMilliseconds: Numeric] | ['KEEPTTL'] }>): Sent<C, Bulk<C> | 'OK' | null>

  /**
   * Sets a string that expires after a number of seconds. Server documentation: SETEX.
   *
   * O(1); since Redis 2.0.0. Resolves to `'OK'`.
   */
  setex(key: Text, seconds: Numeric, value: Value): Sent<C, 'OK'>

  /**
   * Sets a string that does not exist. Server documentation: SETNX.
   *
   * O(1); since Redis 1.0.0. Resolves to `0 | 1`.
   */
  setnx(key: Text, value: Value): Sent<C, 0 | 1>

  /**
   * Overwrites a part of a string, and returns its length in bytes. Server documentation: SETRANGE.
   *
   * O(1); since Redis 2.2.0. Resolves to `number`.
   */
  setrange(key: Text, offset: Numeric, value: Value): Sent<C, number>

  /**
   * Returns the length of a string in bytes. Server documentation: STRLEN.
   *
   * O(1); since Redis 2.2.0. Resolves to `number`.
   */
  strlen(key: Text): Sent<C, number>

  /**
   * Returns a part of a string, by offsets in bytes. Server documentation: SUBSTR.
   *
   * O(N); since Redis 1.0.0. Resolves to `Bulk`.
   */
  substr(key: Text, start: Numeric, end: Numeric): Sent<C, Bulk<C>>
}
