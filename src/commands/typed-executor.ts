import { type Script, scriptCall } from './script.js'
import { CommandExecutor } from './sender.js'
import type { Text, Value } from './types/arguments.js'

/** What classes with typed methods have in common; `defineMethods` adds the methods. */
export abstract class TypedExecutor extends CommandExecutor {
  /**
   * Runs a script made by `script()`: sends its SHA-1 where the server has it, its text where it has not.
   * In a transaction its text is sent each time: half of the transaction must not fail for want of it.
   * Server documentation: EVALSHA, EVAL.
   *
   * @param script made by `script()`
   * @param keys the keys that it may touch
   * @param args further arguments; none by default
   *
   * @example
   * const add = script<number>('return redis.call("INCRBY", KEYS[1], ARGV[1])')
   * const sum = await client.run(add, ['counter'], [5])
   */
  run<T>(script: Script<T>, keys: readonly Text[], args: readonly Value[] = []): Promise<T> {
    let call: ReturnType<typeof scriptCall>
    try {
      call = scriptCall(script, keys, args)
    } catch (error) {
      return this.refuse(error)
    }
    return this.execute(call.descriptor, call.args)
  }
}
