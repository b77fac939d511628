import { table } from './catalogue.js'
import type { Text } from './sender.js'
import { StringCommands } from './strings.js'

/** A part of a scan. */
export interface ScanReply<Bulk> {
  /** To be given to the next call; `'0'` at the end. */
  readonly cursor: string
  readonly elements: Bulk[]
}

/** Commands on keys of any type. What all methods have in common is said at `CommandExecutor`. */
export abstract class KeyCommands<Bulk extends string | Buffer> extends StringCommands<Bulk> {
  /**
   * Deletes keys. Server documentation: DEL.
   *
   * @returns how many there were
   */
  del(...keys: Text[]): Promise<number> {
    return this.execute(table.DEL, ['DEL', ...keys])
  }

  /**
   * Deletes keys; the server frees their memory later. Server documentation: UNLINK.
   *
   * @returns how many there were
   */
  unlink(...keys: Text[]): Promise<number> {
    return this.execute(table.UNLINK, ['UNLINK', ...keys])
  }

  /**
   * Counts those keys that exist. Server documentation: EXISTS.
   *
   * @returns how many; a key given twice counts twice
   */
  exists(...keys: Text[]): Promise<number> {
    return this.execute(table.EXISTS, ['EXISTS', ...keys])
  }

  /**
   * Sets when a key expires. Server documentation: EXPIRE.
   *
   * @param seconds seconds from now
   * @param condition none by default
   * @returns 1 when it was set, 0 when the key does not exist or the condition did not hold
   */
  expire(key: Text, seconds: number, condition?: 'NX' | 'XX' | 'GT' | 'LT'): Promise<0 | 1> {
    return this.execute(
      table.EXPIRE,
      condition === undefined ? ['EXPIRE', key, seconds] : ['EXPIRE', key, seconds, condition],
    )
  }

  /**
   * Sets when a key expires. Server documentation: PEXPIRE.
   *
   * @param milliseconds milliseconds from now
   * @param condition none by default
   * @returns 1 when it was set, 0 when the key does not exist or the condition did not hold
   */
  pexpire(key: Text, milliseconds: number, condition?: 'NX' | 'XX' | 'GT' | 'LT'): Promise<0 | 1> {
    return this.execute(
      table.PEXPIRE,
      condition === undefined ? ['PEXPIRE', key, milliseconds] : ['PEXPIRE', key, milliseconds, condition],
    )
  }

  /**
   * Sets when a key expires. Server documentation: EXPIREAT.
   *
   * @param seconds seconds of Unix time
   * @param condition none by default
   * @returns 1 when it was set, 0 when the key does not exist or the condition did not hold
   */
  expireat(key: Text, seconds: number, condition?: 'NX' | 'XX' | 'GT' | 'LT'): Promise<0 | 1> {
    return this.execute(
      table.EXPIREAT,
      condition === undefined ? ['EXPIREAT', key, seconds] : ['EXPIREAT', key, seconds, condition],
    )
  }

  /**
   * Sets when a key expires. Server documentation: PEXPIREAT.
   *
   * @param milliseconds milliseconds of Unix time
   * @param condition none by default
   * @returns 1 when it was set, 0 when the key does not exist or the condition did not hold
   */
  pexpireat(key: Text, milliseconds: number, condition?: 'NX' | 'XX' | 'GT' | 'LT'): Promise<0 | 1> {
    return this.execute(
      table.PEXPIREAT,
      condition === undefined ? ['PEXPIREAT', key, milliseconds] : ['PEXPIREAT', key, milliseconds, condition],
    )
  }

  /**
   * The time until a key expires. Server documentation: TTL.
   *
   * @returns seconds; -1 when it does not expire, -2 when it does not exist
   */
  ttl(key: Text): Promise<number> {
    return this.execute(table.TTL, ['TTL', key])
  }

  /**
   * The time until a key expires. Server documentation: PTTL.
   *
   * @returns milliseconds; -1 when it does not expire, -2 when it does not exist
   */
  pttl(key: Text): Promise<number> {
    return this.execute(table.PTTL, ['PTTL', key])
  }

  /**
   * Takes the expiry from a key. Server documentation: PERSIST.
   *
   * @returns 1 when it had one
   */
  persist(key: Text): Promise<0 | 1> {
    return this.execute(table.PERSIST, ['PERSIST', key])
  }

  /**
   * The type of a key. Server documentation: TYPE.
   *
   * @returns `'string'`, `'list'` ...; `'none'` when it does not exist
   */
  type(key: Text): Promise<string> {
    return this.execute(table.TYPE, ['TYPE', key])
  }

  /**
   * All keys that match a pattern. The server does nothing else meanwhile: prefer `scan`. Server documentation: KEYS.
   */
  keys(pattern: Text): Promise<Bulk[]> {
    return this.execute(table.KEYS, ['KEYS', pattern])
  }

  /**
   * Renames a key, overwriting whatever has the new name. Server documentation: RENAME.
   */
  rename(key: Text, newKey: Text): Promise<'OK'> {
    return this.execute(table.RENAME, ['RENAME', key, newKey])
  }

  /**
   * A part of the keys. Server documentation: SCAN.
   *
   * @param cursor 0 to begin, then the cursor of the reply before
   * @param options `'MATCH', pattern`, `'COUNT', number`, `'TYPE', type`
   * @returns the next cursor (`'0'` at the end) and some keys
   */
  scan(cursor: string | number, ...options: (string | number)[]): Promise<ScanReply<Bulk>> {
    return this.execute(table.SCAN, ['SCAN', cursor, ...options])
  }
}
