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
 * A transaction that is being built: the typed methods collect commands instead of sending them. After a wrong call, `exec`
 * rejects with the UsageError of that call.
 *
 * @typeParam Results what `exec` resolves to: one entry per command
 * @typeParam Conflict null if keys may be watched
 */
export interface Transaction<
  O extends ReplyOptions = DefaultReplies,
  Results extends readonly unknown[] = [],
  Conflict extends null = never,
> extends TypedCommands<Collects<O, Results, Conflict>> {
  /** Adds any command, like `client.call`. */
  call<T = Reply>(name: string, ...args: Argument[]): Transaction<O, [...Results, T], Conflict>
  /** Adds a script, like `client.run`. */
  run<T>(script: Script<T>, keys: readonly Text[], args?: readonly Value[]): Sent<Collects<O, Results, Conflict>, T>
  /**
   * Sends MULTI, the commands, and EXEC together. Server documentation: MULTI, EXEC.
   *
   * @returns the results in order; without I/O if there are no commands. In a session, null if a watched key was changed; in
   *   that case, nothing ran
   * @throws TransactionError if a command was refused. With fate `refused`, nothing ran; with `executed`, the other commands ran
   * @throws the errors of single commands if there is no reply. The transaction is sent again only if the retry policy allows
   *   its class: the least safe one of its commands, or a less safe one if a command changes a key that an earlier one reads
   * @throws UsageError if a command can't be sent or can't be part of a transaction, or if `exec` is called twice. Then nothing
   *   is sent
   */
  exec(): Promise<Results | Conflict>
}

/**
 * Begins a transaction.
 * @param place an object that identifies where the transaction will be sent; default: `execute`
 * @param surplus see TransactionEntries
 */
export function createTransaction<O extends ReplyOptions, Conflict extends null = never>(
  execute: TransactionExecutor,
  place: object = execute,
  surplus: readonly unknown[] = [],
): Transaction<O, [], Conflict> {
  // The methods that the interface declares are defined when the first instance is created.
  return new TransactionBuilder(execute, place, surplus) as unknown as Transaction<O, [], Conflict>
}

/** Returns an object that identifies where a transaction will be sent; undefined if the value is not a transaction. */
export function placeOf(value: object): object | undefined {
  return TransactionBuilder.placeOf(value)
}

class TransactionBuilder extends TypedExecutor {
  readonly #place: object
  readonly #entries: TransactionEntries

  constructor(execute: TransactionExecutor, place: object, surplus: readonly unknown[]) {
    super()
    this.#place = place
    defineMethods(TransactionBuilder.prototype, false)
    this.#entries = new TransactionEntries(execute, surplus)
  }

  static placeOf(value: object): object | undefined {
    return #place in value ? value.#place : undefined
  }

  protected override execute(descriptor: CommandDescriptor, args: Argument[]): never {
    this.#entries.add(descriptor, args)
    return this as never
  }

  protected override refuse(error: unknown): never {
    this.#entries.refuse(error)
    return this as never
  }

  exec(...surplus: readonly unknown[]): Promise<unknown> {
    return this.#entries.exec(surplus)
  }
}
