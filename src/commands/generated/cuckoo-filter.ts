// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, Numeric, OneOrMore, Text, Value, ZeroOrMore } from '../types/arguments.js'
import type { CallContext, Bulk, Sent } from '../types/replies.js'

export interface CuckooFilterCommands<C extends CallContext> {
  /**
   * Adds an item to a cuckoo filter. Server documentation: CF.ADD.
   *
   * O(k + i); since Redis 1.0.0. Resolves to `Reply`.
   */
  cfAdd(key: Text, item: Value): Sent<C, Reply>

  /**
   * Adds an item to a cuckoo filter if it is not there. Server documentation: CF.ADDNX.
   *
   * O(k + i); since Redis 1.0.0. Resolves to `Reply`.
   */
  cfAddnx(key: Text, item: Value): Sent<C, Reply>

  /**
   * Compacts a cuckoo filter. Server documentation: CF.COMPACT.
   *
   * Resolves to `Reply`.
   */
  cfCompact(...arguments_: ZeroOrMore<Value>): Sent<C, Reply>

  /**
   * Estimates how often an item is in a cuckoo filter. Server documentation: CF.COUNT.
   *
   * O(k); since Redis 1.0.0. Resolves to `number`.
   */
  cfCount(key: Text, item: Value): Sent<C, number>

  /**
   * Returns internals of a cuckoo filter. Server documentation: CF.DEBUG.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  cfDebug(key: Text): Sent<C, Reply>

  /**
   * Deletes an item from a cuckoo filter. Server documentation: CF.DEL.
   *
   * O(k); since Redis 1.0.0. Resolves to `Reply`.
   */
  cfDel(key: Text, item: Value): Sent<C, Reply>

  /**
   * Checks whether an item may be in a cuckoo filter. Server documentation: CF.EXISTS.
   *
   * O(k); since Redis 1.0.0. Resolves to `Reply`.
   */
  cfExists(key: Text, item: Value): Sent<C, Reply>

  /**
   * Describes a cuckoo filter. Server documentation: CF.INFO.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  cfInfo(key: Text): Sent<C, Reply>

  /**
   * Adds items to a cuckoo filter, creating it if needed. Server documentation: CF.INSERT.
   *
   * O(n * (k + i)); since Redis 1.0.0. Resolves to `Reply`.
   */
  cfInsert(key: Text, ...args: [...AnyOrder<{ capacity: ['CAPACITY', capacity: Numeric]; nocreate: ['NOCREATE'] }>, 'ITEMS', ...OneOrMore<Value>]): Sent<C, Reply>

  /**
   * Adds those items to a cuckoo filter that are not there. Server documentation: CF.INSERTNX.
   *
   * O(n * (k + i)); since Redis 1.0.0. Resolves to `Reply`.
   */
  cfInsertnx(key: Text, ...args: [...AnyOrder<{ capacity: ['CAPACITY', capacity: Numeric]; nocreate: ['NOCREATE'] }>, 'ITEMS', ...OneOrMore<Value>]): Sent<C, Reply>

  /**
   * Restores a part of a cuckoo filter that CF.SCANDUMP saved. Server documentation: CF.LOADCHUNK.
   *
   * O(n); since Redis 1.0.0. Resolves to `'OK'`.
   */
  cfLoadchunk(key: Text, iterator: Numeric, data: Value): Sent<C, 'OK'>

  /**
   * Checks which of several items may be in a cuckoo filter. Server documentation: CF.MEXISTS.
   *
   * O(k * n); since Redis 1.0.0. Resolves to `Reply`.
   */
  cfMexists(key: Text, ...items: OneOrMore<Value>): Sent<C, Reply>

  /**
   * Creates a cuckoo filter. Server documentation: CF.RESERVE.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  cfReserve(key: Text, capacity: Numeric, ...options: AnyOrder<{ bucketsize: ['BUCKETSIZE', bucketsize: Numeric]; maxiterations: ['MAXITERATIONS', maxiterations: Numeric]; expansion: ['EXPANSION', expansion: Numeric] }>): Sent<C, 'OK'>

  /**
   * Saves a part of a cuckoo filter. Server documentation: CF.SCANDUMP.
   *
   * O(n); since Redis 1.0.0. Resolves to `[iterator: number, data: Bulk]`.
   */
  cfScandump(key: Text, iterator: Numeric): Sent<C, [iterator: number, data: Bulk<C>]>
}
