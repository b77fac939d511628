import { OwnRequest } from '../connection/request/own-request.js'
import type { Encoder } from '../protocol/encoder.js'
import type { Argument, Reply } from '../protocol/types.js'

/** A question that this client itself asks one of the nodes. */
export class OwnQuestion extends OwnRequest {
  readonly #args: readonly Argument[]

  /** @param onReply gets the reply, even if it is an error @param onFailed called if there will be no reply */
  constructor(args: readonly Argument[], onReply: (reply: Reply) => void, onFailed: (error: unknown) => void) {
    super(onReply as (value: unknown) => void, onFailed)
    this.#args = args
  }

  override get name(): string {
    return this.#args.slice(0, 2).join(' ')
  }

  override get isWanted(): boolean {
    return false
  }

  override get replyCount(): number {
    return 1
  }

  override encode(encoder: Encoder): void {
    encoder.append(this.#args)
  }

  override conclude(reply: Reply): Reply {
    return reply
  }
}
