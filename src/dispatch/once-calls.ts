import type { CommandDescriptor } from '../commands/descriptor.js'
import type { TransactionEntry } from '../commands/transaction-entries.js'
import type { Request } from '../connection/request/request.js'
import type { ResolvedCallOptions, ResolvedOptions } from '../options/options.js'
import type { Argument } from '../protocol/types.js'
import { type OnceCall, type OnceMaker, OnceRequest } from './once-request.js'

/** The parts of the client that calls with `once` use. */
export interface OnceClient {
  readonly options: Pick<ResolvedOptions, 'keyPrefix' | 'onceTtl' | 'oncePrefix'>
  /** The options of the client's calls. */
  readonly settings: ResolvedCallOptions
  /** Clock time. */
  now(): number
  /** Returns a random number from 0 to 1. */
  random(): number
  /** Returns an object that identifies the current connection; undefined if there is none. */
  connection(): object | undefined
  enqueue(request: Request, signal: AbortSignal | undefined): void
  /** Enqueues a request before all others. */
  enqueueFirst(request: Request): void
  /** Sends queued requests at the end of the tick. */
  flushSoon(): void
}

/** The code in src/once, which is loaded on demand. */
export interface OnceCode<Receipt> {
  make(request: OnceRequest): OnceCall
  isHeld(request: OnceRequest): boolean
  /** Called when the connection is ready, before this code has sent anything on it. */
  onReady(): void
  receipt(request: OnceRequest): Promise<Receipt>
  receiptOf(id: unknown, key: Argument | undefined): Promise<Receipt>
}

/**
 * The calls of a client with the option `once`. Their code is loaded with the first of these calls.
 * @typeParam Receipt the type of the receipts that src/once reads
 */
export class OnceCalls<Receipt> implements OnceMaker {
  isLoading = true
  readonly #client: OnceClient
  readonly #loadCode: (client: OnceClient) => Promise<OnceCode<Receipt>>
  #code: OnceCode<Receipt> | undefined
  #loading: Promise<OnceCode<Receipt>> | undefined
  #failure: unknown
  /** The rejected requests, by their errors. */
  readonly #requests = new WeakMap<WeakKey, OnceRequest>()

  constructor(client: OnceClient, load: (client: OnceClient) => Promise<OnceCode<Receipt>>) {
    this.#client = client
    this.#loadCode = load
  }

  /**
   * Accepts a command or a transaction.
   * @param descriptor the descriptor of the command, or of MULTI for a transaction
   * @throws TypeError that names an argument that can't be sent, or the reason why the call can't run once
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
    // If loading fails, the request is rejected with that error when its turn comes.
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
