// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, Numeric, OneOrMore, Value, ZeroOrMore } from '../types/arguments.js'
import type { CallContext, Bulk, MapOf, Sent } from '../types/replies.js'

export interface ScriptingCommands<C extends CallContext> {
  /**
   * Runs a script. Server documentation: EVAL.
   *
   * Since Redis 2.6.0. Resolves to `Reply`.
   */
  eval(script: Value, numkeys: Numeric, ...args: ZeroOrMore<Value>): Sent<C, Reply>

  /**
   * Runs a script that the server has, by its SHA-1. Server documentation: EVALSHA.
   *
   * Since Redis 2.6.0. Resolves to `Reply`.
   */
  evalsha(sha1: Value, numkeys: Numeric, ...args: ZeroOrMore<Value>): Sent<C, Reply>

  /**
   * Runs a script that does not write, by its SHA-1. Server documentation: EVALSHA_RO.
   *
   * Since Redis 7.0.0. Resolves to `Reply`.
   */
  evalshaRo(sha1: Value, numkeys: Numeric, ...args: ZeroOrMore<Value>): Sent<C, Reply>

  /**
   * Runs a script that does not write. Server documentation: EVAL_RO.
   *
   * Since Redis 7.0.0. Resolves to `Reply`.
   */
  evalRo(script: Value, numkeys: Numeric, ...args: ZeroOrMore<Value>): Sent<C, Reply>

  /**
   * Calls a function of a library. Server documentation: FCALL.
   *
   * Since Redis 7.0.0. Resolves to `Reply`.
   */
  fcall(function_: Value, numkeys: Numeric, ...args: ZeroOrMore<Value>): Sent<C, Reply>

  /**
   * Calls a function that does not write. Server documentation: FCALL_RO.
   *
   * Since Redis 7.0.0. Resolves to `Reply`.
   */
  fcallRo(function_: Value, numkeys: Numeric, ...args: ZeroOrMore<Value>): Sent<C, Reply>

  /**
   * Deletes a library. Server documentation: FUNCTION DELETE.
   *
   * O(1); since Redis 7.0.0. Resolves to `'OK'`.
   */
  functionDelete(libraryName: Value): Sent<C, 'OK'>

  /**
   * Returns all libraries in the server's own format: use it with `buffers`. Server documentation: FUNCTION DUMP.
   *
   * O(N); since Redis 7.0.0. Resolves to `Bulk`.
   */
  functionDump(): Sent<C, Bulk<C>>

  /**
   * Deletes all libraries. Server documentation: FUNCTION FLUSH.
   *
   * O(N); since Redis 7.0.0. Resolves to `'OK'`.
   */
  functionFlush(...flushType: [] | [flushType: 'ASYNC' | 'SYNC']): Sent<C, 'OK'>

  /**
   * Describes the subcommands of FUNCTION. Server documentation: FUNCTION HELP.
   *
   * O(1); since Redis 7.0.0. Resolves to `string[]`.
   */
  functionHelp(): Sent<C, string[]>

  /**
   * Ends the function that is running. Server documentation: FUNCTION KILL.
   *
   * O(1); since Redis 7.0.0. Resolves to `'OK'`.
   */
  functionKill(): Sent<C, 'OK'>

  /**
   * Lists libraries. Server documentation: FUNCTION LIST.
   *
   * O(N); since Redis 7.0.0. Resolves to `MapOf<Reply>[]`.
   */
  functionList(...options: AnyOrder<{ libraryNamePattern: ['LIBRARYNAME', libraryNamePattern: Value]; withcode: ['WITHCODE'] }>): Sent<C, MapOf<C, Reply>[]>

  /**
   * Loads a library, and returns its name. Server documentation: FUNCTION LOAD.
   *
   * O(1); since Redis 7.0.0. Resolves to `Bulk`.
   */
  functionLoad(...args: [...([] | ['REPLACE']), functionCode: Value]): Sent<C, Bulk<C>>

  /**
   * Restores libraries that FUNCTION DUMP returned. Server documentation: FUNCTION RESTORE.
   *
   * O(N); since Redis 7.0.0. Resolves to `'OK'`.
   */
  functionRestore(serializedValue: Value, ...policy: [] | [policy: 'FLUSH' | 'APPEND' | 'REPLACE']): Sent<C, 'OK'>

  /**
   * Describes the function that is running. Server documentation: FUNCTION STATS.
   *
   * O(1); since Redis 7.0.0. Resolves to `MapOf<Reply>`.
   */
  functionStats(): Sent<C, MapOf<C, Reply>>

  /**
   * Checks which scripts the server has, by their SHA-1. Server documentation: SCRIPT EXISTS.
   *
   * O(N); since Redis 2.6.0. Resolves to `(0 | 1)[]`.
   */
  scriptExists(...sha1s: OneOrMore<Value>): Sent<C, (0 | 1)[]>

  /**
   * Makes the server forget all scripts. Server documentation: SCRIPT FLUSH.
   *
   * O(N); since Redis 2.6.0. Resolves to `'OK'`.
   */
  scriptFlush(...flushType: [] | [flushType: 'ASYNC' | 'SYNC']): Sent<C, 'OK'>

  /**
   * Describes the subcommands of SCRIPT. Server documentation: SCRIPT HELP.
   *
   * O(1); since Redis 5.0.0. Resolves to `string[]`.
   */
  scriptHelp(): Sent<C, string[]>

  /**
   * Ends the script that is running. Server documentation: SCRIPT KILL.
   *
   * O(1); since Redis 2.6.0. Resolves to `'OK'`.
   */
  scriptKill(): Sent<C, 'OK'>

  /**
   * Gives the server a script, and returns its SHA-1. Server documentation: SCRIPT LOAD.
   *
   * O(N); since Redis 2.6.0. Resolves to `string`.
   */
  scriptLoad(script: Value): Sent<C, string>

  /**
   * Returns a script, by its SHA-1. Server documentation: SCRIPT SHOW.
   *
   * O(1); since Valkey 8.0.0. Resolves to `Bulk`.
   */
  scriptShow(sha1: Value): Sent<C, Bulk<C>>
}
