import { table } from './catalogue.js'
import { pairsOf } from './pairs.js'
import { CommandExecutor, type Text, type Value } from './sender.js'

/** Options of SET, as the server takes them. */
export type SetOption = 'EX' | 'PX' | 'EXAT' | 'PXAT' | 'KEEPTTL' | 'NX' | 'XX' | 'GET' | 'IFEQ' | Value

/** Commands on strings and numbers. What all methods have in common is said at {@link CommandExecutor}. */
export abstract class StringCommands<Bulk extends string | Buffer> extends CommandExecutor {
  /**
   * The value of a string key. Server documentation: GET.
   *
   * @returns the value; null when the key does not exist
   */
  get(key: Text): Promise<Bulk | null> {
    return this.execute(table.GET, ['GET', key])
  }

  /**
   * Sets a string key. Server documentation: SET.
   *
   * @param options as the server takes them: `'EX', seconds`, `'PX', milliseconds`, `'EXAT'` and `'PXAT'` with a point in Unix time, `'KEEPTTL'`, `'NX'`, `'XX'`, `'GET'`, `'IFEQ', value`. Default: no expiry, no condition
   * @returns `'OK'`; null when the condition did not hold; with `'GET'` the value before, or null
   *
   * @example
   * await client.set('session', 'data', 'EX', 3600)
   */
  set(key: Text, value: Value, ...options: SetOption[]): Promise<'OK' | Bulk | null> {
    return this.execute(table.SET, ['SET', key, value, ...options])
  }

  /**
   * The value of a string key, which is deleted. Server documentation: GETDEL.
   *
   * @returns the value; null when the key did not exist
   */
  getdel(key: Text): Promise<Bulk | null> {
    return this.execute(table.GETDEL, ['GETDEL', key])
  }

  /**
   * The value of a string key, whose expiry is changed. Server documentation: GETEX.
   *
   * @param options `'EX', seconds`, `'PX', milliseconds`, `'EXAT'` or `'PXAT'` with a point in Unix time, or `'PERSIST'`. Default: the expiry stays
   * @returns the value; null when the key does not exist
   */
  getex(key: Text, ...options: (string | number)[]): Promise<Bulk | null> {
    return this.execute(table.GETEX, ['GETEX', key, ...options])
  }

  /**
   * The values of several string keys. Server documentation: MGET.
   *
   * @returns one entry a key, in their order; null where there is none
   */
  mget(...keys: Text[]): Promise<(Bulk | null)[]> {
    return this.execute(table.MGET, ['MGET', ...keys])
  }

  /**
   * Sets several string keys at once. Server documentation: MSET.
   *
   * @param values by key
   */
  mset(values: Readonly<Record<string, Value>>): Promise<'OK'> {
    return this.execute(table.MSET, ['MSET', ...pairsOf(values)])
  }

  /**
   * Sets a string key that expires. Server documentation: SETEX.
   *
   * @param seconds until it expires
   */
  setex(key: Text, seconds: number, value: Value): Promise<'OK'> {
    return this.execute(table.SETEX, ['SETEX', key, seconds, value])
  }

  /**
   * Sets a string key that does not exist. Server documentation: SETNX.
   *
   * @returns 1 when it was set, 0 when it existed
   */
  setnx(key: Text, value: Value): Promise<0 | 1> {
    return this.execute(table.SETNX, ['SETNX', key, value])
  }

  /**
   * The length of a string key. Server documentation: STRLEN.
   *
   * @returns bytes; 0 when the key does not exist
   */
  strlen(key: Text): Promise<number> {
    return this.execute(table.STRLEN, ['STRLEN', key])
  }

  /**
   * Appends to a string key. Server documentation: APPEND.
   *
   * @returns its length afterwards, in bytes
   */
  append(key: Text, value: Value): Promise<number> {
    return this.execute(table.APPEND, ['APPEND', key, value])
  }

  /**
   * A part of a string key. Server documentation: GETRANGE.
   *
   * @param start, end offsets in bytes, inclusive; negative ones count from the end
   */
  getrange(key: Text, start: number, end: number): Promise<Bulk> {
    return this.execute(table.GETRANGE, ['GETRANGE', key, start, end])
  }

  /**
   * Overwrites a part of a string key. Server documentation: SETRANGE.
   *
   * @param offset in bytes
   * @returns its length afterwards, in bytes
   */
  setrange(key: Text, offset: number, value: Value): Promise<number> {
    return this.execute(table.SETRANGE, ['SETRANGE', key, offset, value])
  }

  /**
   * Adds 1 to a number. Server documentation: INCR.
   *
   * @returns the number afterwards; a bigint with `integers: 'bigint'`
   * @throws IntegerTooLargeError, fate `executed`, if it is beyond 2^53
   */
  incr(key: Text): Promise<number> {
    return this.execute(table.INCR, ['INCR', key])
  }

  /**
   * Takes 1 from a number. Server documentation: DECR.
   *
   * @returns the number afterwards; a bigint with `integers: 'bigint'`
   * @throws IntegerTooLargeError, fate `executed`, if it is beyond 2^53
   */
  decr(key: Text): Promise<number> {
    return this.execute(table.DECR, ['DECR', key])
  }

  /**
   * Adds to a number. Server documentation: INCRBY.
   *
   * @returns the number afterwards; a bigint with `integers: 'bigint'`
   * @throws IntegerTooLargeError, fate `executed`, if it is beyond 2^53
   */
  incrby(key: Text, amount: number | bigint): Promise<number> {
    return this.execute(table.INCRBY, ['INCRBY', key, amount])
  }

  /**
   * Takes from a number. Server documentation: DECRBY.
   *
   * @returns the number afterwards; a bigint with `integers: 'bigint'`
   * @throws IntegerTooLargeError, fate `executed`, if it is beyond 2^53
   */
  decrby(key: Text, amount: number | bigint): Promise<number> {
    return this.execute(table.DECRBY, ['DECRBY', key, amount])
  }

  /**
   * Adds to a number that may have a fraction. Server documentation: INCRBYFLOAT.
   *
   * @returns the number afterwards, as the server's text: it has more digits than a number holds
   */
  incrbyfloat(key: Text, amount: number): Promise<string> {
    return this.execute(table.INCRBYFLOAT, ['INCRBYFLOAT', key, amount])
  }
}
