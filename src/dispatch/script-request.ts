import type { CommandDescriptor, ScriptText } from '../commands/descriptor.js'
import type { Refusal } from '../connection/request/request.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import type { Argument, ErrorReply } from '../protocol/types.js'
import { CommandRequest } from './command-request.js'

/** What servers answer to EVALSHA when they have no such script. */
const lacksScript = /^NOSCRIPT No matching script/

const inAnotherForm: Refusal = { retry: 'now', mayHaveRun: false }

/** A script made by `script`: sent by its SHA-1 where the server has it, by its text where it has not. */
export class ScriptRequest extends CommandRequest {
  readonly #script: ScriptText
  #wentBySha = false
  /** It was sent by its SHA-1, and the server did not have it. */
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
    this.#wentBySha = known.has(sha1) && !this.#isMissing
    if (this.#wentBySha) {
      encoder.appendChecked(this.args)
      return
    }
    encoder.appendChecked(byText(this.#script, this.args))
    known.add(sha1)
  }

  override refusedForNow(reply: ErrorReply): Refusal | undefined {
    // To its text no server says so: it would be the script's own word, after its work.
    if (!this.#wentBySha || !lacksScript.test(reply.message)) return super.refusedForNow(reply)
    // What was sent after it (SELECT, MULTI ...) may have changed what it would do: the caller decides.
    if (this.#place !== (this.replyMode?.noted ?? 0)) return undefined
    this.#isMissing = true
    return inAnotherForm
  }
}

/** The arguments that send a script's text instead of its SHA-1. */
export function byText({ verbs, source }: ScriptText, args: readonly Argument[]): readonly Argument[] {
  return [verbs[1], source, ...args.slice(2)]
}
