import type { CommandDescriptor } from './commands/descriptor.js'
import { reviveErrors } from './commands/errors.js'
import { allowsReplay, type RetryClass } from './commands/retry.js'
import { retryClassOf } from './commands/table.js'
import { readTransaction, retryClassOfTransaction, type TransactionEntry } from './commands/transaction.js'
import { joinFates } from './connection/fate.js'
import { Request } from './connection/request.js'
import { prefixOf, ReplyError } from './errors.js'
import { type ResolvedCallOptions, type ResolvedOptions, resolveCallOptions } from './options.js'
import type { Encoder } from './protocol/encoder.js'
import { type Argument, type DecodeMode, ErrorReply, type Reply } from './protocol/types.js'

/** What holds for every command of a client, before any `with`. */
export function settingsOf(options: ResolvedOptions): ResolvedCallOptions {
  return resolveCallOptions({}, options)
}

/**
 * Prefixes of errors that a server gives instead of running a command, and that pass: by these alone is known that it did
 * not run, so that it is sent again whatever its retry class.
 */
const passingPrefixes = new Set(['LOADING', 'MASTERDOWN', 'TRYAGAIN', 'CLUSTERDOWN', 'READONLY', 'BUSY'])

function passingPrefix(reply: ErrorReply): string | undefined {
  const prefix = prefixOf(reply.message)
  return passingPrefixes.has(prefix) ? prefix : undefined
}

abstract class SettledBySettings extends Request {
  protected readonly settings: ResolvedCallOptions

  constructor(resolve: (value: unknown) => void, reject: (error: unknown) => void, settings: ResolvedCallOptions) {
    super(resolve, reject)
    this.settings = settings
  }

  override get mode(): DecodeMode {
    return this.settings
  }

  override get timeout(): number {
    return this.settings.timeout
  }

  override get maxAttempts(): number {
    return this.settings.maxAttempts
  }

  protected abstract get retryClass(): RetryClass

  override mayReplay(): boolean {
    return allowsReplay(this.settings.retry, this.retryClass)
  }

  protected refusedBy(reply: ErrorReply): ReplyError {
    const { name, attempts } = this
    return new ReplyError(reply.message, { command: name, attempts, fate: joinFates(this.fateSoFar, 'refused') })
  }
}

/** One command on its way. */
export class CommandRequest extends SettledBySettings {
  readonly #descriptor: CommandDescriptor
  readonly #args: readonly Argument[]

  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    descriptor: CommandDescriptor,
    args: readonly Argument[],
  ) {
    super(resolve, reject, settings)
    this.#descriptor = descriptor
    this.#args = args
    this.bytes = sizeOf(args)
  }

  override get name(): string {
    return this.#descriptor.name
  }

  override get replyCount(): number {
    return 1
  }

  override encode(encoder: Encoder): void {
    encoder.append(this.#args)
  }

  protected override get retryClass(): RetryClass {
    return retryClassOf(this.#descriptor, this.#args)
  }

  override refusedForNow(reply: ErrorReply): string | undefined {
    // A script, or a command of a module, can answer with any prefix after having done its work.
    if (this.#descriptor.runsUserCode && !this.mayReplay()) return undefined
    return passingPrefix(reply)
  }

  override collect(): void {
    throw new Error(`${this.name} has one reply`)
  }

  override conclude(reply: Reply, hasNestedErrors: boolean): unknown {
    if (typeof reply === 'object' && reply instanceof ErrorReply) throw this.refusedBy(reply)
    const value = hasNestedErrors ? reviveErrors(reply, this.name) : reply
    const { transform } = this.#descriptor
    return transform === undefined ? value : transform(value as Reply, this.mode)
  }
}

const multiFrame: readonly Argument[] = ['MULTI']
const execFrame: readonly Argument[] = ['EXEC']

/** One transaction on its way: MULTI, its commands and EXEC, never apart. */
export class TransactionRequest extends SettledBySettings {
  readonly #entries: readonly TransactionEntry[]
  #replies: Reply[] = []

  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    entries: readonly TransactionEntry[],
  ) {
    super(resolve, reject, settings)
    this.#entries = entries
    for (const { args } of entries) this.bytes += sizeOf(args)
  }

  override get name(): string {
    return 'MULTI'
  }

  override get replyCount(): number {
    return this.#entries.length + 2
  }

  override encode(encoder: Encoder): void {
    this.#replies = []
    encoder.append(multiFrame)
    for (const { args } of this.#entries) encoder.append(args)
    encoder.append(execFrame)
  }

  protected override get retryClass(): RetryClass {
    return retryClassOfTransaction(this.#entries)
  }

  override refusedForNow(reply: ErrorReply): string | undefined {
    if (prefixOf(reply.message) !== 'EXECABORT') return passingPrefix(reply)
    for (const earlier of this.#replies) {
      if (typeof earlier === 'object' && earlier instanceof ErrorReply) return passingPrefix(earlier)
    }
    return undefined
  }

  override collect(reply: Reply): void {
    this.#replies.push(reply)
  }

  override conclude(reply: Reply): unknown {
    return readTransaction(this.#entries, [...this.#replies, reply], {
      mode: this.mode,
      attempts: this.attempts,
      refusedFate: (fate) => joinFates(this.fateSoFar, fate),
    })
  }
}

/** Roughly the bytes that a command keeps while it waits: what the queue's bound counts. */
function sizeOf(args: readonly Argument[]): number {
  let size = 0
  for (const arg of args) size += typeof arg === 'string' || typeof arg === 'object' ? (arg?.length ?? 0) + 8 : 16
  return size
}
