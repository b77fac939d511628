import { type Script, scriptCall } from './script.js'
import { CommandExecutor } from './sender.js'
import type { Text, Value } from './types/arguments.js'

/** The base class of all classes with typed methods; `defineMethods` adds the methods. */
export abstract class TypedExecutor extends CommandExecutor {
  /**
   * Runs a script created by `script()`. Sends its SHA-1 if the server has the script, and its text if not.
   * In a transaction, the text is always sent, because otherwise part of the transaction could fail if the server does not have
   * the script.
   * Server documentation: EVALSHA, EVAL.
   *
   * @param script created by `script()`
   * @param keys the keys that the script may use
   * @param args further arguments; none by default
   *
   * @example
   * const add = script<number>('return redis.call("INCRBY", KEYS[1], ARGV[1])')
   * const sum = await client.run(add, ['counter'], [5])
   */
  run<T>(script: Script<T>, keys: readonly Text[], args?: readonly Value[]): Promise<T>
  run<T>(...given: readonly unknown[]): Promise<T> {
    let call: ReturnType<typeof scriptCall>
    try {
      call = scriptCall(given)
    } catch (error) {
      return this.refuse(error)
    }
    return this.execute(call.descriptor, call.args)
  }
}
