import type { Argument, Reply } from '../protocol/types.js'
import type { CommandDescriptor } from './descriptor.js'
import { Commands } from './methods.js'
import type { Script } from './script.js'
import type { Text, Value } from './sender.js'
import { TransactionEntries, type TransactionExecutor } from './transaction-entries.js'

type Methods<Bulk extends string | Buffer> = Omit<Commands<Bulk>, 'call' | 'run'>

/**
 * A transaction being put together: the typed methods collect commands instead of sending them.
 *
 * @typeParam Results what `exec` resolves to: one entry a command
 * @typeParam Conflict null where keys may be watched
 */
export type Transaction<
  Bulk extends string | Buffer = string,
  Results extends readonly unknown[] = [],
  Conflict extends null = never,
> = {
  readonly [Name in keyof Methods<Bulk>]: Methods<Bulk>[Name] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Transaction<Bulk, [...Results, Result], Conflict>
    : never
} & {
  /** Adds any command, as `client.call`. */
  call<T = Reply>(name: string, ...args: Argument[]): Transaction<Bulk, [...Results, T], Conflict>
  /** Adds a script, as `client.run`. */
  run<T>(what: Script<T>, keys: readonly Text[], args?: readonly Value[]): Transaction<Bulk, [...Results, T], Conflict>
  /**
   * Sends MULTI, the commands, and EXEC, in one piece. Server documentation: MULTI, EXEC.
   *
   * @returns the results in order; without I/O when there are no commands. In a session, null when a watched key had been
   *   changed: nothing ran
   * @throws TransactionError when a command was refused: with fate `refused` nothing ran, with `executed` the others did
   * @throws what single commands reject with when there is no reply. The transaction is sent again only if each of its
   *   commands is within the retry policy
   * @throws UsageError when called twice
   */
  exec(): Promise<Results | Conflict>
}

/** Begins a transaction. */
export function createTransaction<Bulk extends string | Buffer, Conflict extends null = never>(
  execute: TransactionExecutor,
): Transaction<Bulk, [], Conflict> {
  // The typed methods return whatever `execute` of their class returns; here that is the builder, which the type above says.
  return new TransactionBuilder(execute) as unknown as Transaction<Bulk, [], Conflict>
}

class TransactionBuilder extends Commands {
  readonly #entries: TransactionEntries

  constructor(execute: TransactionExecutor) {
    super()
    this.#entries = new TransactionEntries(execute)
  }

  protected override execute(descriptor: CommandDescriptor, args: Argument[]): never {
    this.#entries.add(descriptor, args)
    return this as never
  }

  exec(): Promise<unknown> {
    return this.#entries.exec()
  }
}
