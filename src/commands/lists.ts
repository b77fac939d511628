import { table } from './catalogue.js'
import { HashCommands } from './hashes.js'
import { listOf, type Text, type Value } from './sender.js'

/** Commands on lists. What all methods have in common is said at `CommandExecutor`. */
export abstract class ListCommands<Bulk extends string | Buffer> extends HashCommands<Bulk> {
  /**
   * Puts elements before the first. Server documentation: LPUSH.
   *
   * @returns the length of the list afterwards
   */
  lpush(key: Text, ...elements: Value[]): Promise<number> {
    return this.execute(table.LPUSH, ['LPUSH', key, ...elements])
  }

  /**
   * Puts elements behind the last. Server documentation: RPUSH.
   *
   * @returns the length of the list afterwards
   */
  rpush(key: Text, ...elements: Value[]): Promise<number> {
    return this.execute(table.RPUSH, ['RPUSH', key, ...elements])
  }

  /**
   * Takes the first element. Server documentation: LPOP.
   *
   * @returns the element; null when the list does not exist
   */
  lpop(key: Text): Promise<Bulk | null> {
    return this.execute(table.LPOP, ['LPOP', key])
  }

  /**
   * Takes the last element. Server documentation: RPOP.
   *
   * @returns the element; null when the list does not exist
   */
  rpop(key: Text): Promise<Bulk | null> {
    return this.execute(table.RPOP, ['RPOP', key])
  }

  /**
   * A part of a list. Server documentation: LRANGE.
   *
   * @param start, stop indexes, inclusive; negative ones count from the end
   */
  lrange(key: Text, start: number, stop: number): Promise<Bulk[]> {
    return this.execute(table.LRANGE, ['LRANGE', key, start, stop])
  }

  /**
   * The length of a list. Server documentation: LLEN.
   */
  llen(key: Text): Promise<number> {
    return this.execute(table.LLEN, ['LLEN', key])
  }

  /**
   * One element. Server documentation: LINDEX.
   *
   * @returns the element; null when there is none
   */
  lindex(key: Text, index: number): Promise<Bulk | null> {
    return this.execute(table.LINDEX, ['LINDEX', key, index])
  }

  /**
   * Replaces one element. Server documentation: LSET.
   */
  lset(key: Text, index: number, element: Value): Promise<'OK'> {
    return this.execute(table.LSET, ['LSET', key, index, element])
  }

  /**
   * Removes elements that are equal to the one given. Server documentation: LREM.
   *
   * @param count how many from the first on; negative: from the last on; 0: all
   * @returns how many were removed
   */
  lrem(key: Text, count: number, element: Value): Promise<number> {
    return this.execute(table.LREM, ['LREM', key, count, element])
  }

  /**
   * Keeps a part of a list only. Server documentation: LTRIM.
   */
  ltrim(key: Text, start: number, stop: number): Promise<'OK'> {
    return this.execute(table.LTRIM, ['LTRIM', key, start, stop])
  }

  /**
   * Takes an element from one list and puts it into another. Server documentation: LMOVE.
   *
   * @returns the element; null when the source does not exist
   */
  lmove(source: Text, destination: Text, from: 'LEFT' | 'RIGHT', to: 'LEFT' | 'RIGHT'): Promise<Bulk | null> {
    return this.execute(table.LMOVE, ['LMOVE', source, destination, from, to])
  }

  /**
   * Takes the first element of the first list that has one, waiting for one if needed, on a pooled connection. If it is
   * aborted or times out, it is unblocked; if it took an element after all, it returns it. Server documentation: BLPOP.
   *
   * @param timeout seconds; 0: without end
   * @returns the key of the list and the element; null when the time is over
   */
  blpop(keys: Text | readonly Text[], timeout: number): Promise<[key: Bulk, element: Bulk] | null> {
    return this.execute(table.BLPOP, ['BLPOP', ...listOf(keys), timeout])
  }

  /**
   * As {@link blpop}, from the other end. Server documentation: BRPOP.
   *
   * @param timeout seconds; 0: without end
   * @returns the key of the list and the element; null when the time is over
   */
  brpop(keys: Text | readonly Text[], timeout: number): Promise<[key: Bulk, element: Bulk] | null> {
    return this.execute(table.BRPOP, ['BRPOP', ...listOf(keys), timeout])
  }

  /**
   * Moves an element from one list to another, waiting for it if need be, as {@link blpop}. Server documentation: BLMOVE.
   *
   * @param timeout seconds; 0: without end
   * @returns the element; null when the time is over
   */
  blmove(
    source: Text,
    destination: Text,
    from: 'LEFT' | 'RIGHT',
    to: 'LEFT' | 'RIGHT',
    timeout: number,
  ): Promise<Bulk | null> {
    return this.execute(table.BLMOVE, ['BLMOVE', source, destination, from, to, timeout])
  }

  /**
   * Takes elements of the first list that has some, waiting for them if need be, as {@link blpop}. Server documentation: BLMPOP.
   *
   * @param timeout seconds; 0: without end
   * @param count at most so many; default 1
   * @returns the key of the list and the elements; null when the time is over
   */
  blmpop(
    timeout: number,
    keys: Text | readonly Text[],
    where: 'LEFT' | 'RIGHT',
    count = 1,
  ): Promise<[key: Bulk, elements: Bulk[]] | null> {
    const list = listOf(keys)
    return this.execute(table.BLMPOP, ['BLMPOP', timeout, list.length, ...list, where, 'COUNT', count])
  }
}
