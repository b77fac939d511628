import type { CommandDescriptor } from '../commands/descriptor.js'
import { misfit } from '../commands/reply-form.js'
import type { RetryClass } from '../commands/retry.js'
import type { TransactionEntry } from '../commands/transaction-entries.js'
import { decodeModeOfExec } from '../commands/transaction-results.js'
import type { ReplyPart } from '../connection/request/fate.js'
import type { Refusal } from '../connection/request/request.js'
import { RespiteError } from '../errors.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import type { DecodeMode, ErrorReply, Reply } from '../protocol/types.js'
import { CommandRequest } from './command-request.js'

/** The part of a request that src/once implements. Its methods have the same meaning as those of Request. */
export interface OnceCall {
  append(encoder: Encoder, known: Set<string>): void
  refusedForNow(reply: ErrorReply): Refusal | undefined
  conclude(reply: Reply, hasNestedErrors: boolean): unknown
}

/** Creates the objects that requests with `once` need. */
export interface OnceMaker {
  /** Whether the code that creates them is still being loaded. */
  readonly isLoading: boolean
  /** Whether a request can't be sent yet. */
  isHeld(request: OnceRequest): boolean
  /** @throws TypeError with the reason why the request can't run once */
  make(request: OnceRequest): OnceCall
}

/**
 * A command or a transaction that runs once. Its first try leaves the reply in a receipt, where later tries find it.
 *
 * The code that encodes it and reads its replies is loaded on demand. The request stays at the head of the queue until this code
 * is loaded and the server's time is known, so that later calls are sent later.
 */
export class OnceRequest extends CommandRequest {
  /** The command, or those of the transaction. */
  readonly entries: readonly TransactionEntry[]
  readonly isTransaction: boolean
  readonly #maker: OnceMaker
  #call: OnceCall | undefined

  /**
   * @param descriptor the descriptor of the command, or of MULTI for a transaction
   * @throws TypeError that names an argument that can't be sent, or the reason why the call can't run once
   */
  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    descriptor: CommandDescriptor,
    { entries, maker }: { readonly entries: readonly TransactionEntry[]; readonly maker: OnceMaker },
  ) {
    const [first] = entries
    const args = entries.length === 1 && first !== undefined ? first.args : entries.flatMap((entry) => entry.args)
    super(resolve, reject, settings, descriptor, args)
    this.entries = entries
    this.isTransaction = first?.descriptor !== descriptor
    this.#maker = maker
    if (!maker.isLoading) this.call
  }

  /** @throws TypeError with the reason why the call can't run once */
  get call(): OnceCall {
    this.#call ??= this.#maker.make(this)
    return this.#call
  }

  override get commands(): readonly TransactionEntry[] {
    return this.entries
  }

  override get mode(): DecodeMode {
    return this.isTransaction ? decodeModeOfExec(this.entries, this.settings) : super.mode
  }

  override get isHeld(): boolean {
    return this.#maker.isHeld(this)
  }

  override get isSentAlone(): boolean {
    return this.isHeld
  }

  protected override get retryClass(): RetryClass {
    return 'idempotent'
  }

  protected override append(encoder: Encoder, known: Set<string>): void {
    this.call.append(encoder, known)
  }

  override refusedForNow(reply: ErrorReply): Refusal | undefined {
    return this.call.refusedForNow(reply)
  }

  override evidenceOf(part: ReplyPart): ReplyPart {
    // The error may be the outcome or a refusal, or may mean that the outcome is unknown.
    return part === 'error' ? 'none' : part
  }

  override conclude(reply: Reply, hasNestedErrors: boolean): unknown {
    try {
      return this.call.conclude(reply, hasNestedErrors)
    } catch (error) {
      throw error instanceof RespiteError ? error : misfit(this.name, this, error)
    }
  }
}
