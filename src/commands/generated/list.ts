// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { AnyOrder, AnyOrderWith, Numeric, OneOrMore, Text, Value } from '../types/arguments.js'
import type { CallContext, Bulk, Sent } from '../types/replies.js'

export interface ListCommands<C extends CallContext> {
  /**
   * Moves an element between lists, waiting for one if needed; null when the time is over. Server documentation: BLMOVE.
   *
   * O(1); since Redis 6.2.0. Resolves to `Bulk | null`.
   */
  blmove(source: Text, destination: Text, wherefrom: 'LEFT' | 'RIGHT', whereto: 'LEFT' | 'RIGHT', timeout: Numeric): Sent<C, Bulk<C> | null>

  /**
   * Moves several elements between lists, waiting for them if needed. Server documentation: BLMOVEM.
   *
   * O(N); since Redis 8.10.0. Resolves to `Bulk[] | null`.
   */
  blmovem(source: Text, destination: Text, wherefrom: 'LEFT' | 'RIGHT', whereto: 'LEFT' | 'RIGHT', timeout: Numeric, ...howMany: [] | [...(['COUNT', count: Numeric] | ['EXACTLY', exactly: Numeric]), ordering: 'OBO' | 'BULK']): Sent<C, Bulk<C>[] | null>

  /**
   * Takes elements of the first list that has some, waiting if needed; null when the time is over. Server documentation: BLMPOP.
   *
   * O(N+M); since Redis 7.0.0. Resolves to `[key: Bulk, elements: Bulk[]] | null`.
   */
  blmpop(timeout: Numeric, numkeys: Numeric, ...args: [...OneOrMore<Text>, where: 'LEFT' | 'RIGHT', ...([] | ['COUNT', count: Numeric])]): Sent<C, [key: Bulk<C>, elements: Bulk<C>[]] | null>

  /**
   * Takes the first element of the first list that has one, waiting if needed; null when the time is over. Server documentation: BLPOP.
   *
   * O(N); since Redis 2.0.0. Resolves to `[key: Bulk, element: Bulk] | null`.
   */
  blpop(...args: [...OneOrMore<Text>, timeout: Numeric]): Sent<C, [key: Bulk<C>, element: Bulk<C>] | null>

  /**
   * Takes the last element of the first list that has one, waiting if needed; null when the time is over. Server documentation: BRPOP.
   *
   * O(N); since Redis 2.0.0. Resolves to `[key: Bulk, element: Bulk] | null`.
   */
  brpop(...args: [...OneOrMore<Text>, timeout: Numeric]): Sent<C, [key: Bulk<C>, element: Bulk<C>] | null>

  /**
   * Moves the last element of a list to the front of another, waiting if needed. Server documentation: BRPOPLPUSH.
   *
   * O(1); since Redis 2.2.0. Resolves to `Bulk | null`.
   */
  brpoplpush(source: Text, destination: Text, timeout: Numeric): Sent<C, Bulk<C> | null>

  /**
   * Returns one element of a list. Server documentation: LINDEX.
   *
   * O(N); since Redis 1.0.0. Resolves to `Bulk | null`.
   */
  lindex(key: Text, index: Numeric): Sent<C, Bulk<C> | null>

  /**
   * Inserts before or after an element, and returns the length; -1: no such element. Server documentation: LINSERT.
   *
   * O(N); since Redis 2.2.0. Resolves to `number`.
   */
  linsert(key: Text, where: 'BEFORE' | 'AFTER', pivot: Value, element: Value): Sent<C, number>

  /**
   * Returns the length of a list. Server documentation: LLEN.
   *
   * O(1); since Redis 1.0.0. Resolves to `number`.
   */
  llen(key: Text): Sent<C, number>

  /**
   * Moves an element from one list to another, and returns it. Server documentation: LMOVE.
   *
   * O(1); since Redis 6.2.0. Resolves to `Bulk | null`.
   */
  lmove(source: Text, destination: Text, wherefrom: 'LEFT' | 'RIGHT', whereto: 'LEFT' | 'RIGHT'): Sent<C, Bulk<C> | null>

  /**
   * Moves several elements from one list to another, and returns them. Server documentation: LMOVEM.
   *
   * O(N); since Redis 8.10.0. Resolves to `Bulk[] | null`.
   */
  lmovem(source: Text, destination: Text, wherefrom: 'LEFT' | 'RIGHT', whereto: 'LEFT' | 'RIGHT', ...howMany: [] | [...(['COUNT', count: Numeric] | ['EXACTLY', exactly: Numeric]), ordering: 'OBO' | 'BULK']): Sent<C, Bulk<C>[] | null>

  /**
   * Takes elements of the first list that has some. Server documentation: LMPOP.
   *
   * O(N+M); since Redis 7.0.0. Resolves to `[key: Bulk, elements: Bulk[]] | null`.
   */
  lmpop(numkeys: Numeric, ...args: [...OneOrMore<Text>, where: 'LEFT' | 'RIGHT', ...([] | ['COUNT', count: Numeric])]): Sent<C, [key: Bulk<C>, elements: Bulk<C>[]] | null>

  /**
   * Takes the first element, or several. Server documentation: LPOP.
   *
   * O(N); since Redis 1.0.0. Resolves to `Bulk | null`, `Bulk[] | null`.
   */
  lpop(key: Text): Sent<C, Bulk<C> | null>
  /**
   * Takes the first element, or several. Server documentation: LPOP.
   *
   * O(N); since Redis 1.0.0. Resolves to `Bulk | null`, `Bulk[] | null`.
   */
  lpop(key: Text, count: Numeric): Sent<C, Bulk<C>[] | null>
  /**
   * Takes the first element, or several. Server documentation: LPOP.
   *
   * O(N); since Redis 1.0.0. Resolves to `Bulk | null`, `Bulk[] | null`.
   */
  lpop(key: Text, ...count: [] | [count: Numeric]): Sent<C, Bulk<C> | Bulk<C>[] | null>

  /**
   * Finds the index of an element. Server documentation: LPOS.
   *
   * O(N); since Redis 6.0.6. Resolves to `number | null`, `number[]`.
   */
  lpos(key: Text, element: Value, ...options: AnyOrder<{ rank: ['RANK', rank: Numeric]; len: ['MAXLEN', len: Numeric] }>): Sent<C, number | null>
  /**
   * Finds the index of an element. Server documentation: LPOS.
   *
   * O(N); since Redis 6.0.6. Resolves to `number | null`, `number[]`.
   */
  lpos(key: Text, element: Value, ...options: AnyOrderWith<{ rank: ['RANK', rank: Numeric]; numMatches: ['COUNT', numMatches: Numeric]; len: ['MAXLEN', len: Numeric] }, 'numMatches'>): Sent<C, number[]>
  /**
   * Finds the index of an element. Server documentation: LPOS.
   *
   * O(N); since Redis 6.0.6. Resolves to `number | null`, `number[]`.
   */
  lpos(key: Text, element: Value, ...options: AnyOrder<{ rank: ['RANK', rank: Numeric]; numMatches: ['COUNT', numMatches: Numeric]; len: ['MAXLEN', len: Numeric] }>): Sent<C, number | number[] | null>

  /**
   * Adds elements at the front, and returns the length. Server documentation: LPUSH.
   *
   * O(1); since Redis 1.0.0. Resolves to `number`.
   */
  lpush(key: Text, ...elements: OneOrMore<Value>): Sent<C, number>

  /**
   * Adds elements at the front of a list that exists, and returns the length. Server documentation: LPUSHX.
   *
   * O(1); since Redis 2.2.0. Resolves to `number`.
   */
  lpushx(key: Text, ...elements: OneOrMore<Value>): Sent<C, number>

  /**
   * Returns the elements in a range of indexes. Server documentation: LRANGE.
   *
   * O(S+N); since Redis 1.0.0. Resolves to `Bulk[]`.
   */
  lrange(key: Text, start: Numeric, stop: Numeric): Sent<C, Bulk<C>[]>

  /**
   * Removes elements that equal the one given, and returns how many. Server documentation: LREM.
   *
   * O(N+M); since Redis 1.0.0. Resolves to `number`.
   */
  lrem(key: Text, count: Numeric, element: Value): Sent<C, number>

  /**
   * Replaces one element of a list. Server documentation: LSET.
   *
   * O(N); since Redis 1.0.0. Resolves to `'OK'`.
   */
  lset(key: Text, index: Numeric, element: Value): Sent<C, 'OK'>

  /**
   * Removes all elements outside a range of indexes. Server documentation: LTRIM.
   *
   * O(N); since Redis 1.0.0. Resolves to `'OK'`.
   */
  ltrim(key: Text, start: Numeric, stop: Numeric): Sent<C, 'OK'>

  /**
   * Takes the last element, or several. Server documentation: RPOP.
   *
   * O(N); since Redis 1.0.0. Resolves to `Bulk | null`, `Bulk[] | null`.
   */
  rpop(key: Text): Sent<C, Bulk<C> | null>
  /**
   * Takes the last element, or several. Server documentation: RPOP.
   *
   * O(N); since Redis 1.0.0. Resolves to `Bulk | null`, `Bulk[] | null`.
   */
  rpop(key: Text, count: Numeric): Sent<C, Bulk<C>[] | null>
  /**
   * Takes the last element, or several. Server documentation: RPOP.
   *
   * O(N); since Redis 1.0.0. Resolves to `Bulk | null`, `Bulk[] | null`.
   */
  rpop(key: Text, ...count: [] | [count: Numeric]): Sent<C, Bulk<C> | Bulk<C>[] | null>

  /**
   * Moves the last element of a list to the front of another. Server documentation: RPOPLPUSH.
   *
   * O(1); since Redis 1.2.0. Resolves to `Bulk | null`.
   */
  rpoplpush(source: Text, destination: Text): Sent<C, Bulk<C> | null>

  /**
   * Adds elements at the end, and returns the length. Server documentation: RPUSH.
   *
   * O(1); since Redis 1.0.0. Resolves to `number`.
   */
  rpush(key: Text, ...elements: OneOrMore<Value>): Sent<C, number>

  /**
   * Adds elements at the end of a list that exists, and returns the length. Server documentation: RPUSHX.
   *
   * O(1); since Redis 2.2.0. Resolves to `number`.
   */
  rpushx(key: Text, ...elements: OneOrMore<Value>): Sent<C, number>
}
