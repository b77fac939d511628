import type { CommandDescriptor } from '../commands/descriptor.js'
import type { TransactionEntry } from '../commands/transaction-entries.js'
import type { Request } from '../connection/request/request.js'
import type { ResolvedCallOptions, ResolvedOptions } from '../options/options.js'
import type { Argument } from '../protocol/types.js'
import { type OnceCall, type OnceMaker, OnceRequest } from './once-request.js'

/** What calls that run once need of their client. */
export interface OnceClient {
  readonly options: Pick<ResolvedOptions, 'keyPrefix' | 'onceTtl' | 'oncePrefix'>
  /** The options of its calls. */
  readonly settings: ResolvedCallOptions
  /** Clock time. */
  now(): number
  /** From 0 to 1. */
  random(): number
  /** The connection that requests are sent on, an object of its own for each; undefined if there is none. */
  connection(): object | undefined
  enqueue(request: Request, signal: AbortSignal | undefined): void
  /** Puts a request before all others. */
  enqueueFirst(request: Request): void
  /** Sends what is queued, at the end of the tick. */
  flushSoon(): void
}

/** The code that is loaded on demand: see src/once. */
export interface OnceCode<Receipt> {
  make(request: OnceRequest): OnceCall
  isHeld(request: OnceRequest): boolean
  /** The connection is ready: nothing of this code was sent on it yet. */
  onReady(): void
  receipt(request: OnceRequest): Promise<Receipt>
  receiptOf(id: unknown, key: Argument | undefined): Promise<Receipt>
}

/**
 * The calls of a client that run once. Their code is loaded with the first.
 * @typeParam Receipt what src/once reads
 */
export class OnceCalls<Receipt> implements OnceMaker {
  isLoading = true
  readonly #client: OnceClient
  readonly #loadCode: (client: OnceClient) => Promise<OnceCode<Receipt>>
  #code: OnceCode<Receipt> | undefined
  #loading: Promise<OnceCode<Receipt>> | undefined
  #failure: unknown
  /** The requests that were rejected, by their errors. */
  readonly #requests = new WeakMap<WeakKey, OnceRequest>()

  constructor(client: OnceClient, load: (client: OnceClient) => Promise<OnceCode<Receipt>>) {
    this.#client = client
    this.#loadCode = load
  }

  /**
   * Takes in a command, or a transaction.
   * @param descriptor of the command; of MULTI for a transaction
   * @throws TypeError that names an argument that can't be sent, or says why it can't run once
   */
  enqueue(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    descriptor: CommandDescriptor,
    entries: readonly TransactionEntry[],
  ): void {
    const rejectNoted = (error: unknown): void => {
      this.#requests.set(error as WeakKey, request)
      reject(error)
    }
    const request = new OnceRequest(resolve, rejectNoted, settings, descriptor, { entries, maker: this })
    this.#client.enqueue(request, settings.signal)
    // If it fails, the request tells, when its turn comes.
    this.#load().catch(() => {})
  }

  make(request: OnceRequest): OnceCall {
    if (this.#code === undefined) throw new TypeError('its code could not be loaded', { cause: this.#failure })
    return this.#code.make(request)
  }

  isHeld(request: OnceRequest): boolean {
    return this.#code?.isHeld(request) ?? this.isLoading
  }

  onReady(): void {
    this.#code?.onReady()
  }

  async receipt(idOrError: unknown, key: Argument | undefined): Promise<Receipt> {
    const code = await this.#load()
    const request = this.#requests.get(idOrError as WeakKey)
    return request === undefined ? code.receiptOf(idOrError, key) : code.receipt(request)
  }

  #load(): Promise<OnceCode<Receipt>> {
    this.#loading ??= this.#loadCode(this.#client)
      .then(
        (code) => {
          this.#code = code
          if (this.#client.connection() !== undefined) code.onReady()
          return code
        },
        (error: unknown) => {
          this.#failure = error
          throw error
        },
      )
      .finally(() => {
        this.isLoading = false
        this.#client.flushSoon()
      })
    return this.#loading
  }
}
