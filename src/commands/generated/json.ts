// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, Numeric, OneOrMore, Repeated, Text, Value, ZeroOrMore } from '../types/arguments.js'
import type { CallContext, Sent } from '../types/replies.js'

export interface JsonCommands<C extends CallContext> {
  /**
   * Appends values to JSON arrays. Server documentation: JSON.ARRAPPEND.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonArrappend(key: Text, ...args: [...([] | [path: Value]), ...OneOrMore<Value>]): Sent<C, Reply>

  /**
   * Finds a value in JSON arrays. Server documentation: JSON.ARRINDEX.
   *
   * O(N); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonArrindex(key: Text, path: Value, value: Value, ...range: [] | [start: Numeric, ...([] | [stop: Numeric])]): Sent<C, Reply>

  /**
   * Inserts values into JSON arrays. Server documentation: JSON.ARRINSERT.
   *
   * O(N); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonArrinsert(key: Text, path: Value, index: Numeric, ...values: OneOrMore<Value>): Sent<C, Reply>

  /**
   * Returns the length of JSON arrays. Server documentation: JSON.ARRLEN.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonArrlen(key: Text, ...path: [] | [path: Value]): Sent<C, Reply>

  /**
   * Removes and returns elements of JSON arrays. Server documentation: JSON.ARRPOP.
   *
   * O(N); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonArrpop(key: Text, ...path: [] | [path: Value, ...([] | [index: Numeric])]): Sent<C, Reply>

  /**
   * Trims JSON arrays. Server documentation: JSON.ARRTRIM.
   *
   * O(N); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonArrtrim(key: Text, path: Value, start: Numeric, stop: Numeric): Sent<C, Reply>

  /**
   * Empties JSON containers, and sets numbers to 0. Server documentation: JSON.CLEAR.
   *
   * O(N); since Redis 2.0.0. Resolves to `number`.
   */
  jsonClear(key: Text, ...path: [] | [path: Value]): Sent<C, number>

  /**
   * Describes the subcommands of JSON.DEBUG. Server documentation: JSON.DEBUG HELP.
   *
   * Resolves to `Reply`.
   */
  jsonDebugHelp(...arguments_: ZeroOrMore<Value>): Sent<C, Reply>

  /**
   * Returns how much memory JSON values use. Server documentation: JSON.DEBUG MEMORY.
   *
   * Resolves to `Reply`.
   */
  jsonDebugMemory(...arguments_: ZeroOrMore<Value>): Sent<C, Reply>

  /**
   * Deletes JSON values, and returns how many. Server documentation: JSON.DEL.
   *
   * O(N); since Redis 1.0.0. Resolves to `number`.
   */
  jsonDel(key: Text, ...path: [] | [path: Value]): Sent<C, number>

  /**
   * Deletes JSON values, and returns how many. Server documentation: JSON.FORGET.
   *
   * O(N); since Redis 1.0.0. Resolves to `number`.
   */
  jsonForget(key: Text, ...path: [] | [path: Value]): Sent<C, number>

  /**
   * Returns JSON values as text. Server documentation: JSON.GET.
   *
   * O(N); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonGet(key: Text, ...args: [...([] | ['INDENT', indent: Value]), ...([] | ['NEWLINE', newline: Value]), ...([] | ['SPACE', space: Value]), ...ZeroOrMore<Value>]): Sent<C, Reply>

  /**
   * Merges a JSON value into a document; null if there is no place for it. Server documentation: JSON.MERGE.
   *
   * O(M+N); since Redis 2.6.0. Resolves to `'OK' | null`.
   */
  jsonMerge(key: Text, path: Value, value: Value): Sent<C, 'OK' | null>

  /**
   * Returns JSON values of several keys. Server documentation: JSON.MGET.
   *
   * O(M*N); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonMget(...args: [...OneOrMore<Text>, path: Value]): Sent<C, Reply>

  /**
   * Sets JSON values of several keys; null if some were not set. Server documentation: JSON.MSET.
   *
   * O(K*(M+N)); since Redis 2.6.0. Resolves to `'OK' | null`.
   */
  jsonMset(...pairs: Repeated<[key: Text, path: Value, value: Value]>): Sent<C, 'OK' | null>

  /**
   * Adds to JSON numbers. Server documentation: JSON.NUMINCRBY.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonNumincrby(key: Text, path: Value, value: Numeric): Sent<C, Reply>

  /**
   * Multiplies JSON numbers. Server documentation: JSON.NUMMULTBY.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonNummultby(key: Text, path: Value, value: Numeric): Sent<C, Reply>

  /**
   * Raises JSON numbers to a power. Server documentation: JSON.NUMPOWBY.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonNumpowby(key: Text, path: Value, number: Numeric): Sent<C, Reply>

  /**
   * Lists the keys of JSON objects. Server documentation: JSON.OBJKEYS.
   *
   * O(N); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonObjkeys(key: Text, ...path: [] | [path: Value]): Sent<C, Reply>

  /**
   * Counts the keys of JSON objects. Server documentation: JSON.OBJLEN.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonObjlen(key: Text, ...path: [] | [path: Value]): Sent<C, Reply>

  /**
   * Returns JSON values as types of the protocol. Server documentation: JSON.RESP.
   *
   * O(N); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonResp(key: Text, ...path: [] | [path: Value]): Sent<C, Reply>

  /**
   * Sets a JSON value; null if the condition did not hold. Server documentation: JSON.SET.
   *
   * O(M+N); since Redis 1.0.0. Resolves to `'OK' | null`.
   */
  jsonSet(key: Text, path: Value, value: Value, ...options: AnyOrder<{ condition: [condition: 'NX' | 'XX']; fpha: ['FPHA', fphaType: 'FP16' | 'BF16' | 'FP32' | 'FP64'] }>): Sent<C, 'OK' | null>

  /**
   * Appends to JSON strings. Server documentation: JSON.STRAPPEND.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonStrappend(key: Text, ...args: [...([] | [path: Value]), value: Value]): Sent<C, Reply>

  /**
   * Returns the length of JSON strings. Server documentation: JSON.STRLEN.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonStrlen(key: Text, ...path: [] | [path: Value]): Sent<C, Reply>

  /**
   * Inverts JSON booleans. Server documentation: JSON.TOGGLE.
   *
   * O(1); since Redis 2.0.0. Resolves to `Reply`.
   */
  jsonToggle(key: Text, path: Value): Sent<C, Reply>

  /**
   * Returns the type of JSON values. Server documentation: JSON.TYPE.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  jsonType(key: Text, ...path: [] | [path: Value]): Sent<C, Reply>
}
