// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, Numeric, OneOrMore, Spread, Text, Value } from '../types/arguments.js'
import type { CallContext, Bulk, Sent, TextMapOf } from '../types/replies.js'

export interface VectorSetCommands<C extends CallContext> {
  /**
   * Adds an element to a vector set. Server documentation: VADD.
   *
   * Resolves to `boolean`.
   */
  vadd(key: Text, ...args: [...([] | ['REDUCE', dim: Numeric]), format: 'FP32' | 'VALUES', ...OneOrMore<Value>, element: Value, ...AnyOrder<{ cas: ['CAS']; quantType: [quantType: 'NOQUANT' | 'BIN' | 'Q8']; buildExplorationFactor: ['EF', buildExplorationFactor: Numeric]; attributes: ['SETATTR', attributes: Value]; numlinks: ['M', numlinks: Numeric] }>]): Sent<C, boolean>

  /**
   * Counts the elements of a vector set. Server documentation: VCARD.
   *
   * Resolves to `number`.
   */
  vcard(key: Text): Sent<C, number>

  /**
   * Returns the dimension of the vectors of a vector set. Server documentation: VDIM.
   *
   * Resolves to `number`.
   */
  vdim(key: Text): Sent<C, number>

  /**
   * Returns the vector of an element. Server documentation: VEMB.
   *
   * Resolves to `[quantization: string, vector: Bulk, norm: number, range?: number] | null`, `number[] | null`.
   */
  vemb(key: Text, element: Value, ...args: ['RAW']): Sent<C, [quantization: string, vector: Bulk<C>, norm: number, range?: number] | null>
  /**
   * Returns the vector of an element. Server documentation: VEMB.
   *
   * Resolves to `[quantization: string, vector: Bulk, norm: number, range?: number] | null`, `number[] | null`.
   */
  vemb(key: Text, element: Value): Sent<C, number[] | null>
  /**
   * Returns the vector of an element. Server documentation: VEMB.
   *
   * Resolves to `[quantization: string, vector: Bulk, norm: number, range?: number] | null`, `number[] | null`.
   */
  vemb(key: Text, element: Value, ...raw: [] | ['RAW']): Sent<C, [quantization: string, vector: Bulk<C>, norm: number, range?: number] | number[] | null>

  /**
   * Returns the attributes of an element, as JSON text. Server documentation: VGETATTR.
   *
   * Resolves to `Bulk | null`.
   */
  vgetattr(key: Text, element: Value): Sent<C, Bulk<C> | null>

  /**
   * Describes a vector set. Server documentation: VINFO.
   *
   * Resolves to `TextMapOf<Reply> | null`.
   */
  vinfo(key: Text): Sent<C, TextMapOf<C, Reply> | null>

  /**
   * Checks whether a vector set has an element. Server documentation: VISMEMBER.
   *
   * Resolves to `boolean`.
   */
  vismember(key: Text, element: Value): Sent<C, boolean>

  /**
   * Returns the neighbours of an element. Server documentation: VLINKS.
   *
   * Resolves to `Bulk[][] | null`, `[element: Bulk, score: number][][] | null`.
   */
  vlinks(key: Text, element: Value): Sent<C, Bulk<C>[][] | null>
  /**
   * Returns the neighbours of an element. Server documentation: VLINKS.
   *
   * Resolves to `Bulk[][] | null`, `[element: Bulk, score: number][][] | null`.
   */
  vlinks(key: Text, element: Value, ...args: ['WITHSCORES']): Sent<C, [element: Bulk<C>, score: number][][] | null>
  /**
   * Returns the neighbours of an element. Server documentation: VLINKS.
   *
   * Resolves to `Bulk[][] | null`, `[element: Bulk, score: number][][] | null`.
   */
  vlinks(key: Text, element: Value, ...withscores: [] | ['WITHSCORES']): Sent<C, Bulk<C>[][] | [element: Bulk<C>, score: number][][] | null>

  /**
   * Returns random elements of a vector set. Server documentation: VRANDMEMBER.
   *
   * Resolves to `Bulk | null`, `Bulk[]`.
   */
  vrandmember(key: Text): Sent<C, Bulk<C> | null>
  /**
   * Returns random elements of a vector set. Server documentation: VRANDMEMBER.
   *
   * Resolves to `Bulk | null`, `Bulk[]`.
   */
  vrandmember(key: Text, count: Numeric): Sent<C, Bulk<C>[]>
  /**
   * Returns random elements of a vector set. Server documentation: VRANDMEMBER.
   *
   * Resolves to `Bulk | null`, `Bulk[]`.
   */
  vrandmember(key: Text, ...count: [] | [count: Numeric]): Sent<C, Bulk<C> | Bulk<C>[] | null>

  /**
   * Returns the elements in a range of names. Server documentation: VRANGE.
   *
   * Since Redis 8.4.0. Resolves to `Bulk[]`.
   */
  vrange(key: Text, start: Value, end: Value, ...count: [] | [count: Numeric]): Sent<C, Bulk<C>[]>

  /**
   * Removes an element of a vector set. Server documentation: VREM.
   *
   * Resolves to `boolean`.
   */
  vrem(key: Text, element: Value): Sent<C, boolean>

  /**
   * Sets the attributes of an element. Server documentation: VSETATTR.
   *
   * Resolves to `boolean`.
   */
  vsetattr(key: Text, element: Value, json: Value): Sent<C, boolean>

  /**
   * Finds elements that are similar to a vector or an element. Server documentation: VSIM.
   *
   * Resolves to `Bulk[] | [element: Bulk, score: number][] | [element: Bulk, attributes: Bulk | null][] | [element: Bulk, score: number, attributes: Bulk | null][]`.
   */
  vsim(key: Text, format: 'ELE' | 'FP32' | 'VALUES', ...args: [Spread<Value>, ...(Spread<Value>)[]]): Sent<C, Bulk<C>[] | [element: Bulk<C>, score: number][] | [element: Bulk<C>, attributes: Bulk<C> | null][] | [element: Bulk<C>, score: number, attributes: Bulk<C> | null][]>
}
