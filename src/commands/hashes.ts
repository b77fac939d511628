import { table } from './catalogue.js'
import { KeyCommands, type ScanReply } from './keys.js'
import { pairsOf } from './pairs.js'
import type { Text, Value } from './sender.js'

/** Commands on hashes. What all methods have in common is said at `CommandExecutor`. */
export abstract class HashCommands<Bulk extends string | Buffer> extends KeyCommands<Bulk> {
  /**
   * The value of a field. Server documentation: HGET.
   *
   * @returns the value; null when there is none
   */
  hget(key: Text, field: Text): Promise<Bulk | null> {
    return this.execute(table.HGET, ['HGET', key, field])
  }

  /**
   * Sets fields. Server documentation: HSET.
   *
   * @returns how many of them are new
   */
  hset(key: Text, fields: Readonly<Record<string, Value>>): Promise<number> {
    return this.execute(table.HSET, ['HSET', key, ...pairsOf(fields)])
  }

  /**
   * Sets a field that does not exist. Server documentation: HSETNX.
   *
   * @returns 1 when it was set
   */
  hsetnx(key: Text, field: Text, value: Value): Promise<0 | 1> {
    return this.execute(table.HSETNX, ['HSETNX', key, field, value])
  }

  /**
   * The values of several fields. Server documentation: HMGET.
   *
   * @returns one entry a field, in their order
   */
  hmget(key: Text, ...fields: Text[]): Promise<(Bulk | null)[]> {
    return this.execute(table.HMGET, ['HMGET', key, ...fields])
  }

  /**
   * All fields and values. Server documentation: HGETALL.
   *
   * @returns an object, empty when the key does not exist; a Map with `maps: 'map'`
   */
  hgetall(key: Text): Promise<Record<string, Bulk>> {
    return this.execute(table.HGETALL, ['HGETALL', key])
  }

  /**
   * Deletes fields. Server documentation: HDEL.
   *
   * @returns how many there were
   */
  hdel(key: Text, ...fields: Text[]): Promise<number> {
    return this.execute(table.HDEL, ['HDEL', key, ...fields])
  }

  /**
   * Whether a field exists. Server documentation: HEXISTS.
   */
  hexists(key: Text, field: Text): Promise<0 | 1> {
    return this.execute(table.HEXISTS, ['HEXISTS', key, field])
  }

  /**
   * Adds to the number in a field. Server documentation: HINCRBY.
   *
   * @returns the number afterwards; a bigint with `integers: 'bigint'`
   * @throws IntegerTooLargeError, fate `executed`, if it is beyond 2^53
   */
  hincrby(key: Text, field: Text, amount: number | bigint): Promise<number> {
    return this.execute(table.HINCRBY, ['HINCRBY', key, field, amount])
  }

  /**
   * Adds to the number in a field, which may have a fraction. Server documentation: HINCRBYFLOAT.
   *
   * @returns the number afterwards, as the server's text: it has more digits than a number holds
   */
  hincrbyfloat(key: Text, field: Text, amount: number): Promise<string> {
    return this.execute(table.HINCRBYFLOAT, ['HINCRBYFLOAT', key, field, amount])
  }

  /**
   * All fields. Server documentation: HKEYS.
   */
  hkeys(key: Text): Promise<Bulk[]> {
    return this.execute(table.HKEYS, ['HKEYS', key])
  }

  /**
   * All values. Server documentation: HVALS.
   */
  hvals(key: Text): Promise<Bulk[]> {
    return this.execute(table.HVALS, ['HVALS', key])
  }

  /**
   * The number of fields. Server documentation: HLEN.
   */
  hlen(key: Text): Promise<number> {
    return this.execute(table.HLEN, ['HLEN', key])
  }

  /**
   * A part of a hash, field and value in turn; prefer `hscanIterator`. Server documentation: HSCAN.
   *
   * @param cursor 0 to begin, then the cursor of the reply before
   * @param options `'MATCH', pattern`, `'COUNT', number`
   */
  hscan(key: Text, cursor: string | number, ...options: (string | number)[]): Promise<ScanReply<Bulk>> {
    return this.execute(table.HSCAN, ['HSCAN', key, cursor, ...options])
  }
}
