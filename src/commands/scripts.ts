import type { Reply } from '../protocol/types.js'
import { table } from './catalogue.js'
import type { Script } from './script.js'
import type { Text, Value } from './sender.js'
import { StreamCommands } from './streams.js'

/** Commands on scripts and functions. What all methods have in common is said at `CommandExecutor`. */
export abstract class ScriptCommands<Bulk extends string | Buffer> extends StreamCommands<Bulk> {
  /**
   * Runs a script made by {@link script}: sends its SHA-1 where the server has it, its text where it has not.
   * In a transaction its text is sent each time: half of the transaction must not fail for want of it.
   * Server documentation: EVALSHA, EVAL.
   *
   * @param keys what it may touch
   * @param args further arguments; none by default
   *
   * @example
   * const add = script<number>('return redis.call("INCRBY", KEYS[1], ARGV[1])')
   * const sum = await client.run(add, ['counter'], [5])
   */
  run<T>(what: Script<T>, keys: readonly Text[], args: readonly Value[] = []): Promise<T> {
    const { descriptor } = what
    return this.execute(descriptor, [descriptor.name, what.sha1, keys.length, ...keys, ...args])
  }

  /**
   * Runs a script. Server documentation: EVAL.
   *
   * @param keys what it may touch
   * @param args further arguments; none by default
   */
  eval(script: Text, keys: readonly Text[], args: readonly Value[] = []): Promise<Reply> {
    return this.execute(table.EVAL, ['EVAL', script, keys.length, ...keys, ...args])
  }

  /**
   * Runs a script that the server has, by the SHA-1 of its text. Server documentation: EVALSHA.
   *
   * @param keys what it may touch
   * @param args further arguments; none by default
   */
  evalsha(sha1: Text, keys: readonly Text[], args: readonly Value[] = []): Promise<Reply> {
    return this.execute(table.EVALSHA, ['EVALSHA', sha1, keys.length, ...keys, ...args])
  }

  /**
   * Runs a script that must not write. Server documentation: EVAL_RO.
   *
   * @param keys what it may touch
   * @param args further arguments; none by default
   */
  evalRo(script: Text, keys: readonly Text[], args: readonly Value[] = []): Promise<Reply> {
    return this.execute(table.EVAL_RO, ['EVAL_RO', script, keys.length, ...keys, ...args])
  }

  /**
   * Runs a script that the server has, by the SHA-1 of its text that must not write. Server documentation: EVALSHA_RO.
   *
   * @param keys what it may touch
   * @param args further arguments; none by default
   */
  evalshaRo(sha1: Text, keys: readonly Text[], args: readonly Value[] = []): Promise<Reply> {
    return this.execute(table.EVALSHA_RO, ['EVALSHA_RO', sha1, keys.length, ...keys, ...args])
  }

  /**
   * Calls a function of a library. Server documentation: FCALL.
   *
   * @param keys what it may touch
   * @param args further arguments; none by default
   */
  fcall(name: Text, keys: readonly Text[], args: readonly Value[] = []): Promise<Reply> {
    return this.execute(table.FCALL, ['FCALL', name, keys.length, ...keys, ...args])
  }

  /**
   * Calls a function of a library that must not write. Server documentation: FCALL_RO.
   *
   * @param keys what it may touch
   * @param args further arguments; none by default
   */
  fcallRo(name: Text, keys: readonly Text[], args: readonly Value[] = []): Promise<Reply> {
    return this.execute(table.FCALL_RO, ['FCALL_RO', name, keys.length, ...keys, ...args])
  }

  /**
   * Gives the server a script. Server documentation: SCRIPT LOAD.
   *
   * @returns its SHA-1, for `evalsha`
   */
  scriptLoad(script: Text): Promise<string> {
    return this.execute(table['SCRIPT LOAD'], ['SCRIPT', 'LOAD', script])
  }
}
