// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { AnyOrder, AnyOrderWith, Digits, Numeric, OneOrMore, Repeated, Spread, Text, Value, ZeroOrMore } from '../types/arguments.js'
import type { CallContext, Bulk, ScanReply, Sent } from '../types/replies.js'

export interface SortedSetCommands<C extends CallContext> {
  /**
   * Takes members of the first sorted set that has some, waiting if needed. Server documentation: BZMPOP.
   *
   * O(K); since Redis 7.0.0. Resolves to `[key: Bulk, members: [member: Bulk, score: number][]] | null`.
   */
  bzmpop(timeout: Numeric, numkeys: Numeric, ...args: [...OneOrMore<Text>, where: 'MIN' | 'MAX', ...([] | ['COUNT', count: Numeric])]): Sent<C, [key: Bulk<C>, members: [member: Bulk<C>, score: number][]] | null>

  /**
   * Takes the member with the highest score of the first sorted set that has one, waiting if needed. Server documentation: BZPOPMAX.
   *
   * O(log(N)); since Redis 5.0.0. Resolves to `[key: Bulk, member: Bulk, score: number] | null`.
   */
  bzpopmax(...args: [...OneOrMore<Text>, timeout: Numeric]): Sent<C, [key: Bulk<C>, member: Bulk<C>, score: number] | null>

  /**
   * Takes the member with the lowest score of the first sorted set that has one, waiting if needed. Server documentation: BZPOPMIN.
   *
   * O(log(N)); since Redis 5.0.0. Resolves to `[key: Bulk, member: Bulk, score: number] | null`.
   */
  bzpopmin(...args: [...OneOrMore<Text>, timeout: Numeric]): Sent<C, [key: Bulk<C>, member: Bulk<C>, score: number] | null>

  /**
   * Adds members with scores, and returns how many are new; with INCR, returns the score. Server documentation: ZADD.
   *
   * O(log(N)); since Redis 1.2.0. Resolves to `number | null`, `number`.
   */
  zadd(key: Text, score: Digits, member: Value, ...members: ZeroOrMore<Value>): Sent<C, number>
  /**
   * Adds members with scores, and returns how many are new; with INCR, returns the score. Server documentation: ZADD.
   *
   * O(log(N)); since Redis 1.2.0. Resolves to `number | null`, `number`.
   */
  zadd(key: Text, option: 'NX' | 'XX' | 'GT' | 'LT' | 'CH', score: Digits, member: Value, ...members: ZeroOrMore<Value>): Sent<C, number>
  /**
   * Adds members with scores, and returns how many are new; with INCR, returns the score. Server documentation: ZADD.
   *
   * O(log(N)); since Redis 1.2.0. Resolves to `number | null`, `number`.
   */
  zadd(key: Text, ...args: [...AnyOrderWith<{ condition: [condition: 'NX' | 'XX']; comparison: [comparison: 'GT' | 'LT']; change: ['CH']; increment: ['INCR'] }, 'increment'>, ...Repeated<[score: Numeric, member: Value]>]): Sent<C, number | null>
  /**
   * Adds members with scores, and returns how many are new; with INCR, returns the score. Server documentation: ZADD.
   *
   * O(log(N)); since Redis 1.2.0. Resolves to `number | null`, `number`.
   */
  zadd(key: Text, ...args: [...AnyOrder<{ condition: [condition: 'NX' | 'XX']; comparison: [comparison: 'GT' | 'LT']; change: ['CH'] }>, ...Repeated<[score: Numeric, member: Value]>]): Sent<C, number>
  /**
   * Adds members with scores, and returns how many are new; with INCR, returns the score. Server documentation: ZADD.
   *
   * O(log(N)); since Redis 1.2.0. Resolves to `number | null`, `number`.
   */
  zadd(key: Text, ...args: [...AnyOrder<{ condition: [condition: 'NX' | 'XX']; comparison: [comparison: 'GT' | 'LT']; change: ['CH']; increment: ['INCR'] }>, ...Repeated<[score: Numeric, member: Value]>]): Sent<C, number | null>

  /**
   * Counts the members of a sorted set. Server documentation: ZCARD.
   *
   * O(1); since Redis 1.2.0. Resolves to `number`.
   */
  zcard(key: Text): Sent<C, number>

  /**
   * Counts the members in a range of scores. Server documentation: ZCOUNT.
   *
   * O(log(N)); since Redis 2.0.0. Resolves to `number`.
   */
  zcount(key: Text, min: Numeric, max: Numeric): Sent<C, number>

  /**
   * Returns the members of the first sorted set that are in none of the others. Server documentation: ZDIFF.
   *
   * O(L + (N-K)log(N)); since Redis 6.2.0. Resolves to `[member: Bulk, score: number][]`, `Bulk[]`.
   */
  zdiff(numkeys: Numeric, ...args: [...OneOrMore<Text>, 'WITHSCORES']): Sent<C, [member: Bulk<C>, score: number][]>
  /**
   * Returns the members of the first sorted set that are in none of the others. Server documentation: ZDIFF.
   *
   * O(L + (N-K)log(N)); since Redis 6.2.0. Resolves to `[member: Bulk, score: number][]`, `Bulk[]`.
   */
  zdiff(numkeys: Numeric, ...keys: OneOrMore<Text>): Sent<C, Bulk<C>[]>
  /**
   * Returns the members of the first sorted set that are in none of the others. Server documentation: ZDIFF.
   *
   * O(L + (N-K)log(N)); since Redis 6.2.0. Resolves to `[member: Bulk, score: number][]`, `Bulk[]`.
   */
  zdiff(numkeys: Numeric, ...args: [...OneOrMore<Text>, ...([] | ['WITHSCORES'])]): Sent<C, [member: Bulk<C>, score: number][] | Bulk<C>[]>

  /**
   * Stores the result of ZDIFF, and returns its size. Server documentation: ZDIFFSTORE.
   *
   * O(L + (N-K)log(N)); since Redis 6.2.0. Resolves to `number`.
   */
  zdiffstore(destination: Text, numkeys: Numeric, ...keys: OneOrMore<Text>): Sent<C, number>

  /**
   * Adds to the score of a member, and returns it. Server documentation: ZINCRBY.
   *
   * O(log(N)); since Redis 1.2.0. Resolves to `number`.
   */
  zincrby(key: Text, increment: Numeric, member: Value): Sent<C, number>

  /**
   * Returns the members that all sorted sets have. Server documentation: ZINTER.
   *
   * O(N*K); since Redis 6.2.0. Resolves to `[member: Bulk, score: number][] | Bulk[]`.
   */
  zinter(numkeys: Numeric, ...args: [Spread<Text | 'WEIGHTS' | Digits | 'AGGREGATE' | 'SUM' | 'MIN' | 'MAX' | 'COUNT' | 'WITHSCORES'>, ...(Spread<Text | 'WEIGHTS' | Digits | 'AGGREGATE' | 'SUM' | 'MIN' | 'MAX' | 'COUNT' | 'WITHSCORES'>)[]]): Sent<C, [member: Bulk<C>, score: number][] | Bulk<C>[]>

  /**
   * Counts the members that all sorted sets have. Server documentation: ZINTERCARD.
   *
   * O(N*K); since Redis 7.0.0. Resolves to `number`.
   */
  zintercard(numkeys: Numeric, ...args: [...OneOrMore<Text>, ...([] | ['LIMIT', limit: Numeric])]): Sent<C, number>

  /**
   * Stores the result of ZINTER, and returns its size. Server documentation: ZINTERSTORE.
   *
   * O(N*K); since Redis 2.0.0. Resolves to `number`.
   */
  zinterstore(destination: Text, numkeys: Numeric, ...args: [Spread<Text | 'WEIGHTS' | Digits | 'AGGREGATE' | 'SUM' | 'MIN' | 'MAX' | 'COUNT'>, ...(Spread<Text | 'WEIGHTS' | Digits | 'AGGREGATE' | 'SUM' | 'MIN' | 'MAX' | 'COUNT'>)[]]): Sent<C, number>

  /**
   * Counts the members in a range of names. Server documentation: ZLEXCOUNT.
   *
   * O(log(N)); since Redis 2.8.9. Resolves to `number`.
   */
  zlexcount(key: Text, min: Value, max: Value): Sent<C, number>

  /**
   * Takes members of the first sorted set that has some. Server documentation: ZMPOP.
   *
   * O(K); since Redis 7.0.0. Resolves to `[key: Bulk, members: [member: Bulk, score: number][]] | null`.
   */
  zmpop(numkeys: Numeric, ...args: [...OneOrMore<Text>, where: 'MIN' | 'MAX', ...([] | ['COUNT', count: Numeric])]): Sent<C, [key: Bulk<C>, members: [member: Bulk<C>, score: number][]] | null>

  /**
   * Returns the scores of several members, in their order. Server documentation: ZMSCORE.
   *
   * O(N); since Redis 6.2.0. Resolves to `(number | null)[]`.
   */
  zmscore(key: Text, ...members: OneOrMore<Value>): Sent<C, (number | null)[]>

  /**
   * Takes the members with the highest scores. Server documentation: ZPOPMAX.
   *
   * O(log(N)*M); since Redis 5.0.0. Resolves to `[member: Bulk, score: number][]`.
   */
  zpopmax(key: Text, ...count: [] | [count: Numeric]): Sent<C, [member: Bulk<C>, score: number][]>

  /**
   * Takes the members with the lowest scores. Server documentation: ZPOPMIN.
   *
   * O(log(N)*M); since Redis 5.0.0. Resolves to `[member: Bulk, score: number][]`.
   */
  zpopmin(key: Text, ...count: [] | [count: Numeric]): Sent<C, [member: Bulk<C>, score: number][]>

  /**
   * Returns random members of a sorted set. Server documentation: ZRANDMEMBER.
   *
   * O(N); since Redis 6.2.0. Resolves to `[member: Bulk, score: number][]`, `Bulk[]`, `Bulk | null`.
   */
  zrandmember(key: Text, count: Numeric, ...args: ['WITHSCORES']): Sent<C, [member: Bulk<C>, score: number][]>
  /**
   * Returns random members of a sorted set. Server documentation: ZRANDMEMBER.
   *
   * O(N); since Redis 6.2.0. Resolves to `[member: Bulk, score: number][]`, `Bulk[]`, `Bulk | null`.
   */
  zrandmember(key: Text, count: Numeric): Sent<C, Bulk<C>[]>
  /**
   * Returns random members of a sorted set. Server documentation: ZRANDMEMBER.
   *
   * O(N); since Redis 6.2.0. Resolves to `[member: Bulk, score: number][]`, `Bulk[]`, `Bulk | null`.
   */
  zrandmember(key: Text): Sent<C, Bulk<C> | null>
  /**
   * Returns random members of a sorted set. Server documentation: ZRANDMEMBER.
   *
   * O(N); since Redis 6.2.0. Resolves to `[member: Bulk, score: number][]`, `Bulk[]`, `Bulk | null`.
   */
  zrandmember(key: Text, ...options: [] | [count: Numeric, ...([] | ['WITHSCORES'])]): Sent<C, [member: Bulk<C>, score: number][] | Bulk<C>[] | Bulk<C> | null>

  /**
   * Returns the members in a range of ranks, scores or names. Server documentation: ZRANGE.
   *
   * O(log(N)+M); since Redis 1.2.0. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrange(key: Text, start: Value, stop: Value, ...options: AnyOrder<{ sortby: [sortby: 'BYSCORE' | 'BYLEX']; rev: ['REV']; offsetCount: ['LIMIT', offset: Numeric, count: Numeric] }>): Sent<C, Bulk<C>[]>
  /**
   * Returns the members in a range of ranks, scores or names. Server documentation: ZRANGE.
   *
   * O(log(N)+M); since Redis 1.2.0. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrange(key: Text, start: Value, stop: Value, ...options: AnyOrderWith<{ sortby: [sortby: 'BYSCORE' | 'BYLEX']; rev: ['REV']; offsetCount: ['LIMIT', offset: Numeric, count: Numeric]; withscores: ['WITHSCORES'] }, 'withscores'>): Sent<C, [member: Bulk<C>, score: number][]>
  /**
   * Returns the members in a range of ranks, scores or names. Server documentation: ZRANGE.
   *
   * O(log(N)+M); since Redis 1.2.0. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrange(key: Text, start: Value, stop: Value, ...options: AnyOrder<{ sortby: [sortby: 'BYSCORE' | 'BYLEX']; rev: ['REV']; offsetCount: ['LIMIT', offset: Numeric, count: Numeric]; withscores: ['WITHSCORES'] }>): Sent<C, [member: Bulk<C>, score: number][] | Bulk<C>[]>

  /**
   * Returns the members in a range of names. Server documentation: ZRANGEBYLEX.
   *
   * O(log(N)+M); since Redis 2.8.9. Resolves to `Bulk[]`.
   */
  zrangebylex(key: Text, min: Value, max: Value, ...offsetCount: [] | ['LIMIT', offset: Numeric, count: Numeric]): Sent<C, Bulk<C>[]>

  /**
   * Returns the members in a range of scores. Server documentation: ZRANGEBYSCORE.
   *
   * O(log(N)+M); since Redis 1.0.5. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrangebyscore(key: Text, min: Numeric, max: Numeric, ...offsetCount: [] | ['LIMIT', offset: Numeric, count: Numeric]): Sent<C, Bulk<C>[]>
  /**
   * Returns the members in a range of scores. Server documentation: ZRANGEBYSCORE.
   *
   * O(log(N)+M); since Redis 1.0.5. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrangebyscore(key: Text, min: Numeric, max: Numeric, ...options: AnyOrderWith<{ withscores: ['WITHSCORES']; offsetCount: ['LIMIT', offset: Numeric, count: Numeric] }, 'withscores'>): Sent<C, [member: Bulk<C>, score: number][]>
  /**
   * Returns the members in a range of scores. Server documentation: ZRANGEBYSCORE.
   *
   * O(log(N)+M); since Redis 1.0.5. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrangebyscore(key: Text, min: Numeric, max: Numeric, ...options: AnyOrder<{ withscores: ['WITHSCORES']; offsetCount: ['LIMIT', offset: Numeric, count: Numeric] }>): Sent<C, [member: Bulk<C>, score: number][] | Bulk<C>[]>

  /**
   * Stores the result of ZRANGE, and returns its size. Server documentation: ZRANGESTORE.
   *
   * O(log(N)+M); since Redis 6.2.0. Resolves to `number`.
   */
  zrangestore(dst: Text, src: Text, min: Value, max: Value, ...options: AnyOrder<{ sortby: [sortby: 'BYSCORE' | 'BYLEX']; rev: ['REV']; offsetCount: ['LIMIT', offset: Numeric, count: Numeric] }>): Sent<C, number>

  /**
   * Returns the rank of a member, from 0 for the lowest score. Server documentation: ZRANK.
   *
   * O(log(N)); since Redis 2.0.0. Resolves to `number | null`, `[rank: number, score: number] | null`.
   */
  zrank(key: Text, member: Value): Sent<C, number | null>
  /**
   * Returns the rank of a member, from 0 for the lowest score. Server documentation: ZRANK.
   *
   * O(log(N)); since Redis 2.0.0. Resolves to `number | null`, `[rank: number, score: number] | null`.
   */
  zrank(key: Text, member: Value, ...args: ['WITHSCORE']): Sent<C, [rank: number, score: number] | null>
  /**
   * Returns the rank of a member, from 0 for the lowest score. Server documentation: ZRANK.
   *
   * O(log(N)); since Redis 2.0.0. Resolves to `number | null`, `[rank: number, score: number] | null`.
   */
  zrank(key: Text, member: Value, ...withscore: [] | ['WITHSCORE']): Sent<C, number | [rank: number, score: number] | null>

  /**
   * Removes members, and returns how many there were. Server documentation: ZREM.
   *
   * O(M*log(N)); since Redis 1.2.0. Resolves to `number`.
   */
  zrem(key: Text, ...members: OneOrMore<Value>): Sent<C, number>

  /**
   * Removes the members in a range of names, and returns how many. Server documentation: ZREMRANGEBYLEX.
   *
   * O(log(N)+M); since Redis 2.8.9. Resolves to `number`.
   */
  zremrangebylex(key: Text, min: Value, max: Value): Sent<C, number>

  /**
   * Removes the members in a range of ranks, and returns how many. Server documentation: ZREMRANGEBYRANK.
   *
   * O(log(N)+M); since Redis 2.0.0. Resolves to `number`.
   */
  zremrangebyrank(key: Text, start: Numeric, stop: Numeric): Sent<C, number>

  /**
   * Removes the members in a range of scores, and returns how many. Server documentation: ZREMRANGEBYSCORE.
   *
   * O(log(N)+M); since Redis 1.2.0. Resolves to `number`.
   */
  zremrangebyscore(key: Text, min: Numeric, max: Numeric): Sent<C, number>

  /**
   * Returns the members in a range of ranks, from the highest score. Server documentation: ZREVRANGE.
   *
   * O(log(N)+M); since Redis 1.2.0. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrevrange(key: Text, start: Numeric, stop: Numeric): Sent<C, Bulk<C>[]>
  /**
   * Returns the members in a range of ranks, from the highest score. Server documentation: ZREVRANGE.
   *
   * O(log(N)+M); since Redis 1.2.0. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrevrange(key: Text, start: Numeric, stop: Numeric, ...args: ['WITHSCORES']): Sent<C, [member: Bulk<C>, score: number][]>
  /**
   * Returns the members in a range of ranks, from the highest score. Server documentation: ZREVRANGE.
   *
   * O(log(N)+M); since Redis 1.2.0. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrevrange(key: Text, start: Numeric, stop: Numeric, ...withscores: [] | ['WITHSCORES']): Sent<C, [member: Bulk<C>, score: number][] | Bulk<C>[]>

  /**
   * Returns the members in a range of names, in reverse order. Server documentation: ZREVRANGEBYLEX.
   *
   * O(log(N)+M); since Redis 2.8.9. Resolves to `Bulk[]`.
   */
  zrevrangebylex(key: Text, max: Value, min: Value, ...offsetCount: [] | ['LIMIT', offset: Numeric, count: Numeric]): Sent<C, Bulk<C>[]>

  /**
   * Returns the members in a range of scores, from the highest. Server documentation: ZREVRANGEBYSCORE.
   *
   * O(log(N)+M); since Redis 2.2.0. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrevrangebyscore(key: Text, max: Numeric, min: Numeric, ...offsetCount: [] | ['LIMIT', offset: Numeric, count: Numeric]): Sent<C, Bulk<C>[]>
  /**
   * Returns the members in a range of scores, from the highest. Server documentation: ZREVRANGEBYSCORE.
   *
   * O(log(N)+M); since Redis 2.2.0. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrevrangebyscore(key: Text, max: Numeric, min: Numeric, ...options: AnyOrderWith<{ withscores: ['WITHSCORES']; offsetCount: ['LIMIT', offset: Numeric, count: Numeric] }, 'withscores'>): Sent<C, [member: Bulk<C>, score: number][]>
  /**
   * Returns the members in a range of scores, from the highest. Server documentation: ZREVRANGEBYSCORE.
   *
   * O(log(N)+M); since Redis 2.2.0. Resolves to `Bulk[]`, `[member: Bulk, score: number][]`.
   */
  zrevrangebyscore(key: Text, max: Numeric, min: Numeric, ...options: AnyOrder<{ withscores: ['WITHSCORES']; offsetCount: ['LIMIT', offset: Numeric, count: Numeric] }>): Sent<C, [member: Bulk<C>, score: number][] | Bulk<C>[]>

  /**
   * Returns the rank of a member, from 0 for the highest score. Server documentation: ZREVRANK.
   *
   * O(log(N)); since Redis 2.0.0. Resolves to `number | null`, `[rank: number, score: number] | null`.
   */
  zrevrank(key: Text, member: Value): Sent<C, number | null>
  /**
   * Returns the rank of a member, from 0 for the highest score. Server documentation: ZREVRANK.
   *
   * O(log(N)); since Redis 2.0.0. Resolves to `number | null`, `[rank: number, score: number] | null`.
   */
  zrevrank(key: Text, member: Value, ...args: ['WITHSCORE']): Sent<C, [rank: number, score: number] | null>
  /**
   * Returns the rank of a member, from 0 for the highest score. Server documentation: ZREVRANK.
   *
   * O(log(N)); since Redis 2.0.0. Resolves to `number | null`, `[rank: number, score: number] | null`.
   */
  zrevrank(key: Text, member: Value, ...withscore: [] | ['WITHSCORE']): Sent<C, number | [rank: number, score: number] | null>

  /**
   * Lists a part of a sorted set, member and score in turn; prefer `zscanIterator`. Server documentation: ZSCAN.
   *
   * O(1); since Redis 2.8.0. Resolves to `ScanReply<Bulk>`.
   */
  zscan(key: Text, cursor: Numeric, ...options: AnyOrder<{ pattern: ['MATCH', pattern: Text]; count: ['COUNT', count: Numeric]; noscores: ['NOSCORES'] }>): Sent<C, ScanReply<Bulk<C>>>

  /**
   * Returns the score of a member. Server documentation: ZSCORE.
   *
   * O(1); since Redis 1.2.0. Resolves to `number | null`.
   */
  zscore(key: Text, member: Value): Sent<C, number | null>

  /**
   * Returns the members that any of the sorted sets has. Server documentation: ZUNION.
   *
   * O(N); since Redis 6.2.0. Resolves to `[member: Bulk, score: number][] | Bulk[]`.
   */
  zunion(numkeys: Numeric, ...args: [Spread<Text | 'WEIGHTS' | Digits | 'AGGREGATE' | 'SUM' | 'MIN' | 'MAX' | 'COUNT' | 'WITHSCORES'>, ...(Spread<Text | 'WEIGHTS' | Digits | 'AGGREGATE' | 'SUM' | 'MIN' | 'MAX' | 'COUNT' | 'WITHSCORES'>)[]]): Sent<C, [member: Bulk<C>, score: number][] | Bulk<C>[]>

  /**
   * Stores the result of ZUNION, and returns its size. Server documentation: ZUNIONSTORE.
   *
   * O(N); since Redis 2.0.0. Resolves to `number`.
   */
  zunionstore(destination: Text, numkeys: Numeric, ...args: [Spread<Text | 'WEIGHTS' | Digits | 'AGGREGATE' | 'SUM' | 'MIN' | 'MAX' | 'COUNT'>, ...(Spread<Text | 'WEIGHTS' | Digits | 'AGGREGATE' | 'SUM' | 'MIN' | 'MAX' | 'COUNT'>)[]]): Sent<C, number>
}
