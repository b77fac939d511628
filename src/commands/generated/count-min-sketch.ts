// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { Digits, Numeric, OneOrMore, Repeated, Spread, Text, Value } from '../types/arguments.js'
import type { CallContext, Sent } from '../types/replies.js'

export interface CountMinSketchCommands<C extends CallContext> {
  /**
   * Increases the counts of items in a count-min sketch. Server documentation: CMS.INCRBY.
   *
   * O(n); since Redis 2.0.0. Resolves to `Reply[]`.
   */
  cmsIncrby(key: Text, ...pairs: Repeated<[item: Value, increment: Numeric]>): Sent<C, Reply[]>

  /**
   * Describes a count-min sketch. Server documentation: CMS.INFO.
   *
   * O(1); since Redis 2.0.0. Resolves to `Reply`.
   */
  cmsInfo(key: Text): Sent<C, Reply>

  /**
   * Creates a count-min sketch of given dimensions. Server documentation: CMS.INITBYDIM.
   *
   * O(1); since Redis 2.0.0. Resolves to `'OK'`.
   */
  cmsInitbydim(key: Text, width: Numeric, depth: Numeric): Sent<C, 'OK'>

  /**
   * Creates a count-min sketch with given tolerances. Server documentation: CMS.INITBYPROB.
   *
   * O(1); since Redis 2.0.0. Resolves to `'OK'`.
   */
  cmsInitbyprob(key: Text, error: Numeric, probability: Numeric): Sent<C, 'OK'>

  /**
   * Merges count-min sketches into another. Server documentation: CMS.MERGE.
   *
   * O(n); since Redis 2.0.0. Resolves to `'OK'`.
   */
  cmsMerge(destination: Text, numKeys: Numeric, ...args: [Spread<Text | 'WEIGHTS' | Digits>, ...(Spread<Text | 'WEIGHTS' | Digits>)[]]): Sent<C, 'OK'>

  /**
   * Estimates the counts of items in a count-min sketch. Server documentation: CMS.QUERY.
   *
   * O(n); since Redis 2.0.0. Resolves to `number[]`.
   */
  cmsQuery(key: Text, ...items: OneOrMore<Value>): Sent<C, number[]>
}
