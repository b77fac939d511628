import type { CommandDescriptor, ScriptText } from '../commands/descriptor.js'
import { textOf } from '../commands/words.js'
import type { ReplyPart } from '../connection/request/fate.js'
import { saysNotNow } from '../connection/request/passing-refusals.js'
import type { Refusal } from '../connection/request/request.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import { type Argument, ErrorReply, type Reply } from '../protocol/types.js'
import { CommandRequest } from './command-request.js'
import { byText } from './script-text.js'

/** The server's reply to EVALSHA for a script that it does not have. A script that has run may return the same text. */
const lacksScript = /^NOSCRIPT No matching script/

/** Whether a script with this text, or with this argument, may return such a reply. */
const mayImitate = (value: Argument): boolean => textOf(value).includes('NOSCRIPT')

const askIfItExists: Refusal = { retry: 'now', mayHaveRun: true }
const askAgain: Refusal = { retry: 'later', mayHaveRun: true }
const sendSource: Refusal = { retry: 'now', mayHaveRun: false }

/**
 * A script that was created with `script`. Its SHA-1 is sent if its source was already sent on this connection; otherwise its
 * source is sent.
 *
 * A server may lose a script (SCRIPT FLUSH, or its limit of scripts). NOSCRIPT does not prove that, because the script
 * can return the same text. So SCRIPT EXISTS is sent before the source. Its reply proves nothing if the server lost the script
 * between the two commands, so a script whose source or arguments contain NOSCRIPT is always sent as its source.
 *
 * ```
 *   EVALSHA ──▶ NOSCRIPT ──▶ SCRIPT EXISTS ──▶ 0: EVAL      the server did not have it: nothing ran
 *      └──▶ reply                    └───────▶ 1: rejected with that NOSCRIPT: the script returned it
 * ```
 */
export class ScriptRequest extends CommandRequest {
  readonly #script: ScriptText
  #wentBySha = false
  /** A NOSCRIPT reply, until SCRIPT EXISTS shows whether it came from the server or from the script; otherwise null. */
  #doubtful: ErrorReply | null = null
  /** Whether SCRIPT EXISTS showed that the server does not have the script. */
  #isMissing = false
  /** The scripts that were sent on its connection. */
  #known: Set<string> | undefined
  /** The number of commands that its session had sent when this one was sent; 0 outside a session. */
  #place = 0

  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    command: {
      readonly descriptor: CommandDescriptor
      readonly args: readonly Argument[]
      readonly script: ScriptText
    },
  ) {
    super(resolve, reject, settings, command.descriptor, command.args)
    this.#script = command.script
  }

  override get asksFurther(): boolean {
    return this.#doubtful !== null
  }

  override encode(encoder: Encoder, known: Set<string>): void {
    super.encode(encoder, known)
    this.#place = this.replyMode?.noted ?? 0
  }

  protected override append(encoder: Encoder, known: Set<string>): void {
    const { sha1, source } = this.#script
    const isSameConnection = known === this.#known
    this.#known = known
    if (this.#doubtful !== null) {
      if (isSameConnection && known.has(sha1)) {
        encoder.appendChecked(['SCRIPT', 'EXISTS', sha1])
        return
      }
      // SCRIPT EXISTS proves nothing on a new connection, which may lead to another server, or to one that was restarted. It
      // remains unknown whether the script ran, so the retry policy decides.
      if (!this.mayReplay() || this.attempts >= this.maxAttempts) throw this.refusedBy(this.#doubtful)
      this.#doubtful = null
    }
    this.#wentBySha = known.has(sha1) && !this.#isMissing && !mayImitate(source) && !this.args.some(mayImitate)
    if (this.#wentBySha) {
      encoder.appendChecked(this.args)
      return
    }
    encoder.appendChecked(byText(this.#script, this.args))
    known.add(sha1)
  }

  override get neededBytes(): number {
    // When SCRIPT EXISTS is sent, EVALSHA has already been answered.
    return this.#doubtful === null ? super.neededBytes : Infinity
  }

  override evidenceOf(part: ReplyPart): ReplyPart {
    return this.#doubtful === null ? super.evidenceOf(part) : 'none'
  }

  override refusedForNow(reply: ErrorReply): Refusal | undefined {
    if (this.#doubtful !== null) return saysNotNow(reply.message) ? askAgain : undefined
    // If the source was sent, NOSCRIPT can only come from the script itself, which may have done its work.
    if (!this.#wentBySha || !lacksScript.test(reply.message)) return super.refusedForNow(reply)
    // Commands that were sent after EVALSHA, such as SELECT or MULTI, may change what the script does. The caller must decide.
    if (this.#place !== (this.replyMode?.noted ?? 0)) return undefined
    this.#doubtful = reply
    return askIfItExists
  }

  override continueAfter(reply: Reply): Refusal | undefined {
    const isMissing = Array.isArray(reply) && reply[0] === 0
    if (!isMissing || this.#place !== (this.replyMode?.noted ?? 0)) return undefined
    this.#doubtful = null
    this.#isMissing = true
    return sendSource
  }

  override conclude(reply: Reply, hasNestedErrors: boolean): unknown {
    if (this.#doubtful !== null) {
      // SCRIPT EXISTS itself was refused: the user may have no right to run it. It would be refused again after the next
      // NOSCRIPT, so the next call sends the source.
      if (reply instanceof ErrorReply) this.#known?.delete(this.#script.sha1)
      throw this.refusedBy(this.#doubtful)
    }
    return super.conclude(reply, hasNestedErrors)
  }
}
