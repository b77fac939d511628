import { retryClassOf } from '../commands/catalogue.js'
import type { CommandDescriptor } from '../commands/descriptor.js'
import { reviveErrors } from '../commands/nested-errors.js'
import { decodeModeOf, formOf } from '../commands/reply-form.js'
import type { RetryClass } from '../commands/retry.js'
import type { TransactionEntry } from '../commands/transaction-entries.js'
import type { ReplyPart } from '../connection/request/fate.js'
import type { Refusal } from '../connection/request/request.js'
import type { Fate } from '../errors.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import { type Argument, type DecodeMode, ErrorReply, type Reply } from '../protocol/types.js'
import { ConfiguredRequest } from './configured-request.js'
import { refusalIn } from './refusals.js'
import type { ReplyMode } from './reply-mode.js'

/** How a command was sent. Outside a session, this is always the same. */
interface Manner {
  /** The command gets no reply, because replies are off. */
  readonly isSilent: boolean
  /** The command turns replies off, and `probe` was sent before it. */
  readonly isProbed: boolean
  /** The command was sent between MULTI and EXEC by hand, so the server replies that it is queued. */
  readonly isForLater: boolean
}

const usual: Manner = { isSilent: false, isProbed: false, isForLater: false }

/** A single command. */
export class CommandRequest extends ConfiguredRequest {
  /** The reply mode of its session, which is updated when the command is sent; null outside a session. */
  replyMode: ReplyMode | null = null
  /** How the command was last sent. */
  #manner = usual
  readonly descriptor: CommandDescriptor
  readonly args: readonly Argument[]

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
    // A command without a reply settles as soon as it is written.
    return super.mayBeAbandoned || this.replyMode?.isSilenced === true
  }

  override encode(encoder: Encoder, known: Set<string>): void {
    this.checkUnchanged()
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
    return [this]
  }

  override refusedForNow(reply: ErrorReply): Refusal | undefined {
    const refusal = refusalIn(reply.message, this.settings)
    // Its effect or its reply concerns the connection that it was sent on. Elsewhere, the reply of WAIT would say nothing.
    if (this.descriptor.waitsInPlace && refusal?.redirect) return undefined
    if (refusal === undefined || this.descriptor.runsUserCode !== true) return refusal
    // A script or module command can return any prefix after it did its work, so sending it again is a replay. For a redirection,
    // the router of the cluster decides.
    const mayBeSent = refusal.redirect ?? (this.mayReplay() && this.attempts < this.maxAttempts)
    return mayBeSent ? { ...refusal, mayHaveRun: true } : undefined
  }

  override leavesDoubt(reply: ErrorReply): boolean {
    return this.#manner.isProbed || (this.descriptor.name === 'EXEC' && mayStillBeOpen(reply))
  }

  override evidenceOf(part: ReplyPart): ReplyPart {
    // The reply may be `QUEUED`, or null to EXEC after a watched key was changed. Neither shows that the command ran.
    if (part === 'value' && (this.#manner.isForLater || this.#manner.isProbed)) return 'none'
    // A script or module command may have done its work before it returned an error. After an error in reply to EXEC, the
    // transaction may still be open.
    if (part === 'error' && (this.descriptor.runsUserCode === true || this.descriptor.name === 'EXEC')) return 'none'
    return part
  }

  override fateBy(reply: Reply): Fate {
    // EXEC may still run the command.
    if (this.#manner.isForLater && reply === 'QUEUED') return 'unknown'
    // The reply to EXEC is null if a watched key was changed.
    return reply === null && this.name === 'EXEC' ? 'not-executed' : 'executed'
  }

  override conclude(reply: Reply, hasNestedErrors: boolean): unknown {
    if (typeof reply === 'object' && reply instanceof ErrorReply) throw this.refusedBy(reply)
    if (this.#manner.isForLater && reply === 'QUEUED') return reply
    if (this.#manner.isProbed) return null
    const value = hasNestedErrors ? (reviveErrors(reply, this.name, this.args, this) as Reply) : reply
    return formOf(value, this.descriptor, this.args, this.settings, this)
  }
}

/**
 * This CLIENT REPLY ON is sent just before a CLIENT REPLY that turns replies off, with nothing else in flight. The reply to it
 * shows whether the server accepts CLIENT REPLY now. If it does not (NOPERM, BUSY), it also refuses the second command, and
 * continues to send replies.
 */
const probe: readonly Argument[] = ['CLIENT', 'REPLY', 'ON']

/**
 * Commands that are sent with nothing else in flight. In a pipeline, Redis 8.0 may lose the error reply to one of these
 * (redis/redis#15640), and later replies would go to the wrong commands.
 */
const sentAlone: ReadonlySet<string> = new Set(['AUTH', 'HELLO', 'RESET'])

/**
 * Whether a transaction may still be open after this reply to EXEC. Servers before Redis 6.2 leave it open when they
 * refuse EXEC itself, for example with BUSY. Later servers discard it and reply EXECABORT. A server of a cluster discards a
 * transaction that it redirects.
 */
export function mayStillBeOpen({ message }: ErrorReply): boolean {
  return !/^(EXECABORT|ERR EXEC without MULTI|MOVED|ASK|TRYAGAIN|CLUSTERDOWN)/.test(message)
}
