import { table } from './catalogue.js'
import type { ScanReply } from './keys.js'
import { ListCommands } from './lists.js'
import type { Text, Value } from './sender.js'

/** Commands on sets. What all methods have in common is said at `CommandExecutor`. */
export abstract class SetCommands<Bulk extends string | Buffer> extends ListCommands<Bulk> {
  /**
   * Adds members. Server documentation: SADD.
   *
   * @returns how many are new
   */
  sadd(key: Text, ...members: Value[]): Promise<number> {
    return this.execute(table.SADD, ['SADD', key, ...members])
  }

  /**
   * Removes members. Server documentation: SREM.
   *
   * @returns how many there were
   */
  srem(key: Text, ...members: Value[]): Promise<number> {
    return this.execute(table.SREM, ['SREM', key, ...members])
  }

  /**
   * All members. Server documentation: SMEMBERS.
   *
   * @returns an array; a Set with `sets: 'set'`
   */
  smembers(key: Text): Promise<Bulk[]> {
    return this.execute(table.SMEMBERS, ['SMEMBERS', key])
  }

  /**
   * Whether something is a member. Server documentation: SISMEMBER.
   */
  sismember(key: Text, member: Value): Promise<0 | 1> {
    return this.execute(table.SISMEMBER, ['SISMEMBER', key, member])
  }

  /**
   * The number of members. Server documentation: SCARD.
   */
  scard(key: Text): Promise<number> {
    return this.execute(table.SCARD, ['SCARD', key])
  }

  /**
   * Takes a member at random. Server documentation: SPOP.
   *
   * @returns the member; null when there is none
   */
  spop(key: Text): Promise<Bulk | null> {
    return this.execute(table.SPOP, ['SPOP', key])
  }

  /**
   * The members that are in all of the sets. Server documentation: SINTER.
   */
  sinter(...keys: Text[]): Promise<Bulk[]> {
    return this.execute(table.SINTER, ['SINTER', ...keys])
  }

  /**
   * The members that are in any of the sets. Server documentation: SUNION.
   */
  sunion(...keys: Text[]): Promise<Bulk[]> {
    return this.execute(table.SUNION, ['SUNION', ...keys])
  }

  /**
   * The members that are in the first of the sets and in no other. Server documentation: SDIFF.
   */
  sdiff(...keys: Text[]): Promise<Bulk[]> {
    return this.execute(table.SDIFF, ['SDIFF', ...keys])
  }

  /**
   * A part of a set; prefer `sscanIterator`. Server documentation: SSCAN.
   *
   * @param cursor 0 to begin, then the cursor of the reply before
   * @param options `'MATCH', pattern`, `'COUNT', number`
   */
  sscan(key: Text, cursor: string | number, ...options: (string | number)[]): Promise<ScanReply<Bulk>> {
    return this.execute(table.SSCAN, ['SSCAN', key, cursor, ...options])
  }
}
