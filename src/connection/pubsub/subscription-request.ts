import type { Encoder } from '../../protocol/encoder.js'
import { type Argument, bufferMode, type DecodeMode } from '../../protocol/types.js'
import { Request } from '../request/request.js'

/** SUBSCRIBE and related commands. The server confirms them between the messages, not by a reply. */
export class SubscriptionRequest extends Request {
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

  override get mode(): DecodeMode {
    return bufferMode
  }

  override get replyCount(): number {
    return 0
  }

  override get timeout(): number {
    return 0
  }

  override get serverWait(): number {
    return 0
  }

  override get maxAttempts(): number {
    return 1
  }

  override encode(encoder: Encoder): void {
    encoder.append(this.#args)
  }

  override mayReplay(): boolean {
    return false
  }

  override refusedForNow(): undefined {}

  override collect(): void {}

  override conclude(): void {}
}
