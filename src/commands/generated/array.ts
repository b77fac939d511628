// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { Numeric, OneOrMore, Repeated, Text, Value } from '../types/arguments.js'
import type { CallContext, Bulk, Sent } from '../types/replies.js'

export interface ArrayCommands<C extends CallContext> {
  /**
   * Counts the elements of an array that are not empty. Server documentation: ARCOUNT.
   *
   * O(1); since Redis 8.8.0. Resolves to `number`.
   */
  arcount(key: Text): Sent<C, number>

  /**
   * Deletes elements of an array by index, and returns how many there were. Server documentation: ARDEL.
   *
   * O(N); since Redis 8.8.0. Resolves to `number`.
   */
  ardel(key: Text, ...indexs: OneOrMore<Numeric>): Sent<C, number>

  /**
   * Deletes elements of an array by ranges of indexes, and returns how many there were. Server documentation: ARDELRANGE.
   *
   * Since Redis 8.8.0. Resolves to `number`.
   */
  ardelrange(key: Text, ...pairs: Repeated<[start: Numeric, end: Numeric]>): Sent<C, number>

  /**
   * Returns one element of an array. Server documentation: ARGET.
   *
   * O(1); since Redis 8.8.0. Resolves to `Bulk | null`.
   */
  arget(key: Text, index: Numeric): Sent<C, Bulk<C> | null>

  /**
   * Returns the elements of an array in a range of indexes. Server documentation: ARGETRANGE.
   *
   * O(N); since Redis 8.8.0. Resolves to `(Bulk | null)[]`.
   */
  argetrange(key: Text, start: Numeric, end: Numeric): Sent<C, (Bulk<C> | null)[]>

  /**
   * Finds elements of an array by their text. Server documentation: ARGREP.
   *
   * O(P * C); since Redis 8.8.0. Resolves to `Reply`.
   */
  argrep(key: Text, start: Value, end: Value, ...args: [Value, ...(Value)[]]): Sent<C, Reply>

  /**
   * Describes an array. Server documentation: ARINFO.
   *
   * O(1); since Redis 8.8.0. Resolves to `Reply`.
   */
  arinfo(key: Text, ...full: [] | ['FULL']): Sent<C, Reply>

  /**
   * Adds values at the array's cursor, and returns the last index used. Server documentation: ARINSERT.
   *
   * O(N); since Redis 8.8.0. Resolves to `number`.
   */
  arinsert(key: Text, ...values: OneOrMore<Value>): Sent<C, number>

  /**
   * Returns the elements of an array that were inserted last. Server documentation: ARLASTITEMS.
   *
   * O(N); since Redis 8.8.0. Resolves to `(Bulk | null)[]`.
   */
  arlastitems(key: Text, count: Numeric, ...rev: [] | ['REV']): Sent<C, (Bulk<C> | null)[]>

  /**
   * Returns the length of an array: its highest index plus 1. Server documentation: ARLEN.
   *
   * O(1); since Redis 8.8.0. Resolves to `number`.
   */
  arlen(key: Text): Sent<C, number>

  /**
   * Returns elements of an array by index. Server documentation: ARMGET.
   *
   * O(N); since Redis 8.8.0. Resolves to `(Bulk | null)[]`.
   */
  armget(key: Text, ...indexs: OneOrMore<Numeric>): Sent<C, (Bulk<C> | null)[]>

  /**
   * Sets elements of an array by index, and returns how many were empty. Server documentation: ARMSET.
   *
   * O(N); since Redis 8.8.0. Resolves to `number`.
   */
  armset(key: Text, ...pairs: Repeated<[index: Numeric, value: Value]>): Sent<C, number>

  /**
   * Returns the index that ARINSERT uses next. Server documentation: ARNEXT.
   *
   * O(1); since Redis 8.8.0. Resolves to `number | null`.
   */
  arnext(key: Text): Sent<C, number | null>

  /**
   * Computes an aggregate over a range of an array. Server documentation: AROP.
   *
   * O(P); since Redis 8.8.0. Resolves to `Reply`.
   */
  arop(key: Text, start: Numeric, end: Numeric, ...operation: ['SUM'] | ['MIN'] | ['MAX'] | ['AND'] | ['OR'] | ['XOR'] | ['MATCH', value: Value] | ['USED']): Sent<C, Reply>

  /**
   * Adds values to an array used as a ring, and returns the last index used. Server documentation: ARRING.
   *
   * O(M); since Redis 8.8.0. Resolves to `number`.
   */
  arring(key: Text, size: Numeric, ...values: OneOrMore<Value>): Sent<C, number>

  /**
   * Lists indexes and values of the elements in a range of an array. Server documentation: ARSCAN.
   *
   * O(P); since Redis 8.8.0. Resolves to `Reply`.
   */
  arscan(key: Text, start: Numeric, end: Numeric, ...limit: [] | ['LIMIT', limit: Numeric]): Sent<C, Reply>

  /**
   * Moves the array's cursor. Server documentation: ARSEEK.
   *
   * O(1); since Redis 8.8.0. Resolves to `0 | 1`.
   */
  arseek(key: Text, index: Numeric): Sent<C, 0 | 1>

  /**
   * Sets consecutive elements of an array, and returns how many were empty. Server documentation: ARSET.
   *
   * O(N); since Redis 8.8.0. Resolves to `number`.
   */
  arset(key: Text, index: Numeric, ...values: OneOrMore<Value>): Sent<C, number>
}
