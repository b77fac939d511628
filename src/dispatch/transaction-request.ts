import { decodeModeOf } from '../commands/reply-form.js'
import type { RetryClass } from '../commands/retry.js'
import { retryClassOfTransaction } from '../commands/transaction-class.js'
import type { TransactionEntry } from '../commands/transaction-entries.js'
import { decodeModeOfExec, isError, isNotRun, readTransaction } from '../commands/transaction-results.js'
import type { ReplyPart } from '../connection/request/fate.js'
import type { Refusal } from '../connection/request/request.js'
import type { Fate } from '../errors.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import type { Argument, DecodeMode, ErrorReply, Reply } from '../protocol/types.js'
import { mayStillBeOpen } from './command-request.js'
import { ConfiguredRequest } from './configured-request.js'
import { refusalIn } from './refusals.js'
import type { ReplyMode } from './reply-mode.js'
import { byText } from './script-text.js'

/** The server's reply to an EXEC that it refuses; the reason is another error. */
const discardReason = /^EXECABORT Transaction discarded because of: (.*)/

const multiFrame: readonly Argument[] = ['MULTI']
const execFrame: readonly Argument[] = ['EXEC']

/**
 * A transaction: MULTI, its commands and EXEC, which are sent together.
 *
 * If the server refuses MULTI, for example because of an ACL rule, it runs each command as it arrives, and its reply to
 * EXEC says nothing about the commands.
 */
export class TransactionRequest extends ConfiguredRequest {
  /** As in CommandRequest. */
  replyMode: ReplyMode | null = null
  readonly #entries: readonly TransactionEntry[]
  #replies: Reply[] = []
  #replyCount: number
  /** Whether all replies are decoded in the same mode, that of the settings. */
  readonly #isUniform: boolean
  /** The number of bytes after MULTI. */
  #bytesBehindMulti = 0

  /** @throws TypeError that names an argument that can't be sent */
  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    entries: readonly TransactionEntry[],
  ) {
    super(resolve, reject, settings)
    this.#entries = entries
    this.#replyCount = entries.length + 2
    let isUniform = !settings.raw
    for (const { descriptor, args } of entries) {
      this.takeIn(args)
      if (descriptor.isDecodedAsWanted === false) isUniform = false
    }
    this.#isUniform = isUniform
  }

  override get name(): string {
    return 'MULTI'
  }

  // This getter is short, so that it can be inlined, because it is read for each reply.
  override get mode(): DecodeMode {
    return this.#isUniform ? this.settings : this.#modeOfNext()
  }

  /** The replies are those to MULTI, to each command (usually QUEUED), and to EXEC. */
  #modeOfNext(): DecodeMode {
    const entry = this.#entries[this.#replies.length - 1]
    return entry === undefined
      ? decodeModeOfExec(this.#entries, this.settings)
      : decodeModeOf(entry.descriptor, this.settings)
  }

  override get replyCount(): number {
    return this.#replyCount
  }

  override get mayBeAbandoned(): boolean {
    return super.mayBeAbandoned || this.replyMode?.isSilenced === true
  }

  override encode(encoder: Encoder): void {
    this.#replies = []
    this.checkUnchanged()
    encoder.appendChecked(multiFrame)
    const begin = encoder.length
    for (const { descriptor, args } of this.#entries) {
      // A script is sent as its source. With a SHA-1 that the server does not have, EXEC would only run the other commands.
      encoder.appendChecked(descriptor.script === undefined ? args : byText(descriptor.script, args))
    }
    encoder.appendChecked(execFrame)
    this.#bytesBehindMulti = encoder.length - begin
    if (this.replyMode === null) return
    const isBegunSilently = this.replyMode.note('MULTI', multiFrame)
    const isEndedSilently = this.replyMode.note('EXEC', execFrame)
    if (!isBegunSilently) return
    // After CLIENT REPLY OFF, nothing in the transaction gets a reply. After SKIP, only MULTI gets none.
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

  override get commands(): readonly TransactionEntry[] {
    return this.#entries
  }

  /**
   * The server accepted MULTI, and the replies so far show that it has not run any command after it. A proxy that does not know
   * transactions may run them immediately.
   */
  get #isOpened(): boolean {
    const [multi, ...others] = this.#replies
    return multi === 'OK' && others.every(isNotRun)
  }

  /** The server refused MULTI. */
  get #isRefused(): boolean {
    return isError(this.#replies[0] as Reply)
  }

  override get neededBytes(): number {
    return this.#isOpened ? 1 : this.#bytesBehindMulti
  }

  override evidenceOf(part: ReplyPart): ReplyPart {
    if (this.#isRefused) return this.#replies.some((reply, index) => index > 0 && !isError(reply)) ? 'value' : 'none'
    // The beginning of an error does not show whether the transaction is still open: see leavesDoubt. In a session, the reply to
    // EXEC may be null, which means that nothing ran. In RESP2, null begins like an array, so its beginning proves nothing either.
    return part === 'value' && this.replyMode === null ? part : 'none'
  }

  override refusedForNow(reply: ErrorReply): Refusal | undefined {
    const errors = this.#replies.filter(isError)
    if (this.#isRefused) return this.#refusedOneByOne(errors)
    if (!reply.message.startsWith('EXECABORT')) return refusalIn(reply.message, this.settings)
    if (errors[0] !== undefined) return refusalIn(errors[0].message, this.settings)
    // All commands were queued, but EXEC was refused. The server gives the reason.
    const reason = discardReason.exec(reply.message)?.[1]
    return reason === undefined ? undefined : refusalIn(reason, this.settings)
  }

  /** After MULTI was refused, the transaction may be sent again if the server refused every command with a temporary error. */
  #refusedOneByOne(errors: readonly ErrorReply[]): Refusal | undefined {
    if (errors.length <= this.#entries.length || this.#entries.some(({ descriptor }) => descriptor.runsUserCode)) return
    const refusals = errors.map(({ message }) => refusalIn(message, this.settings))
    return refusals.includes(undefined) ? undefined : refusals[0]
  }

  override leavesDoubt(reply: ErrorReply): boolean {
    return !this.#isRefused && mayStillBeOpen(reply)
  }

  override collect(reply: Reply): void {
    this.#replies.push(reply)
  }

  override fateBy(reply: Reply): Fate {
    // The reply is null if a watched key was changed.
    return reply === null ? 'not-executed' : 'executed'
  }

  override conclude(reply: Reply): unknown {
    this.#replies.push(reply)
    return readTransaction(this.#entries, this.#replies, {
      options: this.settings,
      isInSession: this.replyMode !== null,
      detailsOf: (fate) => this.detailsOf(fate),
    })
  }
}
