import { messageOf, UsageError } from '../errors.js'
import { checkArguments } from '../protocol/arguments.js'
import type { Argument } from '../protocol/types.js'
import type { CommandDescriptor } from './descriptor.js'

/** A command of a transaction. */
export interface TransactionEntry {
  readonly descriptor: CommandDescriptor
  readonly args: readonly Argument[]
}

/** Sends a transaction whole, and resolves to its results. */
export type TransactionExecutor = (entries: readonly TransactionEntry[]) => Promise<unknown>

/** The commands of a transaction, collected until it is executed. */
export class TransactionEntries {
  readonly #execute: TransactionExecutor
  readonly #entries: TransactionEntry[] = []
  #isExecuted = false

  constructor(execute: TransactionExecutor) {
    this.#execute = execute
  }

  /** @throws UsageError when the command can't be part of it */
  add(descriptor: CommandDescriptor, args: Argument[]): void {
    const { name, changesConnection } = descriptor
    if (this.#isExecuted) throw usage(name, 'the transaction has been executed already')
    if (changesConnection !== undefined) throw usage(name, `it can't be part of a transaction: ${changesConnection}`)
    try {
      checkArguments(args)
    } catch (cause) {
      throw usage(name, messageOf(cause))
    }
    this.#entries.push({ descriptor, args })
  }

  async exec(): Promise<unknown> {
    if (this.#isExecuted) throw usage('EXEC', 'the transaction has been executed already')
    this.#isExecuted = true
    return this.#entries.length === 0 ? [] : this.#execute(this.#entries)
  }
}

function usage(name: string, reason: string): UsageError {
  return new UsageError(`${name}: ${reason}`, { fate: 'not-executed', command: name })
}
