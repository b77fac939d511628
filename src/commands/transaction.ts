import type { IntegerTooLargeError } from '../errors.js'
import type { Argument, Reply } from '../protocol/types.js'
import type { CommandDescriptor } from './descriptor.js'
import type { TypedCommands } from './generated/all.js'
import { defineMethods } from './methods.js'
import type { Script } from './script.js'
import { TransactionEntries, type TransactionExecutor } from './transaction-entries.js'
import { TypedExecutor } from './typed-executor.js'
import type { Text, Value } from './types/arguments.js'
import type { CallContext, DefaultReplies, ReplyOptions, Sent } from './types/replies.js'

/** The context of a transaction, whose methods return the transaction with one more result. */
interface Collects<O extends ReplyOptions, Results extends readonly unknown[], Conflict extends null>
  extends CallContext {
  readonly buffers: O['buffers']
  readonly maps: O['maps']
  readonly sets: O['sets']
  readonly integers: O['integers']
  readonly raw: O['raw']
  readonly sent: Transaction<O, [...Results, this['value']], Conflict>
  readonly tooLarge: IntegerTooLargeError
}

/**
 * A transaction being put together: the typed methods collect commands instead of sending them. A call that is wrong makes
 * `exec` reject with its UsageError.
 *
 * @typeParam Results what `exec` resolves to: one entry a command
 * @typeParam Conflict null where keys may be watched
 */
export interface Transaction<
  O extends ReplyOptions = DefaultReplies,
  Results extends readonly unknown[] = [],
  Conflict extends null = never,
> extends TypedCommands<Collects<O, Results, Conflict>> {
  /** Adds any command, as `client.call`. */
  call<T = Reply>(name: string, ...args: Argument[]): Transaction<O, [...Results, T], Conflict>
  /** Adds a script, as `client.run`. */
  run<T>(script: Script<T>, keys: readonly Text[], args?: readonly Value[]): Sent<Collects<O, Results, Conflict>, T>
  /**
   * Sends MULTI, the commands, and EXEC, in one piece. Server documentation: MULTI, EXEC.
   *
   * @returns the results in order; without I/O when there are no commands. In a session, null when a watched key had been
   *   changed: nothing ran
   * @throws TransactionError when a command was refused: with fate `refused` nothing ran, with `executed` the others did
   * @throws what single commands reject with when there is no reply. The transaction is sent again only if each of its
   *   commands is within the retry policy
   * @throws UsageError when a command can't be sent, or can't be part of a transaction; or when called twice. Nothing is sent
   */
  exec(): Promise<Results | Conflict>
}

/** Begins a transaction. */
export function createTransaction<O extends ReplyOptions, Conflict extends null = never>(
  execute: TransactionExecutor,
): Transaction<O, [], Conflict> {
  // The methods that the interface declares are defined when the first one is made.
  return new TransactionBuilder(execute) as unknown as Transaction<O, [], Conflict>
}

class TransactionBuilder extends TypedExecutor {
  readonly #entries: TransactionEntries

  constructor(execute: TransactionExecutor) {
    super()
    defineMethods(TransactionBuilder.prototype, false)
    this.#entries = new TransactionEntries(execute)
  }

  protected override execute(descriptor: CommandDescriptor, args: Argument[]): never {
    this.#entries.add(descriptor, args)
    return this as never
  }

  protected override refuse(error: unknown): never {
    this.#entries.refuse(error)
    return this as never
  }

  exec(): Promise<unknown> {
    return this.#entries.exec()
  }
}
