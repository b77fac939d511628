// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, Numeric, OneOrMore, Text, Value } from '../types/arguments.js'
import type { CallContext, Bulk, Sent } from '../types/replies.js'

export interface BloomFilterCommands<C extends CallContext> {
  /**
   * Adds an item to a Bloom filter. Server documentation: BF.ADD.
   *
   * O(k); since Redis 1.0.0. Resolves to `Reply`.
   */
  bfAdd(key: Text, item: Value): Sent<C, Reply>

  /**
   * Returns the number of items that were added to a Bloom filter. Server documentation: BF.CARD.
   *
   * O(1); since Redis 2.4.4. Resolves to `number`.
   */
  bfCard(key: Text): Sent<C, number>

  /**
   * Returns internals of a Bloom filter. Server documentation: BF.DEBUG.
   *
   * O(n); since Redis 1.0.0. Resolves to `Reply`.
   */
  bfDebug(key: Text): Sent<C, Reply>

  /**
   * Checks whether an item may be in a Bloom filter. Server documentation: BF.EXISTS.
   *
   * O(k); since Redis 1.0.0. Resolves to `Reply`.
   */
  bfExists(key: Text, item: Value): Sent<C, Reply>

  /**
   * Describes a Bloom filter. Server documentation: BF.INFO.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  bfInfo(key: Text, ...singleValue: [] | [singleValue: 'CAPACITY' | 'SIZE' | 'FILTERS' | 'ITEMS' | 'EXPANSION']): Sent<C, Reply>

  /**
   * Adds items to a Bloom filter, creating it if needed. Server documentation: BF.INSERT.
   *
   * O(k * n); since Redis 1.0.0. Resolves to `Reply`.
   */
  bfInsert(key: Text, ...args: [...AnyOrder<{ capacity: ['CAPACITY', capacity: Numeric]; error: ['ERROR', error: Numeric]; expansion: ['EXPANSION', expansion: Numeric]; nocreate: ['NOCREATE']; nonscaling: ['NONSCALING'] }>, 'ITEMS', ...OneOrMore<Value>]): Sent<C, Reply>

  /**
   * Restores a part of a Bloom filter that BF.SCANDUMP saved. Server documentation: BF.LOADCHUNK.
   *
   * O(n); since Redis 1.0.0. Resolves to `'OK'`.
   */
  bfLoadchunk(key: Text, iterator: Numeric, data: Value): Sent<C, 'OK'>

  /**
   * Adds several items to a Bloom filter. Server documentation: BF.MADD.
   *
   * O(k * n); since Redis 1.0.0. Resolves to `Reply`.
   */
  bfMadd(key: Text, ...items: OneOrMore<Value>): Sent<C, Reply>

  /**
   * Checks which of several items may be in a Bloom filter. Server documentation: BF.MEXISTS.
   *
   * O(k * n); since Redis 1.0.0. Resolves to `Reply`.
   */
  bfMexists(key: Text, ...items: OneOrMore<Value>): Sent<C, Reply>

  /**
   * Creates a Bloom filter. Server documentation: BF.RESERVE.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  bfReserve(key: Text, errorRate: Numeric, capacity: Numeric, ...options: AnyOrder<{ expansion: ['EXPANSION', expansion: Numeric]; nonscaling: ['NONSCALING'] }>): Sent<C, 'OK'>

  /**
   * Saves a part of a Bloom filter. Server documentation: BF.SCANDUMP.
   *
   * O(n); since Redis 1.0.0. Resolves to `[iterator: number, data: Bulk]`.
   */
  bfScandump(key: Text, iterator: Numeric): Sent<C, [iterator: number, data: Bulk<C>]>
}
