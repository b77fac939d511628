import type { Argument } from '../protocol/types.js'
import { checkArguments } from './check-arguments.js'
import type { CommandDescriptor } from './descriptor.js'
import { usage } from './usage.js'

/** A command of a transaction. */
export interface TransactionEntry {
  readonly descriptor: CommandDescriptor
  readonly args: readonly Argument[]
}

/** Sends a complete transaction, and resolves to its results. */
export type TransactionExecutor = (entries: readonly TransactionEntry[]) => Promise<unknown>

/** The commands of a transaction, collected until it is executed. */
export class TransactionEntries {
  readonly #execute: TransactionExecutor
  readonly #entries: TransactionEntry[] = []
  #isExecuted = false
  /** The error of the first wrong call, because of which the transaction can't be executed. */
  #refusal: { readonly error: unknown } | undefined

  /** @param surplus arguments that were passed to `multi` by mistake: `exec` rejects if there are any, because they may be commands */
  constructor(execute: TransactionExecutor, surplus: readonly unknown[]) {
    this.#execute = execute
    if (surplus.length > 0) this.refuse(usage('MULTI', 'expected no arguments'))
  }

  /**
   * Adds a command. If the command can't be part of the transaction, `exec` rejects.
   * @throws UsageError if `exec` was already called, because it can't reject any more
   */
  add(descriptor: CommandDescriptor, args: Argument[]): void {
    const { name, changesConnection } = descriptor
    if (this.#isExecuted) throw usage(name, 'the transaction was executed already')
    if (changesConnection !== undefined) {
      this.refuse(usage(name, `it can't be part of a transaction: ${changesConnection}`))
    } else {
      try {
        checkArguments(name, args)
        this.#entries.push({ descriptor, args })
      } catch (error) {
        this.refuse(error)
      }
    }
  }

  /** Makes `exec` reject with this error. @throws the error if `exec` was already called */
  refuse(error: unknown): void {
    if (this.#isExecuted) throw error
    this.#refusal ??= { error }
  }

  /** @param surplus arguments that were passed by mistake */
  async exec(surplus: readonly unknown[]): Promise<unknown> {
    if (surplus.length > 0) throw usage('EXEC', 'expected no arguments')
    if (this.#isExecuted) throw usage('EXEC', 'the transaction was executed already')
    this.#isExecuted = true
    if (this.#refusal !== undefined) throw this.#refusal.error
    return this.#entries.length === 0 ? [] : this.#execute(this.#entries)
  }
}
