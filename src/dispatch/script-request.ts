import type { CommandDescriptor, ScriptText } from '../commands/descriptor.js'
import type { ReplyPart } from '../connection/request/fate.js'
import type { Refusal } from '../connection/request/request.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import type { Argument, ErrorReply, Reply } from '../protocol/types.js'
import { CommandRequest } from './command-request.js'

/** What servers answer to EVALSHA when they have no such script; a script may say so itself, after its work. */
const lacksScript = /^NOSCRIPT No matching script/

const askWhetherItIsThere: Refusal = { retry: 'now', mayHaveRun: true }
const sendItsText: Refusal = { retry: 'now', mayHaveRun: false }

/**
 * A script made by `script`: sent by its SHA-1 if the server was given it on this connection, by its text otherwise.
 *
 * A server may lose a script (SCRIPT FLUSH, or by its bound on scripts). Its error proves nothing, since the script can
 * return the same text. So the server is asked by SCRIPT EXISTS before the text is sent:
 *
 * ```
 *   EVALSHA ──▶ NOSCRIPT ──▶ SCRIPT EXISTS ──▶ 0: EVAL      the server had it not: nothing ran
 *      └──▶ reply                    └───────▶ 1: rejected with that NOSCRIPT: the script returned it
 * ```
 */
export class ScriptRequest extends CommandRequest {
  readonly #script: ScriptText
  #wentBySha = false
  /** The error that may be the server's or the script's own, while that is being asked. */
  #doubtful: ErrorReply | null = null
  /** The server has said that it has not got the script. */
  #isMissing = false
  /** Of a session: how many commands had been sent when it was. */
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

  override encode(encoder: Encoder, known: Set<string>): void {
    super.encode(encoder, known)
    this.#place = this.replyMode?.noted ?? 0
  }

  protected override append(encoder: Encoder, known: Set<string>): void {
    const { sha1 } = this.#script
    if (this.#doubtful !== null) {
      if (known.has(sha1)) {
        encoder.appendChecked(['SCRIPT', 'EXISTS', sha1])
        return
      }
      // On another connection there is nothing to ask; its policy has allowed to repeat it.
      this.#doubtful = null
      this.asksFurther = false
    }
    this.#wentBySha = known.has(sha1) && !this.#isMissing
    if (this.#wentBySha) {
      encoder.appendChecked(this.args)
      return
    }
    encoder.appendChecked(byText(this.#script, this.args))
    known.add(sha1)
  }

  override provesNotRun(unsentBytes: number): boolean {
    // What was not sent is the question alone.
    return this.#doubtful === null && super.provesNotRun(unsentBytes)
  }

  override evidenceOf(part: ReplyPart): ReplyPart {
    return this.#doubtful === null ? super.evidenceOf(part) : 'none'
  }

  override refusedForNow(reply: ErrorReply): Refusal | undefined {
    if (this.#doubtful !== null) return undefined
    // To its text no server says so: it would be the script's own error, after its work.
    if (!this.#wentBySha || !lacksScript.test(reply.message)) return super.refusedForNow(reply)
    // What was sent after it (SELECT, MULTI ...) may have changed what it would do: the caller decides.
    if (this.#place !== (this.replyMode?.noted ?? 0)) return undefined
    this.#doubtful = reply
    this.asksFurther = true
    return askWhetherItIsThere
  }

  override continueAfter(reply: Reply): Refusal | undefined {
    const isMissing = Array.isArray(reply) && reply[0] === 0
    if (!isMissing || this.#place !== (this.replyMode?.noted ?? 0)) return undefined
    this.#doubtful = null
    this.asksFurther = false
    this.#isMissing = true
    return sendItsText
  }

  override conclude(reply: Reply, hasNestedErrors: boolean): unknown {
    if (this.#doubtful !== null) throw this.refusedBy(this.#doubtful)
    return super.conclude(reply, hasNestedErrors)
  }
}

/** The arguments that send a script's text instead of its SHA-1. */
export function byText({ verbs, source }: ScriptText, args: readonly Argument[]): readonly Argument[] {
  return [verbs[1], source, ...args.slice(2)]
}
