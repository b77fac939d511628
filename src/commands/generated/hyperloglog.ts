// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { OneOrMore, Text, Value, ZeroOrMore } from '../types/arguments.js'
import type { CallContext, Sent } from '../types/replies.js'

export interface HyperloglogCommands<C extends CallContext> {
  /**
   * Adds elements to a HyperLogLog. Server documentation: PFADD.
   *
   * O(1); since Redis 2.8.9. Resolves to `0 | 1`.
   */
  pfadd(key: Text, ...elements: ZeroOrMore<Value>): Sent<C, 0 | 1>

  /**
   * Estimates the number of distinct elements. Server documentation: PFCOUNT.
   *
   * O(1); since Redis 2.8.9. Resolves to `number`.
   */
  pfcount(...keys: OneOrMore<Text>): Sent<C, number>

  /**
   * Returns internals of a HyperLogLog. Server documentation: PFDEBUG.
   *
   * Since Redis 2.8.9. Resolves to `Reply`.
   */
  pfdebug(subcommand: Value, key: Text): Sent<C, Reply>

  /**
   * Merges HyperLogLogs into one. Server documentation: PFMERGE.
   *
   * O(N); since Redis 2.8.9. Resolves to `'OK'`.
   */
  pfmerge(destkey: Text, ...sourcekeys: ZeroOrMore<Text>): Sent<C, 'OK'>

  /**
   * Tests the HyperLogLog code of the server. Server documentation: PFSELFTEST.
   *
   * Since Redis 2.8.9. Resolves to `'OK'`.
   */
  pfselftest(): Sent<C, 'OK'>
}
