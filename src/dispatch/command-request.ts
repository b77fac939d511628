import type { CommandDescriptor } from '../commands/descriptor.js'
import { reviveErrors } from '../commands/nested-errors.js'
import type { RetryClass } from '../commands/retry.js'
import { retryClassOf } from '../commands/table.js'
import type { ReplyPart } from '../connection/request/fate.js'
import type { Refusal } from '../connection/request/request.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import { type Argument, ErrorReply, type Reply } from '../protocol/types.js'
import { ConfiguredRequest } from './configured-request.js'
import { refusalOf } from './refusals.js'
import type { ReplyMode } from './reply-mode.js'

/** One command on its way. */
export class CommandRequest extends ConfiguredRequest {
  /** Of a session: told when it is sent. */
  replyMode: ReplyMode | null = null
  /** The server was told not to reply: it is settled when it is handed over. */
  #isSilent = false
  /** Sent between MULTI and EXEC by hand: the answer is that it is queued. */
  #isForLater = false
  protected readonly descriptor: CommandDescriptor
  protected readonly args: readonly Argument[]

  /** @throws TypeError naming an argument that can't be sent */
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

  override get replyCount(): number {
    return this.#isSilent ? 0 : 1
  }

  override get isSentAlone(): boolean {
    return this.replyMode !== null && sentAlone.has(this.descriptor.name) && !this.replyMode.isSilenced
  }

  override get mayBeAbandoned(): boolean {
    // Without a reply it is settled as it is written.
    return super.mayBeAbandoned || this.replyMode?.isSilenced === true
  }

  override encode(encoder: Encoder, known: Set<string>): void {
    this.checkUnchanged(this.args)
    if (this.replyMode === null) {
      this.append(encoder, known)
      return
    }
    this.#isForLater = this.replyMode.isQueuing
    // A script that is only queued is not one that the server has.
    this.append(encoder, this.#isForLater ? new Set() : known)
    this.#isSilent = this.replyMode.note(this.name, this.args)
  }

  /** @param _known SHA-1s of the scripts that the server has got on this connection */
  protected append(encoder: Encoder, _known: Set<string>): void {
    encoder.appendChecked(this.args)
  }

  protected override get retryClass(): RetryClass {
    return retryClassOf(this.descriptor, this.args)
  }

  override refusedForNow(reply: ErrorReply): Refusal | undefined {
    const refusal = refusalOf(reply)
    if (refusal === undefined || this.descriptor.runsUserCode !== true) return refusal
    // A script, or a command of a module, can answer with any prefix after having done its work: that was an execution.
    return this.mayReplay() && this.attempts < this.maxAttempts ? { ...refusal, mayHaveRun: true } : undefined
  }

  override leavesDoubt(reply: ErrorReply): boolean {
    return this.descriptor.name === 'EXEC' && mayStillBeOpen(reply)
  }

  override evidenceOf(part: ReplyPart): ReplyPart {
    // A value may be the word that it is queued; or, to EXEC, null, where a watched key was changed.
    if (part === 'value' && this.#isForLater) return 'none'
    // Code of the user may have done its work before it answered with an error.
    if (part === 'error' && this.descriptor.runsUserCode === true) return 'none'
    return part
  }

  override collect(): void {
    throw new Error(`${this.name} has one reply`)
  }

  override conclude(reply: Reply, hasNestedErrors: boolean): unknown {
    if (typeof reply === 'object' && reply instanceof ErrorReply) throw this.refusedBy(reply)
    if (this.#isForLater && reply === 'QUEUED') return reply
    const value = hasNestedErrors ? reviveErrors(reply, this.name) : reply
    const { transform } = this.descriptor
    return transform === undefined ? value : transform(value as Reply, this.mode)
  }
}

/**
 * Commands after which the connection is another one. Redis 8.0 loses an error of such a one when more is on its way
 * (redis/redis#15640), and gives the replies behind it to the wrong commands.
 */
const sentAlone: ReadonlySet<string> = new Set(['AUTH', 'HELLO', 'RESET'])

/**
 * Whether a transaction may still be open after this answer to EXEC: servers before Redis 6.2 leave it so when they refuse
 * EXEC itself (BUSY, say). Later ones answer EXECABORT then, and have thrown it away.
 */
export function mayStillBeOpen({ message }: ErrorReply): boolean {
  return !message.startsWith('EXECABORT') && !message.startsWith('ERR EXEC without MULTI')
}
