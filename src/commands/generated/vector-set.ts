// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, Numeric, OneOrMore, Spread, Text, Value } from '../types/arguments.js'
import type { CallContext, Bulk, Sent } from '../types/replies.js'

export interface VectorSetCommands<C extends CallContext> {
  /**
   * Adds an element to a vector set. Server documentation: VADD.
   *
   * since Redis. Resolves to `Reply`.
   */
  vadd(key: Text, ...args: [...([] | ['REDUCE', dim: Numeric]), format: 'FP32' | 'VALUES', ...OneOrMore<Value>, element: Value, ...AnyOrder<{ cas: ['CAS']; quantType: [quantType: 'NOQUANT' | 'BIN' | 'Q8']; buildExplorationFactor: ['EF', buildExplorationFactor: Numeric]; attributes: ['SETATTR', attributes: Value]; numlinks: ['M', numlinks: Numeric] }>]): Sent<C, Reply>

  /**
   * Counts the elements of a vector set. Server documentation: VCARD.
   *
   * since Redis. Resolves to `number`.
   */
  vcard(key: Text): Sent<C, number>

  /**
   * Returns the dimension of the vectors of a vector set. Server documentation: VDIM.
   *
   * since Redis. Resolves to `number`.
   */
  vdim(key: Text): Sent<C, number>

  /**
   * Returns the vector of an element. Server documentation: VEMB.
   *
   * since Redis. Resolves to `Reply`.
   */
  vemb(key: Text, element: Value, ...raw: [] | ['RAW']): Sent<C, Reply>

  /**
   * Returns the attributes of an element, as JSON text. Server documentation: VGETATTR.
   *
   * since Redis. Resolves to `Bulk | null`.
   */
  vgetattr(key: Text, element: Value): Sent<C, Bulk<C> | null>

  /**
   * Describes a vector set. Server documentation: VINFO.
   *
   * since Redis. Resolves to `Reply`.
   */
  vinfo(key: Text): Sent<C, Reply>

  /**
   * Checks whether a vector set has an element. Server documentation: VISMEMBER.
   *
   * since Redis. Resolves to `Reply`.
   */
  vismember(key: Text, element: Value): Sent<C, Reply>

  /**
   * Returns the neighbours of an element. Server documentation: VLINKS.
   *
   * since Redis. Resolves to `Reply`.
   */
  vlinks(key: Text, element: Value, ...withscores: [] | ['WITHSCORES']): Sent<C, Reply>

  /**
   * Returns random elements of a vector set. Server documentation: VRANDMEMBER.
   *
   * since Redis. Resolves to `Bulk | null`, `Bulk[]`.
   */
  vrandmember(key: Text): Sent<C, Bulk<C> | null>
  /**
   * Returns random elements of a vector set. Server documentation: VRANDMEMBER.
   *
   * since Redis. Resolves to `Bulk | null`, `Bulk[]`.
   */
  vrandmember(key: Text, count: Numeric): Sent<C, Bulk<C>[]>
  /**
   * Returns random elements of a vector set. Server documentation: VRANDMEMBER.
   *
   * since Redis. Resolves to `Bulk | null`, `Bulk[]`.
   */
  vrandmember(key: Text, ...count: [] | [count: Numeric]): Sent<C, Bulk<C> | Bulk<C>[] | null>

  /**
   * Returns the elements in a range of names. Server documentation: VRANGE.
   *
   * since Redis 8.4.0. Resolves to `Bulk[]`.
   */
  vrange(key: Text, start: Value, end: Value, ...count: [] | [count: Numeric]): Sent<C, Bulk<C>[]>

  /**
   * Removes an element of a vector set. Server documentation: VREM.
   *
   * since Redis. Resolves to `Reply`.
   */
  vrem(key: Text, element: Value): Sent<C, Reply>

  /**
   * Sets the attributes of an element. Server documentation: VSETATTR.
   *
   * since Redis. Resolves to `Reply`.
   */
  vsetattr(key: Text, element: Value, json: Value): Sent<C, Reply>

  /**
   * Finds elements that are similar to a vector or an element. Server documentation: VSIM.
   *
   * since Redis. Resolves to `Reply`.
   */
  vsim(key: Text, format: 'ELE' | 'FP32' | 'VALUES', ...args: [Spread<Value>, ...(Spread<Value>)[]]): Sent<C, Reply>
}
