import { type Fate, prefixOf, ReplyError, TransactionError, UsageError } from '../errors.js'
import { checkArguments } from '../protocol/arguments.js'
import { type Argument, type DecodeMode, ErrorReply, type Reply } from '../protocol/types.js'
import type { CommandDescriptor } from './descriptor.js'
import { Commands } from './methods.js'
import { reviveErrors } from './nested-errors.js'
import type { RetryClass } from './retry.js'
import type { Script } from './script.js'
import type { Text, Value } from './sender.js'
import { retryClassOf } from './table.js'

/** A command of a transaction. */
export interface TransactionEntry {
  readonly descriptor: CommandDescriptor
  readonly args: readonly Argument[]
}

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

/** Sends a transaction whole, and resolves to its results. */
export type TransactionExecutor = (entries: readonly TransactionEntry[]) => Promise<unknown>

/** Begins a transaction. */
export function createTransaction<Bulk extends string | Buffer, Conflict extends null = never>(
  execute: TransactionExecutor,
): Transaction<Bulk, [], Conflict> {
  // The typed methods return whatever `execute` of their class returns; here that is the builder, which the type above says.
  return new TransactionBuilder(execute) as unknown as Transaction<Bulk, [], Conflict>
}

class TransactionBuilder extends Commands {
  readonly #execute: TransactionExecutor
  readonly #entries: TransactionEntry[] = []
  #isExecuted = false

  constructor(execute: TransactionExecutor) {
    super()
    this.#execute = execute
  }

  protected override execute(descriptor: CommandDescriptor, args: Argument[]): never {
    const { name, changesConnection } = descriptor
    if (this.#isExecuted) throw usage(name, 'the transaction has been executed already')
    if (changesConnection !== undefined) throw usage(name, `it can't be part of a transaction: ${changesConnection}`)
    try {
      checkArguments(args)
    } catch (cause) {
      throw usage(name, cause instanceof Error ? cause.message : String(cause))
    }
    this.#entries.push({ descriptor, args })
    return this as never
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

const order: readonly RetryClass[] = ['read', 'idempotent', 'convergent', 'unsafe']

/** A transaction is as harmful to repeat as the most harmful of its commands. */
export function retryClassOfTransaction(entries: readonly TransactionEntry[]): RetryClass {
  let worst = 0
  for (const { descriptor, args } of entries) worst = Math.max(worst, order.indexOf(retryClassOf(descriptor, args)))
  return order[worst] as RetryClass
}

/** What is known of a transaction when its replies have come. */
export interface TransactionContext {
  readonly mode: DecodeMode
  readonly attempts: number
  /** The fate of an error reply, what earlier attempts came to being joined to it. */
  refusedFate(fate: Fate): Fate
}

/**
 * Makes results of the replies.
 *
 * @param replies to MULTI, to each command, to EXEC
 * @returns one result a command; null when a watched key had changed
 * @throws TransactionError, ReplyError
 */
export function readTransaction(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  context: TransactionContext,
): unknown[] | null {
  const last = replies[replies.length - 1] as Reply
  if (last === null) return null
  if (last instanceof ErrorReply) throw refusedWhole(entries, replies, last, context)
  const values = last as Reply[]
  const results: unknown[] = []
  let failed = 0
  entries.forEach(({ descriptor }, index) => {
    const value = values[index] as Reply
    if (value instanceof ErrorReply) {
      failed += 1
      results.push(new ReplyError(value.message, { command: descriptor.name, attempts: context.attempts }))
      return
    }
    const revived = reviveErrors(value, descriptor.name) as Reply
    results.push(descriptor.transform === undefined ? revived : descriptor.transform(revived, context.mode))
  })
  if (failed === 0) return results
  throw new TransactionError(`MULTI: ${failed} of ${entries.length} commands failed within the transaction`, {
    fate: 'executed',
    command: 'MULTI',
    attempts: context.attempts,
    results,
  })
}

function refusedWhole(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  last: ErrorReply,
  { mode, attempts, refusedFate }: TransactionContext,
): TransactionError {
  // Where MULTI itself was refused (an ACL rule), each command was run as it came.
  const ranSingly = replies[0] instanceof ErrorReply && prefixOf(last.message) !== 'EXECABORT'
  let fate: Fate = 'refused'
  const results = entries.map(({ descriptor }, index) => {
    const reply = replies[index + 1] as Reply
    if (reply instanceof ErrorReply) return new ReplyError(reply.message, { command: descriptor.name, attempts })
    if (!ranSingly) return undefined
    fate = 'executed'
    const revived = reviveErrors(reply, descriptor.name) as Reply
    return descriptor.transform === undefined ? revived : descriptor.transform(revived, mode)
  })
  return new TransactionError(`MULTI: ${last.message}`, {
    fate: refusedFate(fate),
    command: 'MULTI',
    attempts,
    results,
  })
}
