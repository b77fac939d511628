import { type Fate, ReplyError, TransactionError, UsageError } from '../errors.js'
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

/** How the replies of a transaction are read. */
export interface TransactionContext {
  readonly mode: DecodeMode
  /** What an error is told with, given the fate of this attempt. */
  detailsOf(fate: Fate): { readonly fate: Fate; readonly command: string; readonly attempts: number }
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
  if (replies[0] instanceof ErrorReply) throw refusedAtMulti(entries, replies, context)
  if (last instanceof ErrorReply) throw refusedAtExec(entries, replies, last, context)
  if (last === null) return null
  const results = resultsOf(entries, last as Reply[], context)
  const failed = results.filter((result) => result instanceof ReplyError).length
  if (failed === 0) return results
  throw new TransactionError(`MULTI: ${failed} of ${entries.length} commands failed within the transaction`, {
    ...context.detailsOf('executed'),
    results,
  })
}

/** The result of each command, or its error. */
function resultsOf(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  { mode, detailsOf }: TransactionContext,
): unknown[] {
  const { attempts } = detailsOf('refused')
  return entries.map(({ descriptor: { name, transform } }, index) => {
    const reply = replies[index] as Reply
    if (reply instanceof ErrorReply) return new ReplyError(reply.message, { command: name, attempts })
    const revived = reviveErrors(reply, name) as Reply
    return transform === undefined ? revived : transform(revived, mode)
  })
}

/** MULTI was refused (by an ACL rule, say): each command was run, or refused, as it came, whatever EXEC says. */
function refusedAtMulti(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  context: TransactionContext,
): TransactionError {
  const results = resultsOf(entries, replies.slice(1, -1), context)
  const refused = results.filter((result) => result instanceof ReplyError).length
  const ran = entries.length - refused
  const details = context.detailsOf(ran > 0 ? 'executed' : 'refused')
  const { message } = replies[0] as ErrorReply
  const what = ran > 0 ? `${ran} of ${entries.length} commands ran without a transaction` : 'no command ran'
  return new TransactionError(`MULTI was refused, and ${what}: ${message}`, {
    ...details,
    cause: new ReplyError(message, { command: 'MULTI', attempts: details.attempts }),
    results,
  })
}

/** The server threw the whole transaction away. */
function refusedAtExec(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  { message }: ErrorReply,
  { detailsOf }: TransactionContext,
): TransactionError {
  const details = detailsOf('refused')
  const results = entries.map(({ descriptor }, index) => {
    const reply = replies[index + 1]
    if (!(reply instanceof ErrorReply)) return undefined
    return new ReplyError(reply.message, { command: descriptor.name, attempts: details.attempts })
  })
  return new TransactionError(`MULTI: ${message}`, { ...details, results })
}
