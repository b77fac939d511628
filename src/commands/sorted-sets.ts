import { table } from './catalogue.js'
import type { ScanReply } from './keys.js'
import { listOf, type Text, type Value } from './sender.js'
import { SetCommands } from './sets.js'

/** Commands on sorted sets. What all methods have in common is said at `CommandExecutor`. */
export abstract class SortedSetCommands<Bulk extends string | Buffer> extends SetCommands<Bulk> {
  /**
   * Adds members with scores. Server documentation: ZADD.
   *
   * @param args options (`'NX'`, `'XX'`, `'GT'`, `'LT'`, `'CH'`, `'INCR'`), then score and member in turn
   * @returns how many are new (with `'CH'`: changed); with `'INCR'` the score afterwards, or null when a condition did not hold
   *
   * @example
   * await client.zadd('ranking', 3, 'ada', 1, 'bob')
   */
  zadd(key: Text, ...args: Value[]): Promise<number | null> {
    return this.execute(table.ZADD, ['ZADD', key, ...args])
  }

  /**
   * Removes members. Server documentation: ZREM.
   *
   * @returns how many there were
   */
  zrem(key: Text, ...members: Value[]): Promise<number> {
    return this.execute(table.ZREM, ['ZREM', key, ...members])
  }

  /**
   * The score of a member. Server documentation: ZSCORE.
   *
   * @returns the score; null when there is none
   */
  zscore(key: Text, member: Value): Promise<number | null> {
    return this.execute(table.ZSCORE, ['ZSCORE', key, member])
  }

  /**
   * The scores of several members. Server documentation: ZMSCORE.
   */
  zmscore(key: Text, ...members: Value[]): Promise<(number | null)[]> {
    return this.execute(table.ZMSCORE, ['ZMSCORE', key, ...members])
  }

  /**
   * Adds to the score of a member. Server documentation: ZINCRBY.
   *
   * @returns the score afterwards
   */
  zincrby(key: Text, amount: number, member: Value): Promise<number> {
    return this.execute(table.ZINCRBY, ['ZINCRBY', key, amount, member])
  }

  /**
   * Members in a range; with their scores: `zrangeWithScores`. Server documentation: ZRANGE.
   *
   * @param start, stop ranks, or scores or members with `'BYSCORE'` or `'BYLEX'`
   * @param options `'BYSCORE'`, `'BYLEX'`, `'REV'`, `'LIMIT', offset, count`
   */
  zrange(key: Text, start: Value, stop: Value, ...options: (string | number)[]): Promise<Bulk[]> {
    return this.execute(table.ZRANGE, ['ZRANGE', key, start, stop, ...options])
  }

  /**
   * Members in a range, with their scores. Server documentation: ZRANGE with WITHSCORES.
   *
   * @param start, stop, options as in `zrange`
   */
  zrangeWithScores(
    key: Text,
    start: Value,
    stop: Value,
    ...options: (string | number)[]
  ): Promise<[member: Bulk, score: number][]> {
    return this.execute(table.ZRANGE, ['ZRANGE', key, start, stop, ...options, 'WITHSCORES'])
  }

  /**
   * The rank of a member, 0 being that of the lowest score. Server documentation: ZRANK.
   *
   * @returns the rank; null when there is no such member
   */
  zrank(key: Text, member: Value): Promise<number | null> {
    return this.execute(table.ZRANK, ['ZRANK', key, member])
  }

  /**
   * The number of members. Server documentation: ZCARD.
   */
  zcard(key: Text): Promise<number> {
    return this.execute(table.ZCARD, ['ZCARD', key])
  }

  /**
   * The number of members with a score in a range. Server documentation: ZCOUNT.
   *
   * @param min, max scores, inclusive; `'(1'` excludes, `'-inf'` and `'+inf'` are no bounds
   */
  zcount(key: Text, min: Value, max: Value): Promise<number> {
    return this.execute(table.ZCOUNT, ['ZCOUNT', key, min, max])
  }

  /**
   * Removes members with a score in a range. Server documentation: ZREMRANGEBYSCORE.
   *
   * @param min, max as in `zcount`
   * @returns how many there were
   */
  zremrangebyscore(key: Text, min: Value, max: Value): Promise<number> {
    return this.execute(table.ZREMRANGEBYSCORE, ['ZREMRANGEBYSCORE', key, min, max])
  }

  /**
   * Takes the members with the lowest scores. Server documentation: ZPOPMIN.
   *
   * @param count how many; default 1
   */
  zpopmin(key: Text, count = 1): Promise<[member: Bulk, score: number][]> {
    return this.execute(table.ZPOPMIN, ['ZPOPMIN', key, count])
  }

  /**
   * Takes the members with the highest scores. Server documentation: ZPOPMAX.
   *
   * @param count how many; default 1
   */
  zpopmax(key: Text, count = 1): Promise<[member: Bulk, score: number][]> {
    return this.execute(table.ZPOPMAX, ['ZPOPMAX', key, count])
  }

  /**
   * Takes the member with the lowest score of the first sorted set that has one, waiting for it if need be, as `blpop`.
   * Server documentation: BZPOPMIN.
   *
   * @param timeout seconds; 0: without end
   * @returns the key, the member and its score; null when the time is over
   */
  bzpopmin(keys: Text | readonly Text[], timeout: number): Promise<[key: Bulk, member: Bulk, score: number] | null> {
    return this.execute(table.BZPOPMIN, ['BZPOPMIN', ...listOf(keys), timeout])
  }

  /**
   * As {@link bzpopmin}, with the highest score. Server documentation: BZPOPMAX.
   *
   * @param timeout seconds; 0: without end
   * @returns the key, the member and its score; null when the time is over
   */
  bzpopmax(keys: Text | readonly Text[], timeout: number): Promise<[key: Bulk, member: Bulk, score: number] | null> {
    return this.execute(table.BZPOPMAX, ['BZPOPMAX', ...listOf(keys), timeout])
  }

  /**
   * Takes members of the first sorted set that has some, waiting for them if need be, as `blpop`. Server documentation: BZMPOP.
   *
   * @param timeout seconds; 0: without end
   * @param count at most so many; default 1
   * @returns the key and the members with their scores; null when the time is over
   */
  bzmpop(
    timeout: number,
    keys: Text | readonly Text[],
    where: 'MIN' | 'MAX',
    count = 1,
  ): Promise<[key: Bulk, members: [member: Bulk, score: number][]] | null> {
    const list = listOf(keys)
    return this.execute(table.BZMPOP, ['BZMPOP', timeout, list.length, ...list, where, 'COUNT', count])
  }

  /**
   * A part of a sorted set, member and score in turn; prefer `zscanIterator`. Server documentation: ZSCAN.
   *
   * @param cursor 0 to begin, then the cursor of the reply before
   * @param options `'MATCH', pattern`, `'COUNT', number`
   */
  zscan(key: Text, cursor: string | number, ...options: (string | number)[]): Promise<ScanReply<Bulk>> {
    return this.execute(table.ZSCAN, ['ZSCAN', key, cursor, ...options])
  }
}
