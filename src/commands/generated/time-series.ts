// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyCase, AnyOrder, Digits, Numeric, OneOrMore, Repeated, Spread, Text, Value } from '../types/arguments.js'
import type { CallContext, Sent } from '../types/replies.js'

export interface TimeSeriesCommands<C extends CallContext> {
  /**
   * Adds a sample to a time series, and returns its timestamp. Server documentation: TS.ADD.
   *
   * O(M); since Redis 1.0.0. Resolves to `number`.
   */
  tsAdd(key: Text, timestamp: Value, value: Numeric, ...args: (Spread<Value>)[]): Sent<C, number>

  /**
   * Changes the settings of a time series. Server documentation: TS.ALTER.
   *
   * O(N); since Redis 1.0.0. Resolves to `'OK'`.
   */
  tsAlter(key: Text, ...args: (Spread<Value>)[]): Sent<C, 'OK'>

  /**
   * Creates a time series. Server documentation: TS.CREATE.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  tsCreate(key: Text, ...args: (Spread<Value>)[]): Sent<C, 'OK'>

  /**
   * Creates a rule that compacts a time series into another. Server documentation: TS.CREATERULE.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  tsCreaterule(sourceKey: Text, destKey: Text, ...args: ['AGGREGATION', aggregator: AnyCase<'AVG' | 'FIRST' | 'LAST' | 'MIN' | 'MAX' | 'SUM' | 'RANGE' | 'COUNT' | 'STD.P' | 'STD.S' | 'VAR.P' | 'VAR.S' | 'TWA' | 'COUNTNAN' | 'COUNTALL'>, bucketDuration: Numeric, ...([] | [alignTimestamp: Numeric])]): Sent<C, 'OK'>

  /**
   * Subtracts from the last sample, and returns its timestamp. Server documentation: TS.DECRBY.
   *
   * O(M); since Redis 1.0.0. Resolves to `number`.
   */
  tsDecrby(key: Text, value: Numeric, ...args: (Spread<Value>)[]): Sent<C, number>

  /**
   * Deletes the samples between two timestamps, and returns how many. Server documentation: TS.DEL.
   *
   * O(N); since Redis 1.6.0. Resolves to `number`.
   */
  tsDel(key: Text, fromTimestamp: Numeric, toTimestamp: Numeric): Sent<C, number>

  /**
   * Deletes a compaction rule. Server documentation: TS.DELETERULE.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  tsDeleterule(sourceKey: Text, destKey: Text): Sent<C, 'OK'>

  /**
   * Returns the last sample. Server documentation: TS.GET.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  tsGet(key: Text, ...latest: [] | ['LATEST']): Sent<C, Reply>

  /**
   * Adds to the last sample, and returns its timestamp. Server documentation: TS.INCRBY.
   *
   * O(M); since Redis 1.0.0. Resolves to `number`.
   */
  tsIncrby(key: Text, value: Numeric, ...args: (Spread<Value>)[]): Sent<C, number>

  /**
   * Describes a time series. Server documentation: TS.INFO.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  tsInfo(key: Text, ...debug: [] | ['DEBUG']): Sent<C, Reply>

  /**
   * Adds samples to several time series. Server documentation: TS.MADD.
   *
   * O(N*M); since Redis 1.0.0. Resolves to `Reply[]`.
   */
  tsMadd(...pairs: Repeated<[key: Text, timestamp: Value, value: Numeric]>): Sent<C, Reply[]>

  /**
   * Returns the last samples of several time series. Server documentation: TS.MGET.
   *
   * O(n); since Redis 1.0.0. Resolves to `Reply`.
   */
  tsMget(...args: [Spread<Value>, ...(Spread<Value>)[]]): Sent<C, Reply>

  /**
   * Returns samples of several time series. Server documentation: TS.MRANGE.
   *
   * O(n/m+k); since Redis 1.0.0. Resolves to `Reply`.
   */
  tsMrange(fromTimestamp: Value, toTimestamp: Value, ...args: [...([] | ['LATEST']), ...[Spread<Value>, ...(Spread<Value>)[]], ...([] | ['GROUPBY', label: Value, 'REDUCE', reducer: Value])]): Sent<C, Reply>

  /**
   * Returns samples of several time series, in reverse order. Server documentation: TS.MREVRANGE.
   *
   * O(n/m+k); since Redis 1.4.0. Resolves to `Reply`.
   */
  tsMrevrange(fromTimestamp: Value, toTimestamp: Value, ...args: [...([] | ['LATEST']), ...[Spread<Value>, ...(Spread<Value>)[]], ...([] | ['GROUPBY', label: Value, 'REDUCE', reducer: Value])]): Sent<C, Reply>

  /**
   * Returns samples of several time series by timestamp. Server documentation: TS.NRANGE.
   *
   * O(numkeys*(n/m+k)); since Redis 8.10.0. Resolves to `Reply`.
   */
  tsNrange(numkeys: Numeric, ...args: [...[Spread<Value>, ...(Spread<Value>)[]], ...([] | ['FILTER_BY_VALUE', min: Numeric, max: Numeric]), ...([] | ['COUNT', count: Numeric]), ...([] | [...([] | ['ALIGN', align: Value]), 'AGGREGATION', aggregators: Value, bucketDuration: Numeric, ...AnyOrder<{ buckettimestampBlock: ['BUCKETTIMESTAMP', bt: 'start' | '-' | 'end' | '+' | 'mid' | '~']; emptyToken: ['EMPTY'] }>])]): Sent<C, Reply>

  /**
   * Returns samples of several time series by timestamp, in reverse order. Server documentation: TS.NREVRANGE.
   *
   * O(numkeys*(n/m+k)); since Redis 8.10.0. Resolves to `Reply`.
   */
  tsNrevrange(numkeys: Numeric, ...args: [...[Spread<Value>, ...(Spread<Value>)[]], ...([] | ['FILTER_BY_VALUE', min: Numeric, max: Numeric]), ...([] | ['COUNT', count: Numeric]), ...([] | [...([] | ['ALIGN', align: Value]), 'AGGREGATION', aggregators: Value, bucketDuration: Numeric, ...AnyOrder<{ buckettimestampBlock: ['BUCKETTIMESTAMP', bt: 'start' | '-' | 'end' | '+' | 'mid' | '~']; emptyToken: ['EMPTY'] }>])]): Sent<C, Reply>

  /**
   * Lists time series that match a filter. Server documentation: TS.QUERYINDEX.
   *
   * O(n); since Redis 1.0.0. Resolves to `Reply`.
   */
  tsQueryindex(...args: [Value, ...(Value)[]]): Sent<C, Reply>

  /**
   * Lists labels, or values of a label. Server documentation: TS.QUERYLABELS.
   *
   * O(n); since Redis 8.10.0. Resolves to `Reply`.
   */
  tsQuerylabels(...args: [...(['LABELS'] | ['VALUES', label: Value]), ...([] | ['FILTER', ...OneOrMore<Value>])]): Sent<C, Reply>

  /**
   * Returns the samples of a range. Server documentation: TS.RANGE.
   *
   * O(n/m+k); since Redis 1.0.0. Resolves to `Reply[]`.
   */
  tsRange(key: Text, fromTimestamp: Value, toTimestamp: Value, ...args: [...([] | ['LATEST']), ...([] | ['FILTER_BY_TS', ...OneOrMore<Digits>]), ...([] | ['FILTER_BY_VALUE', min: Numeric, max: Numeric]), ...([] | ['COUNT', count: Numeric]), ...([] | [...([] | ['ALIGN', value: Numeric]), 'AGGREGATION', aggregators: Value, bucketDuration: Numeric, ...AnyOrder<{ buckettimestamp: ['BUCKETTIMESTAMP', buckettimestamp: '-' | 'start' | '+' | 'end' | '~' | 'mid']; empty: ['EMPTY'] }>])]): Sent<C, Reply[]>

  /**
   * Returns samples from a timestamp on, waiting for some if needed. Server documentation: TS.READ.
   *
   * O(log(n)+k); since Redis 8.10.0. Resolves to `Reply`.
   */
  tsRead(key: Text, timestamp: Value, ...options: AnyOrder<{ block: ['BLOCK', milliseconds: Numeric, minCount: Numeric]; maxCOUNT: ['MAX_COUNT', maxCount: Numeric] }>): Sent<C, Reply>

  /**
   * Returns the samples of a range, in reverse order. Server documentation: TS.REVRANGE.
   *
   * O(n/m+k); since Redis 1.4.0. Resolves to `Reply[]`.
   */
  tsRevrange(key: Text, fromTimestamp: Value, toTimestamp: Value, ...args: [...([] | ['LATEST']), ...([] | ['FILTER_BY_TS', ...OneOrMore<Digits>]), ...([] | ['FILTER_BY_VALUE', min: Numeric, max: Numeric]), ...([] | ['COUNT', count: Numeric]), ...([] | [...([] | ['ALIGN', value: Numeric]), 'AGGREGATION', aggregators: Value, bucketDuration: Numeric, ...AnyOrder<{ buckettimestamp: ['BUCKETTIMESTAMP', buckettimestamp: '-' | 'start' | '+' | 'end' | '~' | 'mid']; empty: ['EMPTY'] }>])]): Sent<C, Reply[]>
}
