import type { Encoder } from '../../protocol/encoder.js'
import type { Argument } from '../../protocol/types.js'
import { OwnRequest } from '../request/own-request.js'

/** SUBSCRIBE and related commands. The server confirms them between the messages, not by a reply. */
export class SubscriptionRequest extends OwnRequest {
  readonly #args: readonly Argument[]

  constructor(args: readonly Argument[]) {
    super(
      () => {},
      () => {},
    )
    this.#args = args
  }

  override get name(): string {
    return String(this.#args[0])
  }

  override get replyCount(): number {
    return 0
  }

  override encode(encoder: Encoder): void {
    encoder.append(this.#args)
  }

  override refusedForNow(): undefined {}

  override collect(): void {}

  override conclude(): void {}
}
