import type { CommandDescriptor } from '../commands/descriptor.js'
import { Commands } from '../commands/methods.js'
import type { Text } from '../commands/sender.js'
import { prefixKeys } from '../commands/table.js'
import { createTransaction, type Transaction, type TransactionEntry } from '../commands/transaction.js'
import type { Request } from '../connection/request/request.js'
import { RespiteError, UsageError } from '../errors.js'
import { type CallOptions, type ResolvedCallOptions, resolveCallOptions } from '../options/options.js'
import { checkArguments } from '../protocol/arguments.js'
import type { Argument } from '../protocol/types.js'
import { CommandRequest } from './command-request.js'
import type { Diagnostics } from './diagnostics.js'
import type { ReplyMode } from './reply-mode.js'
import { hscanAll, type ScanOptions, scanAll, sscanAll, zscanAll } from './scan.js'
import { ScriptRequest } from './script-request.js'
import { TransactionRequest } from './transaction-request.js'
import { WaitingRequest } from './waiting-request.js'

/** What a view shares with the client, or the session, it was made from. */
export interface ScopedClientCore {
  readonly diagnostics: Diagnostics
  readonly keyPrefix: string
  enqueue(request: Request, signal: AbortSignal | undefined): void
  /** Takes in a request that blocks its connection. */
  enqueueBlocking(request: WaitingRequest, signal: AbortSignal | undefined): void
  /** Of a connection of one's own: admits commands that change its state. Absent where it is shared. */
  readonly state?: {
    /** How the server replies there. */
    readonly replies: ReplyMode
    /** Told of each command in its turn. @returns what it is to be rejected by, in place of `reject` */
    note(descriptor: CommandDescriptor, reject: Reject): Reject
    noteTransaction(reject: Reject): Reject
    /** Why a command can't be sent at present; undefined when it can. */
    refusal(name: string): RespiteError | undefined
    /** The same for a whole transaction. */
    refusalOfTransaction(): RespiteError | undefined
  }
}

type Reject = (error: unknown) => void

// Handed out by the promise executor below: sparing one closure for every command.
let resolvePending: (value: unknown) => void
let rejectPending: (error: unknown) => void
const takeSettlers = (resolve: (value: never) => void, reject: (error: unknown) => void): void => {
  resolvePending = resolve as (value: unknown) => void
  rejectPending = reject
}

/**
 * The typed commands, sent by a client with the settings of one `with`. Cheap to make; share it where the settings are shared.
 *
 * @typeParam Bulk what bulk strings are decoded to: string, or Buffer with `buffers: true`
 * @typeParam Conflict null where keys may be watched, so that a transaction may come to nothing
 */
export class ScopedClient<Bulk extends string | Buffer = string, Conflict extends null = never> extends Commands<Bulk> {
  protected readonly core: ScopedClientCore
  readonly #settings: ResolvedCallOptions

  /** Made by `Client` and `with`. */
  constructor(core: ScopedClientCore, settings: ResolvedCallOptions) {
    super()
    this.core = core
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
  with(options: CallOptions & { readonly buffers: true }): ScopedClient<Buffer, Conflict>
  with(options: CallOptions & { readonly buffers: false }): ScopedClient<string, Conflict>
  with(options: CallOptions): ScopedClient<Bulk, Conflict>
  with(options: CallOptions): ScopedClient<string | Buffer, Conflict> {
    return new ScopedClient(this.core, resolveCallOptions(options, this.#settings))
  }

  /**
   * Begins a transaction: commands are collected, and sent together, never apart, when `exec` is called.
   * Server documentation: MULTI, EXEC.
   *
   * @example
   * const [count, name] = await client.multi().incr('visits').get('name').exec()
   */
  multi(): Transaction<Bulk, [], Conflict> {
    return createTransaction<Bulk, Conflict>((entries) => this.#executeTransaction(entries))
  }

  /**
   * All keys that match, one by one, a part being asked for when the part before has been consumed. What is there from the
   * beginning to the end comes at least once; what comes or goes meanwhile may come or not. Stops when the consumer stops.
   * Server documentation: SCAN.
   *
   * @param options.match pattern of the keys; default: all. A `keyPrefix` is not put before it
   * @param options.count about how many the server looks at for a part; default: the server's, 10
   * @param options.type of the keys, `'string'` ...; default: any
   *
   * @example
   * for await (const key of client.scanIterator({ match: 'user:*' })) console.log(key)
   */
  scanIterator(options: ScanOptions & { readonly type?: string } = {}): AsyncGenerator<Bulk> {
    return scanAll(this, options)
  }

  /** Fields and values of a hash, as {@link scanIterator}. Server documentation: HSCAN. */
  hscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<[field: Bulk, value: Bulk]> {
    return hscanAll(this, key, options)
  }

  /** Members of a set, as {@link scanIterator}. Server documentation: SSCAN. */
  sscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<Bulk> {
    return sscanAll(this, key, options)
  }

  /** Members of a sorted set with their scores, as {@link scanIterator}. Server documentation: ZSCAN. */
  zscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<[member: Bulk, score: number]> {
    return zscanAll(this, key, options)
  }

  protected override execute<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    const { diagnostics } = this.core
    if (diagnostics.isTracing) return diagnostics.trace(descriptor.name, args, () => this.#send<T>(descriptor, args))
    return this.#send(descriptor, args)
  }

  #send<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    const promise = new Promise<T>(takeSettlers)
    const resolve = resolvePending
    const reject = rejectPending
    try {
      this.#dispatch(descriptor, args, resolve, reject)
    } catch (cause) {
      reject(misuse(descriptor.name, cause))
    }
    return promise
  }

  /** @throws TypeError naming an argument that can't be sent; nothing has been done then */
  #dispatch(
    descriptor: CommandDescriptor,
    args: Argument[],
    resolve: (value: unknown) => void,
    rejectCaller: Reject,
  ): void {
    let reject = rejectCaller
    const { core } = this
    const settings = this.#settings
    if (core.state === undefined) {
      if (descriptor.changesConnection !== undefined) {
        reject(unshareable(descriptor.name, descriptor.changesConnection))
        return
      }
    } else {
      // Before anything is noted of it.
      checkArguments(args)
      const refusal = core.state.refusal(descriptor.name)
      if (refusal !== undefined) {
        reject(refusal)
        return
      }
      reject = core.state.note(descriptor, reject)
    }
    const prefixed = core.keyPrefix === '' ? args : prefixKeys(descriptor, args, core.keyPrefix)
    const wait = descriptor.wait?.(args)
    if (wait !== undefined) {
      const request = new WaitingRequest(resolve, reject, settings, { descriptor, args: prefixed, wait })
      if (core.state !== undefined) request.replyMode = core.state.replies
      if (descriptor.waitsInPlace === true) core.enqueue(request, settings.signal)
      else core.enqueueBlocking(request, settings.signal)
      return
    }
    const { script } = descriptor
    const request =
      script === undefined
        ? new CommandRequest(resolve, reject, settings, descriptor, prefixed)
        : new ScriptRequest(resolve, reject, settings, { descriptor, args: prefixed, script })
    if (core.state !== undefined) request.replyMode = core.state.replies
    core.enqueue(request, settings.signal)
  }

  #executeTransaction(entries: readonly TransactionEntry[]): Promise<unknown> {
    const { keyPrefix, diagnostics, state } = this.core
    const refusal = state?.refusalOfTransaction()
    if (refusal !== undefined) return Promise.reject(refusal)
    const prefixed =
      keyPrefix === ''
        ? entries
        : entries.map(({ descriptor, args }) => ({ descriptor, args: prefixKeys(descriptor, args, keyPrefix) }))
    const send = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const request = new TransactionRequest(
          resolve,
          state?.noteTransaction(reject) ?? reject,
          this.#settings,
          prefixed,
        )
        if (state !== undefined) request.replyMode = state.replies
        this.core.enqueue(request, this.#settings.signal)
      })
    if (!diagnostics.isTracing) return send()
    return diagnostics.trace(
      'MULTI',
      prefixed.map(({ args }) => args),
      send,
    )
  }
}

/** The error of a call that could not be made: an argument that can't be sent, or a signal that throws. */
function misuse(name: string, cause: unknown): RespiteError {
  if (cause instanceof RespiteError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new UsageError(`${name}: ${reason}`, { fate: 'not-executed', command: name, cause })
}

function unshareable(name: string, advice: string): UsageError {
  const reason = `it changes the state of its connection, which others share: ${advice}`
  return new UsageError(`${name} can't be sent here: ${reason}`, { fate: 'not-executed', command: name })
}
