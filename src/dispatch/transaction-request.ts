import type { RetryClass } from '../commands/retry.js'
import type { TransactionEntry } from '../commands/transaction-entries.js'
import { readTransaction, retryClassOfTransaction } from '../commands/transaction-results.js'
import type { ReplyPart } from '../connection/request/fate.js'
import type { Refusal } from '../connection/request/request.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import { type Argument, ErrorReply, type Reply } from '../protocol/types.js'
import { mayStillBeOpen } from './command-request.js'
import { ConfiguredRequest } from './configured-request.js'
import { refusalIn, refusalOf } from './refusals.js'
import type { ReplyMode } from './reply-mode.js'
import { byText } from './script-request.js'

/** What servers answer to an EXEC that they refuse, before the error that they would have given. */
const discardReason = /^EXECABORT Transaction discarded because of: (.*)/

const multiFrame: readonly Argument[] = ['MULTI']
const execFrame: readonly Argument[] = ['EXEC']

/**
 * One transaction on its way: MULTI, its commands and EXEC, never apart.
 *
 * Only the server's OK to MULTI makes it a transaction. Where MULTI was refused (an ACL rule, say), the server runs each
 * command as it comes, and whatever it answers to EXEC says nothing of them.
 */
export class TransactionRequest extends ConfiguredRequest {
  /** As of a command. */
  replyMode: ReplyMode | null = null
  readonly #entries: readonly TransactionEntry[]
  #replies: Reply[] = []
  #replyCount: number
  /** Bytes of its frames behind that of MULTI. */
  #bytesBehindMulti = 0

  /** @throws TypeError naming an argument that can't be sent */
  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    entries: readonly TransactionEntry[],
  ) {
    super(resolve, reject, settings)
    this.#entries = entries
    this.#replyCount = entries.length + 2
    for (const { args } of entries) this.takeIn(args)
  }

  override get name(): string {
    return 'MULTI'
  }

  override get replyCount(): number {
    return this.#replyCount
  }

  override get mayBeAbandoned(): boolean {
    return super.mayBeAbandoned || this.replyMode?.isSilenced === true
  }

  override encode(encoder: Encoder): void {
    this.#replies = []
    this.checkUnchanged(...this.#entries.map(({ args }) => args))
    encoder.appendChecked(multiFrame)
    const begin = encoder.length
    for (const { descriptor, args } of this.#entries) {
      // By its text: were the server without it, EXEC would have run the others.
      encoder.appendChecked(descriptor.script === undefined ? args : byText(descriptor.script, args))
    }
    encoder.appendChecked(execFrame)
    this.#bytesBehindMulti = encoder.length - begin
    if (this.replyMode === null) return
    const isBegunSilently = this.replyMode.note('MULTI', multiFrame)
    const isEndedSilently = this.replyMode.note('EXEC', execFrame)
    if (!isBegunSilently) return
    // Without replies nothing will be known of it; after SKIP, MULTI's alone is left out.
    if (isEndedSilently) {
      this.#replyCount = 0
      return
    }
    this.#replyCount = this.#entries.length + 1
    this.#replies.push(null)
  }

  protected override get retryClass(): RetryClass {
    return retryClassOfTransaction(this.#entries)
  }

  /** The server has said that it is a transaction. */
  get #isOpened(): boolean {
    return this.#replies[0] === 'OK'
  }

  /** The server has said that it is none. */
  get #isRefused(): boolean {
    return this.#replies[0] instanceof ErrorReply
  }

  override provesNotRun(unsentBytes: number): boolean {
    return this.#isOpened || unsentBytes >= this.#bytesBehindMulti
  }

  override evidenceOf(part: ReplyPart): ReplyPart {
    if (this.#isRefused) return this.#replies.some((reply, index) => index > 0 && !isError(reply)) ? 'value' : 'none'
    // Where keys may be watched EXEC's reply may be null, which by RESP2 begins like an array: then nothing ran.
    return part === 'value' && this.replyMode !== null ? 'none' : part
  }

  override refusedForNow(reply: ErrorReply): Refusal | undefined {
    const errors = this.#replies.filter(isError)
    if (this.#isRefused) return this.#refusedOneByOne(errors)
    if (!reply.message.startsWith('EXECABORT')) return refusalOf(reply)
    if (errors[0] !== undefined) return refusalOf(errors[0])
    // All were queued, and EXEC itself came too late: the server says why.
    const reason = discardReason.exec(reply.message)?.[1]
    return reason === undefined ? undefined : refusalIn(reason)
  }

  /** It may be sent again when every command of it was refused for now, and by the server itself. */
  #refusedOneByOne(errors: readonly ErrorReply[]): Refusal | undefined {
    if (errors.length <= this.#entries.length || this.#entries.some(({ descriptor }) => descriptor.runsUserCode)) return
    const refusals = errors.map(refusalOf)
    return refusals.includes(undefined) ? undefined : refusals[0]
  }

  override leavesDoubt(reply: ErrorReply): boolean {
    return !this.#isRefused && mayStillBeOpen(reply)
  }

  override collect(reply: Reply): void {
    this.#replies.push(reply)
  }

  override conclude(reply: Reply): unknown {
    return readTransaction(this.#entries, [...this.#replies, reply], {
      mode: this.mode,
      detailsOf: (fate) => this.detailsOf(fate),
    })
  }
}

function isError(reply: Reply): reply is ErrorReply {
  return reply instanceof ErrorReply
}
