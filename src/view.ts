import type { CommandDescriptor } from './commands/descriptor.js'
import { Commands } from './commands/methods.js'
import { prefixKeys } from './commands/table.js'
import { createTransaction, type Transaction, type TransactionEntry } from './commands/transaction.js'
import type { Request } from './connection/request.js'
import type { Diagnostics } from './diagnostics.js'
import { UsageError } from './errors.js'
import { type CallOptions, type ResolvedCallOptions, resolveCallOptions } from './options.js'
import type { Argument } from './protocol/types.js'
import { CommandRequest, TransactionRequest } from './requests.js'

/** What a view shares with the client it was made from. */
export interface ViewCore {
  readonly diagnostics: Diagnostics
  readonly keyPrefix: string
  enqueue(request: Request, signal: AbortSignal | undefined): void
}

// Handed out by the promise executor below: sparing one closure for every command.
let resolvePending: (value: unknown) => void
let rejectPending: (error: unknown) => void
const takeSettlers = (resolve: (value: never) => void, reject: (error: unknown) => void): void => {
  resolvePending = resolve as (value: unknown) => void
  rejectPending = reject
}

/**
 * The typed commands, sent by a client with the settings of one `with`. Cheap to make; share it where the settings are shared.
 */
export class View<Bulk extends string | Buffer = string> extends Commands<Bulk> {
  readonly #core: ViewCore
  readonly #settings: ResolvedCallOptions

  /** Made by `Client` and `with`. */
  constructor(core: ViewCore, settings: ResolvedCallOptions) {
    super()
    this.#core = core
    this.#settings = settings
  }

  /**
   * The same commands with other settings.
   *
   * @param options.signal withdraws what is queued, and frees the callers of what was sent, when it is aborted
   * @param options.timeout milliseconds from the call to its settling; 0 for no limit. Default: the client's
   * @param options.retry how far to go in repeating commands that may have run. Default: the client's, `idempotent`
   * @param options.maxAttempts how often a command may be sent. Default: the client's, 3
   * @param options.buffers bulk strings as Buffers. Default: the client's, false
   * @param options.maps RESP3 maps as `object` or `map`. Default: the client's, `object`
   * @param options.sets RESP3 sets as `array` or `set`. Default: the client's, `array`
   * @throws TypeError naming the option that is unknown or impossible
   *
   * @example
   * const value = await client.with({ timeout: 200, buffers: true }).get('k') // Buffer | null
   */
  with(options: CallOptions & { readonly buffers: true }): View<Buffer>
  with(options: CallOptions & { readonly buffers: false }): View<string>
  with(options: CallOptions): View<Bulk>
  with(options: CallOptions): View<string | Buffer> {
    return new View(this.#core, resolveCallOptions(options, this.#settings))
  }

  /**
   * Begins a transaction: commands are collected, and sent together, never apart, when `exec` is called.
   * Server documentation: MULTI, EXEC.
   *
   * @example
   * const [count, name] = await client.multi().incr('visits').get('name').exec()
   */
  multi(): Transaction<Bulk> {
    return createTransaction<Bulk>((entries) => this.#executeTransaction(entries))
  }

  protected override execute<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    const { diagnostics } = this.#core
    if (diagnostics.isTracing) return diagnostics.trace(descriptor.name, args, () => this.#send<T>(descriptor, args))
    return this.#send(descriptor, args)
  }

  #send<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    const promise = new Promise<T>(takeSettlers)
    const resolve = resolvePending
    const reject = rejectPending
    if (descriptor.changesConnection !== undefined || descriptor.blocks?.(args) === true) {
      reject(unshareable(descriptor))
      return promise
    }
    const { keyPrefix } = this.#core
    const prefixed = keyPrefix === '' ? args : prefixKeys(descriptor, args, keyPrefix)
    const request = new CommandRequest(resolve, reject, this.#settings, descriptor, prefixed)
    this.#core.enqueue(request, this.#settings.signal)
    return promise
  }

  #executeTransaction(entries: readonly TransactionEntry[]): Promise<unknown> {
    const { keyPrefix, diagnostics } = this.#core
    const prefixed =
      keyPrefix === ''
        ? entries
        : entries.map(({ descriptor, args }) => ({ descriptor, args: prefixKeys(descriptor, args, keyPrefix) }))
    const send = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        this.#core.enqueue(new TransactionRequest(resolve, reject, this.#settings, prefixed), this.#settings.signal)
      })
    if (!diagnostics.isTracing) return send()
    return diagnostics.trace(
      'MULTI',
      prefixed.map(({ args }) => args),
      send,
    )
  }
}

function unshareable({ name, changesConnection }: CommandDescriptor): UsageError {
  const reason =
    changesConnection === undefined
      ? 'it blocks its connection, and would stall every other command: it needs a connection of its own'
      : `it changes the state of its connection, which others share: ${changesConnection}`
  return new UsageError(`${name} can't be sent here: ${reason}`, { fate: 'not-executed', command: name })
}
