import { retryClassOf } from '../commands/catalogue.js'
import type { CommandDescriptor } from '../commands/descriptor.js'
import { reviveErrors } from '../commands/nested-errors.js'
import { decodeModeOf, formOf } from '../commands/reply-form.js'
import type { RetryClass } from '../commands/retry.js'
import type { TransactionEntry } from '../commands/transaction-entries.js'
import type { ReplyPart } from '../connection/request/fate.js'
import type { Refusal } from '../connection/request/request.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import { type Argument, type DecodeMode, ErrorReply, type Reply } from '../protocol/types.js'
import { ConfiguredRequest } from './configured-request.js'
import { refusalIn } from './refusals.js'
import type { ReplyMode } from './reply-mode.js'

/** How a command was sent: outside a session, always in the same manner. */
interface Manner {
  /** The server was told not to reply to it. */
  readonly isSilent: boolean
  /** It tells the server to leave out replies, and `probe` was sent before it. */
  readonly isProbed: boolean
  /** It was sent between MULTI and EXEC by hand, so the server answers that it is queued. */
  readonly isForLater: boolean
}

const usual: Manner = { isSilent: false, isProbed: false, isForLater: false }

/** A single command. */
export class CommandRequest extends ConfiguredRequest {
  /** The reply mode of its session, updated when it is sent; null outside a session. */
  replyMode: ReplyMode | null = null
  /** How it was last sent. */
  #manner = usual
  protected readonly descriptor: CommandDescriptor
  protected readonly args: readonly Argument[]

  /** @throws TypeError that names an argument that can't be sent */
  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    descriptor: CommandDescriptor,
    args: readonly Argument[],
  ) {
    super(resolve, reject, settings)
    this.descriptor = descriptor
    this.args = args
    this.takeIn(args)
  }

  override get name(): string {
    return this.descriptor.name
  }

  override get mode(): DecodeMode {
    return decodeModeOf(this.descriptor, this.settings)
  }

  override get replyCount(): number {
    return this.#manner.isSilent ? 0 : 1
  }

  override get isSentAlone(): boolean {
    const { replyMode } = this
    if (replyMode === null || (replyMode.isSilenced && !this.#manner.isProbed)) return false
    return this.#manner.isProbed || sentAlone.has(this.name) || replyMode.isEndedBy(this.name, this.args)
  }

  override get mayBeAbandoned(): boolean {
    // Without a reply, it settles as soon as it is written.
    return super.mayBeAbandoned || this.replyMode?.isSilenced === true
  }

  override encode(encoder: Encoder, known: Set<string>): void {
    this.checkUnchanged(this.args)
    if (this.replyMode === null) {
      this.append(encoder, known)
      return
    }
    const isForLater = this.replyMode.isQueuing
    const isProbed = this.replyMode.isEndedBy(this.name, this.args)
    if (isProbed) encoder.appendChecked(probe)
    // A queued script may never run, so the server does not have it yet.
    this.append(encoder, isForLater ? new Set() : known)
    const isSilent = this.replyMode.note(this.name, this.args) && !isProbed
    this.#manner = { isSilent, isProbed, isForLater }
  }

  /** @param _known SHA-1s of the scripts already sent on this connection */
  protected append(encoder: Encoder, _known: Set<string>): void {
    encoder.appendChecked(this.args)
  }

  protected override get retryClass(): RetryClass {
    return retryClassOf(this.descriptor, this.args)
  }

  override get commands(): readonly TransactionEntry[] {
    return [{ descriptor: this.descriptor, args: this.args }]
  }

  override refusedForNow(reply: ErrorReply): Refusal | undefined {
    const refusal = refusalIn(reply.message, this.settings)
    if (refusal === undefined || this.descriptor.runsUserCode !== true) return refusal
    // A script or module command can return any prefix after it did its work: sending it again is a replay. A cluster looks closer.
    const mayBeSent = refusal.redirect ?? (this.mayReplay() && this.attempts < this.maxAttempts)
    return mayBeSent ? { ...refusal, mayHaveRun: true } : undefined
  }

  override leavesDoubt(reply: ErrorReply): boolean {
    return this.#manner.isProbed || (this.descriptor.name === 'EXEC' && mayStillBeOpen(reply))
  }

  override evidenceOf(part: ReplyPart): ReplyPart {
    // The reply may be `QUEUED`, or null to EXEC after a watched key was changed: neither shows that it ran.
    if (part === 'value' && (this.#manner.isForLater || this.#manner.isProbed)) return 'none'
    // A script or module command may have done its work before it returned an error.
    if (part === 'error' && this.descriptor.runsUserCode === true) return 'none'
    return part
  }

  override collect(): void {
    throw new Error(`${this.name} has one reply`)
  }

  override conclude(reply: Reply, hasNestedErrors: boolean): unknown {
    if (typeof reply === 'object' && reply instanceof ErrorReply) throw this.refusedBy(reply)
    if (this.#manner.isForLater && reply === 'QUEUED') return reply
    if (this.#manner.isProbed) return null
    const value = hasNestedErrors ? (reviveErrors(reply, this.name) as Reply) : reply
    return formOf(value, this.descriptor, this.args, this.settings, this)
  }
}

/**
 * Sent before a CLIENT REPLY that turns replies off, which is sent alone: its own reply shows whether the server takes such commands
 * now. If not (NOPERM, BUSY), the other one is refused too, and the server replies to all that follows.
 */
const probe: readonly Argument[] = ['CLIENT', 'REPLY', 'ON']

/**
 * Commands that are sent alone. In a pipeline, Redis 8.0 may lose the error reply to one of these (redis/redis#15640);
 * the later replies would go to the wrong commands.
 */
const sentAlone: ReadonlySet<string> = new Set(['AUTH', 'HELLO', 'RESET'])

/**
 * Whether a transaction may still be open after this reply to EXEC. Servers before Redis 6.2 leave it open when they
 * refuse EXEC itself, for example with BUSY. Later servers discard it and reply EXECABORT. A server of a cluster discards what
 * belongs elsewhere.
 */
export function mayStillBeOpen({ message }: ErrorReply): boolean {
  return !/^(EXECABORT|ERR EXEC without MULTI|MOVED|ASK|TRYAGAIN|CLUSTERDOWN)/.test(message)
}
