// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { AnyCase, Numeric, OneOrMore, Text, Value } from '../types/arguments.js'
import type { CallContext, Sent } from '../types/replies.js'

export interface BitmapCommands<C extends CallContext> {
  /**
   * Counts the bits that are set in a string. Server documentation: BITCOUNT.
   *
   * O(N); since Redis 2.6.0. Resolves to `number`.
   */
  bitcount(key: Text, ...range: [] | [start: Numeric, ...([] | [end: Numeric, ...([] | [unit: AnyCase<'BYTE' | 'BIT'>])])]): Sent<C, number>

  /**
   * Reads and writes integers of any width within a string. Server documentation: BITFIELD.
   *
   * O(1); since Redis 3.2.0. Resolves to `(number | bigint | null)[]`.
   */
  bitfield(key: Text, ...args: (Value)[]): Sent<C, (number | bigint | null)[]>

  /**
   * Reads integers of any width within a string. Server documentation: BITFIELD_RO.
   *
   * O(1); since Redis 6.0.0. Resolves to `(number | bigint)[]`.
   */
  bitfieldRo(key: Text, ...args: (Value)[]): Sent<C, (number | bigint)[]>

  /**
   * Combines strings bit by bit into another, and returns its length in bytes. Server documentation: BITOP.
   *
   * O(N); since Redis 2.6.0. Resolves to `number`.
   */
  bitop(operation: 'AND' | 'OR' | 'XOR' | 'NOT' | 'DIFF' | 'DIFF1' | 'ANDOR' | 'ONE', destkey: Text, ...keys: OneOrMore<Text>): Sent<C, number>

  /**
   * Finds the first bit that is 0 or 1; -1 if there is none. Server documentation: BITPOS.
   *
   * O(N); since Redis 2.8.7. Resolves to `number`.
   */
  bitpos(key: Text, bit: Numeric, ...index: [] | [start: Numeric, ...([] | [end: Numeric, ...([] | [indexUnit: 'BYTE' | 'BIT'])])]): Sent<C, number>

  /**
   * Returns one bit of a string. Server documentation: GETBIT.
   *
   * O(1); since Redis 2.2.0. Resolves to `0 | 1`.
   */
  getbit(key: Text, offset: Numeric): Sent<C, 0 | 1>

  /**
   * Sets one bit of a string, and returns its previous value. Server documentation: SETBIT.
   *
   * O(1); since Redis 2.2.0. Resolves to `0 | 1`.
   */
  setbit(key: Text, offset: Numeric, value: Numeric): Sent<C, 0 | 1>
}
