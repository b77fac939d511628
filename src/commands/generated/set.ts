// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { AnyOrder, Numeric, OneOrMore, Text, Value } from '../types/arguments.js'
import type { CallContext, Bulk, ScanReply, Sent, SetOf } from '../types/replies.js'

export interface SetCommands<C extends CallContext> {
  /**
   * Adds members to a set, and returns how many are new. Server documentation: SADD.
   *
   * O(1); since Redis 1.0.0. Resolves to `number`.
   */
  sadd(key: Text, ...members: OneOrMore<Value>): Sent<C, number>

  /**
   * Counts the members of a set. Server documentation: SCARD.
   *
   * O(1); since Redis 1.0.0. Resolves to `number`.
   */
  scard(key: Text): Sent<C, number>

  /**
   * Returns the members of the first set that are in none of the others. Server documentation: SDIFF.
   *
   * O(N); since Redis 1.0.0. Resolves to `SetOf<Bulk>`.
   */
  sdiff(...keys: OneOrMore<Text>): Sent<C, SetOf<C, Bulk<C>>>

  /**
   * Counts the members of the first set that are in none of the others. Server documentation: SDIFFCARD.
   *
   * O(N); since Redis 8.10.0. Resolves to `number`.
   */
  sdiffcard(numkeys: Numeric, ...args: [...OneOrMore<Text>, ...([] | ['LIMIT', limit: Numeric])]): Sent<C, number>

  /**
   * Stores the result of SDIFF, and returns its size. Server documentation: SDIFFSTORE.
   *
   * O(N); since Redis 1.0.0. Resolves to `number`.
   */
  sdiffstore(destination: Text, ...keys: OneOrMore<Text>): Sent<C, number>

  /**
   * Returns the members that all sets have. Server documentation: SINTER.
   *
   * O(N*M); since Redis 1.0.0. Resolves to `SetOf<Bulk>`.
   */
  sinter(...keys: OneOrMore<Text>): Sent<C, SetOf<C, Bulk<C>>>

  /**
   * Counts the members that all sets have. Server documentation: SINTERCARD.
   *
   * O(N*M); since Redis 7.0.0. Resolves to `number`.
   */
  sintercard(numkeys: Numeric, ...args: [...OneOrMore<Text>, ...([] | ['LIMIT', limit: Numeric])]): Sent<C, number>

  /**
   * Stores the result of SINTER, and returns its size. Server documentation: SINTERSTORE.
   *
   * O(N*M); since Redis 1.0.0. Resolves to `number`.
   */
  sinterstore(destination: Text, ...keys: OneOrMore<Text>): Sent<C, number>

  /**
   * Checks whether a set has a member. Server documentation: SISMEMBER.
   *
   * O(1); since Redis 1.0.0. Resolves to `0 | 1`.
   */
  sismember(key: Text, member: Value): Sent<C, 0 | 1>

  /**
   * Returns all members of a set. Server documentation: SMEMBERS.
   *
   * O(N); since Redis 1.0.0. Resolves to `SetOf<Bulk>`.
   */
  smembers(key: Text): Sent<C, SetOf<C, Bulk<C>>>

  /**
   * Checks which members a set has. Server documentation: SMISMEMBER.
   *
   * O(N); since Redis 6.2.0. Resolves to `(0 | 1)[]`.
   */
  smismember(key: Text, ...members: OneOrMore<Value>): Sent<C, (0 | 1)[]>

  /**
   * Moves a member to another set. Server documentation: SMOVE.
   *
   * O(1); since Redis 1.0.0. Resolves to `0 | 1`.
   */
  smove(source: Text, destination: Text, member: Value): Sent<C, 0 | 1>

  /**
   * Takes random members of a set. Server documentation: SPOP.
   *
   * O(1); since Redis 1.0.0. Resolves to `Bulk | null`, `SetOf<Bulk>`.
   */
  spop(key: Text): Sent<C, Bulk<C> | null>
  /**
   * Takes random members of a set. Server documentation: SPOP.
   *
   * O(1); since Redis 1.0.0. Resolves to `Bulk | null`, `SetOf<Bulk>`.
   */
  spop(key: Text, count: Numeric): Sent<C, SetOf<C, Bulk<C>>>
  /**
   * Takes random members of a set. Server documentation: SPOP.
   *
   * O(1); since Redis 1.0.0. Resolves to `Bulk | null`, `SetOf<Bulk>`.
   */
  spop(key: Text, ...count: [] | [count: Numeric]): Sent<C, Bulk<C> | SetOf<C, Bulk<C>> | null>

  /**
   * Returns random members of a set. Server documentation: SRANDMEMBER.
   *
   * O(1); since Redis 1.0.0. Resolves to `Bulk | null`, `Bulk[]`.
   */
  srandmember(key: Text): Sent<C, Bulk<C> | null>
  /**
   * Returns random members of a set. Server documentation: SRANDMEMBER.
   *
   * O(1); since Redis 1.0.0. Resolves to `Bulk | null`, `Bulk[]`.
   */
  srandmember(key: Text, count: Numeric): Sent<C, Bulk<C>[]>
  /**
   * Returns random members of a set. Server documentation: SRANDMEMBER.
   *
   * O(1); since Redis 1.0.0. Resolves to `Bulk | null`, `Bulk[]`.
   */
  srandmember(key: Text, ...count: [] | [count: Numeric]): Sent<C, Bulk<C> | Bulk<C>[] | null>

  /**
   * Removes members of a set, and returns how many there were. Server documentation: SREM.
   *
   * O(N); since Redis 1.0.0. Resolves to `number`.
   */
  srem(key: Text, ...members: OneOrMore<Value>): Sent<C, number>

  /**
   * Lists a part of a set; prefer `sscanIterator`. Server documentation: SSCAN.
   *
   * O(1); since Redis 2.8.0. Resolves to `ScanReply<Bulk>`.
   */
  sscan(key: Text, cursor: Numeric, ...options: AnyOrder<{ pattern: ['MATCH', pattern: Text]; count: ['COUNT', count: Numeric] }>): Sent<C, ScanReply<Bulk<C>>>

  /**
   * Returns the members that any of the sets has. Server documentation: SUNION.
   *
   * O(N); since Redis 1.0.0. Resolves to `SetOf<Bulk>`.
   */
  sunion(...keys: OneOrMore<Text>): Sent<C, SetOf<C, Bulk<C>>>

  /**
   * Counts the members that any of the sets has. Server documentation: SUNIONCARD.
   *
   * O(N); since Redis 8.10.0. Resolves to `number`.
   */
  sunioncard(numkeys: Numeric, ...args: [...OneOrMore<Text>, ...AnyOrder<{ approx: ['APPROX']; limit: ['LIMIT', limit: Numeric] }>]): Sent<C, number>

  /**
   * Stores the result of SUNION, and returns its size. Server documentation: SUNIONSTORE.
   *
   * O(N); since Redis 1.0.0. Resolves to `number`.
   */
  sunionstore(destination: Text, ...keys: OneOrMore<Text>): Sent<C, number>
}
