// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, Numeric, OneOrMore, Text } from '../types/arguments.js'
import type { CallContext, Sent } from '../types/replies.js'

export interface TDigestCommands<C extends CallContext> {
  /**
   * Adds observations to a t-digest. Server documentation: TDIGEST.ADD.
   *
   * O(N); since Redis 2.4.0. Resolves to `'OK'`.
   */
  tdigestAdd(key: Text, ...values: OneOrMore<Numeric>): Sent<C, 'OK'>

  /**
   * Estimates values of a t-digest by their rank. Server documentation: TDIGEST.BYRANK.
   *
   * O(N); since Redis 2.4.0. Resolves to `Reply`.
   */
  tdigestByrank(key: Text, ...ranks: OneOrMore<Numeric>): Sent<C, Reply>

  /**
   * Estimates values of a t-digest by their reverse rank. Server documentation: TDIGEST.BYREVRANK.
   *
   * O(N); since Redis 2.4.0. Resolves to `Reply`.
   */
  tdigestByrevrank(key: Text, ...reverseRanks: OneOrMore<Numeric>): Sent<C, Reply>

  /**
   * Estimates the share of observations up to some values. Server documentation: TDIGEST.CDF.
   *
   * O(1); since Redis 2.4.0. Resolves to `Reply`.
   */
  tdigestCdf(key: Text, ...values: OneOrMore<Numeric>): Sent<C, Reply>

  /**
   * Creates a t-digest. Server documentation: TDIGEST.CREATE.
   *
   * O(1); since Redis 2.4.0. Resolves to `'OK'`.
   */
  tdigestCreate(key: Text, ...compression: [] | ['COMPRESSION', compression: Numeric]): Sent<C, 'OK'>

  /**
   * Describes a t-digest. Server documentation: TDIGEST.INFO.
   *
   * O(1); since Redis 2.4.0. Resolves to `Reply`.
   */
  tdigestInfo(key: Text): Sent<C, Reply>

  /**
   * Returns the highest observation. Server documentation: TDIGEST.MAX.
   *
   * O(1); since Redis 2.4.0. Resolves to `Reply`.
   */
  tdigestMax(key: Text): Sent<C, Reply>

  /**
   * Merges t-digests into another. Server documentation: TDIGEST.MERGE.
   *
   * O(N*K); since Redis 2.4.0. Resolves to `'OK'`.
   */
  tdigestMerge(destinationKey: Text, numkeys: Numeric, ...args: [...OneOrMore<Text>, ...AnyOrder<{ config: ['COMPRESSION', compression: Numeric]; override: ['OVERRIDE'] }>]): Sent<C, 'OK'>

  /**
   * Returns the lowest observation. Server documentation: TDIGEST.MIN.
   *
   * O(1); since Redis 2.4.0. Resolves to `Reply`.
   */
  tdigestMin(key: Text): Sent<C, Reply>

  /**
   * Estimates quantiles. Server documentation: TDIGEST.QUANTILE.
   *
   * O(N); since Redis 2.4.0. Resolves to `Reply`.
   */
  tdigestQuantile(key: Text, ...quantiles: OneOrMore<Numeric>): Sent<C, Reply>

  /**
   * Estimates the rank of values. Server documentation: TDIGEST.RANK.
   *
   * O(N); since Redis 2.4.0. Resolves to `number[]`.
   */
  tdigestRank(key: Text, ...values: OneOrMore<Numeric>): Sent<C, number[]>

  /**
   * Empties a t-digest. Server documentation: TDIGEST.RESET.
   *
   * O(1); since Redis 2.4.0. Resolves to `'OK'`.
   */
  tdigestReset(key: Text): Sent<C, 'OK'>

  /**
   * Estimates the reverse rank of values. Server documentation: TDIGEST.REVRANK.
   *
   * O(N); since Redis 2.4.0. Resolves to `number[]`.
   */
  tdigestRevrank(key: Text, ...values: OneOrMore<Numeric>): Sent<C, number[]>

  /**
   * Estimates the mean between two quantiles. Server documentation: TDIGEST.TRIMMED_MEAN.
   *
   * O(N); since Redis 2.4.0. Resolves to `Reply`.
   */
  tdigestTrimmedMean(key: Text, lowCutQuantile: Numeric, highCutQuantile: Numeric): Sent<C, Reply>
}
