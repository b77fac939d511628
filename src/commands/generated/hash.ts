// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { AnyOrder, FieldsOf, Numeric, OneOrMore, Pairs, Text, Value } from '../types/arguments.js'
import type { CallContext, Bulk, Int, MapOf, ScanReply, Sent, Times } from '../types/replies.js'

export interface HashCommands<C extends CallContext> {
  /**
   * Deletes fields, and returns how many existed. Server documentation: HDEL.
   *
   * O(N); since Redis 2.0.0. Resolves to `number`.
   */
  hdel(key: Text, ...fields: OneOrMore<Value>): Sent<C, number>

  /**
   * Checks whether a field exists. Server documentation: HEXISTS.
   *
   * O(1); since Redis 2.0.0. Resolves to `0 | 1`.
   */
  hexists(key: Text, field: Value): Sent<C, 0 | 1>

  /**
   * Sets the time to live of fields, in seconds. Server documentation: HEXPIRE.
   *
   * O(N); since Redis 7.4.0. Resolves to `number[]`.
   */
  hexpire(key: Text, seconds: Numeric, ...args: [...([] | [condition: 'NX' | 'XX' | 'GT' | 'LT']), 'FIELDS', numfields: Numeric, ...OneOrMore<Value>]): Sent<C, number[]>

  /**
   * Sets when fields expire, in seconds of Unix time. Server documentation: HEXPIREAT.
   *
   * O(N); since Redis 7.4.0. Resolves to `number[]`.
   */
  hexpireat(key: Text, unixTimeSeconds: Numeric, ...args: [...([] | [condition: 'NX' | 'XX' | 'GT' | 'LT']), 'FIELDS', numfields: Numeric, ...OneOrMore<Value>]): Sent<C, number[]>

  /**
   * Returns when fields expire, in seconds of Unix time. Server documentation: HEXPIRETIME.
   *
   * O(N); since Redis 7.4.0. Resolves to `Times`.
   */
  hexpiretime(key: Text, ...args: ['FIELDS', numfields: Numeric, ...OneOrMore<Value>]): Sent<C, Times<C>>

  /**
   * Returns the value of a field. Server documentation: HGET.
   *
   * O(1); since Redis 2.0.0. Resolves to `Bulk | null`.
   */
  hget(key: Text, field: Value): Sent<C, Bulk<C> | null>

  /**
   * Returns all fields and values of a hash. Server documentation: HGETALL.
   *
   * O(N); since Redis 2.0.0. Resolves to `MapOf<Bulk>`.
   */
  hgetall(key: Text): Sent<C, MapOf<C, Bulk<C>>>

  /**
   * Returns the values of fields, and deletes them. Server documentation: HGETDEL.
   *
   * O(N); since Redis 8.0.0. Resolves to `(Bulk | null)[]`.
   */
  hgetdel(key: Text, ...args: ['FIELDS', numfields: Numeric, ...OneOrMore<Value>]): Sent<C, (Bulk<C> | null)[]>

  /**
   * Returns the values of fields, and changes when they expire. Server documentation: HGETEX.
   *
   * O(N); since Redis 8.0.0. Resolves to `(Bulk | null)[]`.
   */
  hgetex(key: Text, ...args: [...([] | ['EX', seconds: Numeric] | ['PX', milliseconds: Numeric] | ['EXAT', unixTimeSeconds: Numeric] | ['PXAT', unixTimeMilliseconds: Numeric] | ['PERSIST']), 'FIELDS', numfields: Numeric, ...OneOrMore<Value>]): Sent<C, (Bulk<C> | null)[]>

  /**
   * Adds to the number in a field, and returns it. Server documentation: HINCRBY.
   *
   * O(1); since Redis 2.0.0. Resolves to `Int`.
   */
  hincrby(key: Text, field: Value, increment: Numeric): Sent<C, Int<C>>

  /**
   * Adds to the number in a field, and returns it as text. Server documentation: HINCRBYFLOAT.
   *
   * O(1); since Redis 2.6.0. Resolves to `string`.
   */
  hincrbyfloat(key: Text, field: Value, increment: Numeric): Sent<C, string>

  /**
   * Lists the fields of a hash. Server documentation: HKEYS.
   *
   * O(N); since Redis 2.0.0. Resolves to `Bulk[]`.
   */
  hkeys(key: Text): Sent<C, Bulk<C>[]>

  /**
   * Counts the fields of a hash. Server documentation: HLEN.
   *
   * O(1); since Redis 2.0.0. Resolves to `number`.
   */
  hlen(key: Text): Sent<C, number>

  /**
   * Returns the values of several fields, in their order. Server documentation: HMGET.
   *
   * O(N); since Redis 2.0.0. Resolves to `(Bulk | null)[]`.
   */
  hmget(key: Text, ...fields: OneOrMore<Value>): Sent<C, (Bulk<C> | null)[]>

  /**
   * Sets fields of a hash. Server documentation: HMSET.
   *
   * O(N); since Redis 2.0.0. Resolves to `'OK'`.
   */
  hmset<T extends object>(key: Text, fields: T & FieldsOf<T>): Sent<C, 'OK'>
  /**
   * Sets fields of a hash. Server documentation: HMSET.
   *
   * O(N); since Redis 2.0.0. Resolves to `'OK'`.
   */
  hmset(key: Text, ...pairs: Pairs<[field: Value, value: Value]>): Sent<C, 'OK'>

  /**
   * Removes the expiry of fields. Server documentation: HPERSIST.
   *
   * O(N); since Redis 7.4.0. Resolves to `number[]`.
   */
  hpersist(key: Text, ...args: ['FIELDS', numfields: Numeric, ...OneOrMore<Value>]): Sent<C, number[]>

  /**
   * Sets the time to live of fields, in milliseconds. Server documentation: HPEXPIRE.
   *
   * O(N); since Redis 7.4.0. Resolves to `number[]`.
   */
  hpexpire(key: Text, milliseconds: Numeric, ...args: [...([] | [condition: 'NX' | 'XX' | 'GT' | 'LT']), 'FIELDS', numfields: Numeric, ...OneOrMore<Value>]): Sent<C, number[]>

  /**
   * Sets when fields expire, in milliseconds of Unix time. Server documentation: HPEXPIREAT.
   *
   * O(N); since Redis 7.4.0. Resolves to `number[]`.
   */
  hpexpireat(key: Text, unixTimeMilliseconds: Numeric, ...args: [...([] | [condition: 'NX' | 'XX' | 'GT' | 'LT']), 'FIELDS', numfields: Numeric, ...OneOrMore<Value>]): Sent<C, number[]>

  /**
   * Returns when fields expire, in milliseconds of Unix time. Server documentation: HPEXPIRETIME.
   *
   * O(N); since Redis 7.4.0. Resolves to `Times`.
   */
  hpexpiretime(key: Text, ...args: ['FIELDS', numfields: Numeric, ...OneOrMore<Value>]): Sent<C, Times<C>>

  /**
   * Returns the time to live of fields, in milliseconds. Server documentation: HPTTL.
   *
   * O(N); since Redis 7.4.0. Resolves to `Times`.
   */
  hpttl(key: Text, ...args: ['FIELDS', numfields: Numeric, ...OneOrMore<Value>]): Sent<C, Times<C>>

  /**
   * Returns random fields of a hash. Server documentation: HRANDFIELD.
   *
   * O(N); since Redis 6.2.0. Resolves to `[field: Bulk, value: Bulk][]`, `Bulk[]`, `Bulk | null`.
   */
  hrandfield(key: Text, count: Numeric, ...args: ['WITHVALUES']): Sent<C, [field: Bulk<C>, value: Bulk<C>][]>
  /**
   * Returns random fields of a hash. Server documentation: HRANDFIELD.
   *
   * O(N); since Redis 6.2.0. Resolves to `[field: Bulk, value: Bulk][]`, `Bulk[]`, `Bulk | null`.
   */
  hrandfield(key: Text, count: Numeric): Sent<C, Bulk<C>[]>
  /**
   * Returns random fields of a hash. Server documentation: HRANDFIELD.
   *
   * O(N); since Redis 6.2.0. Resolves to `[field: Bulk, value: Bulk][]`, `Bulk[]`, `Bulk | null`.
   */
  hrandfield(key: Text): Sent<C, Bulk<C> | null>
  /**
   * Returns random fields of a hash. Server documentation: HRANDFIELD.
   *
   * O(N); since Redis 6.2.0. Resolves to `[field: Bulk, value: Bulk][]`, `Bulk[]`, `Bulk | null`.
   */
  hrandfield(key: Text, ...options: [] | [count: Numeric, ...([] | ['WITHVALUES'])]): Sent<C, [field: Bulk<C>, value: Bulk<C>][] | Bulk<C>[] | Bulk<C> | null>

  /**
   * Lists a part of a hash, field and value in turn; prefer `hscanIterator`. Server documentation: HSCAN.
   *
   * O(1); since Redis 2.8.0. Resolves to `ScanReply<Bulk>`.
   */
  hscan(key: Text, cursor: Numeric, ...options: AnyOrder<{ pattern: ['MATCH', pattern: Text]; count: ['COUNT', count: Numeric]; novalues: ['NOVALUES'] }>): Sent<C, ScanReply<Bulk<C>>>

  /**
   * Sets fields of a hash, and returns how many are new. Server documentation: HSET.
   *
   * O(1); since Redis 2.0.0. Resolves to `number`.
   */
  hset<T extends object>(key: Text, fields: T & FieldsOf<T>): Sent<C, number>
  /**
   * Sets fields of a hash, and returns how many are new. Server documentation: HSET.
   *
   * O(1); since Redis 2.0.0. Resolves to `number`.
   */
  hset(key: Text, ...pairs: Pairs<[field: Value, value: Value]>): Sent<C, number>

  /**
   * Sets fields of a hash, and when they expire. Server documentation: HSETEX.
   *
   * O(N); since Redis 8.0.0. Resolves to `0 | 1`.
   */
  hsetex<T extends object>(key: Text, ...args: [...AnyOrder<{ keyCondition: [keyCondition: 'NX' | 'XX']; fieldsCondition: [fieldsCondition: 'FNX' | 'FXX']; expiration: ['EX', seconds: Numeric] | ['PX', milliseconds: Numeric] | ['EXAT', unixTimeSeconds: Numeric] | ['PXAT', unixTimeMilliseconds: Numeric] | ['KEEPTTL'] }>, 'FIELDS', numfields: Numeric, fields: T & FieldsOf<T>]): Sent<C, 0 | 1>
  /**
   * Sets fields of a hash, and when they expire. Server documentation: HSETEX.
   *
   * O(N); since Redis 8.0.0. Resolves to `0 | 1`.
   */
  hsetex(key: Text, ...args: [...AnyOrder<{ keyCondition: [keyCondition: 'NX' | 'XX']; fieldsCondition: [fieldsCondition: 'FNX' | 'FXX']; expiration: ['EX', seconds: Numeric] | ['PX', milliseconds: Numeric] | ['EXAT', unixTimeSeconds: Numeric] | ['PXAT', unixTimeMilliseconds: Numeric] | ['KEEPTTL'] }>, 'FIELDS', numfields: Numeric, ...Pairs<[field: Value, value: Value]>]): Sent<C, 0 | 1>

  /**
   * Sets a field that does not exist. Server documentation: HSETNX.
   *
   * O(1); since Redis 2.0.0. Resolves to `0 | 1`.
   */
  hsetnx(key: Text, field: Value, value: Value): Sent<C, 0 | 1>

  /**
   * Returns the length of a field's value in bytes. Server documentation: HSTRLEN.
   *
   * O(1); since Redis 3.2.0. Resolves to `number`.
   */
  hstrlen(key: Text, field: Value): Sent<C, number>

  /**
   * Returns the time to live of fields, in seconds. Server documentation: HTTL.
   *
   * O(N); since Redis 7.4.0. Resolves to `Times`.
   */
  httl(key: Text, ...args: ['FIELDS', numfields: Numeric, ...OneOrMore<Value>]): Sent<C, Times<C>>

  /**
   * Lists the values of a hash. Server documentation: HVALS.
   *
   * O(N); since Redis 2.0.0. Resolves to `Bulk[]`.
   */
  hvals(key: Text): Sent<C, Bulk<C>[]>
}
