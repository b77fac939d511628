// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { Numeric, OneOrMore, Repeated, Text, Value } from '../types/arguments.js'
import type { CallContext, Bulk, Sent } from '../types/replies.js'

export interface TopKCommands<C extends CallContext> {
  /**
   * Adds items to a top-k sketch, and returns those that dropped out. Server documentation: TOPK.ADD.
   *
   * O(n * k); since Redis 2.0.0. Resolves to `(Bulk | null)[]`.
   */
  topkAdd(key: Text, ...items: OneOrMore<Value>): Sent<C, (Bulk<C> | null)[]>

  /**
   * Estimates the counts of items in a top-k sketch. Server documentation: TOPK.COUNT.
   *
   * O(n); since Redis 2.0.0. Resolves to `number[]`.
   */
  topkCount(key: Text, ...items: OneOrMore<Value>): Sent<C, number[]>

  /**
   * Increases the counts of items in a top-k sketch. Server documentation: TOPK.INCRBY.
   *
   * O(n * k * incr); since Redis 2.0.0. Resolves to `(Bulk | null)[]`.
   */
  topkIncrby(key: Text, ...pairs: Repeated<[item: Value, increment: Numeric]>): Sent<C, (Bulk<C> | null)[]>

  /**
   * Describes a top-k sketch. Server documentation: TOPK.INFO.
   *
   * O(1); since Redis 2.0.0. Resolves to `Reply`.
   */
  topkInfo(key: Text): Sent<C, Reply>

  /**
   * Lists the items of a top-k sketch. Server documentation: TOPK.LIST.
   *
   * O(k*log(k)); since Redis 2.0.0. Resolves to `Reply`.
   */
  topkList(key: Text, ...withcount: [] | ['WITHCOUNT']): Sent<C, Reply>

  /**
   * Checks which items are in a top-k sketch. Server documentation: TOPK.QUERY.
   *
   * O(n); since Redis 2.0.0. Resolves to `Reply`.
   */
  topkQuery(key: Text, ...items: OneOrMore<Value>): Sent<C, Reply>

  /**
   * Creates a top-k sketch. Server documentation: TOPK.RESERVE.
   *
   * O(1); since Redis 2.0.0. Resolves to `'OK'`.
   */
  topkReserve(key: Text, topk: Numeric, ...params: [] | [width: Numeric, depth: Numeric, decay: Numeric]): Sent<C, 'OK'>
}
