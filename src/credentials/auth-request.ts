import { OwnRequest } from '../connection/request/own-request.js'
import { HandshakeError } from '../errors.js'
import type { Encoder } from '../protocol/encoder.js'
import { withoutArguments } from '../protocol/quoted-arguments.js'
import { type Argument, ErrorReply, type Reply } from '../protocol/types.js'

/**
 * AUTH on a connection that is in use. It is sent when no reply is pending, and nothing else is sent until it is answered,
 * because a server may drop its error (redis/redis#15640). Server documentation: AUTH.
 */
export class AuthRequest extends OwnRequest {
  readonly #newest: () => readonly Argument[]
  /** What was sent. */
  #args: readonly Argument[] = []

  /** @param newest returns AUTH with the newest credentials; called when the request is sent, perhaps after a long wait */
  constructor(newest: () => readonly Argument[], resolve: () => void, reject: (error: unknown) => void) {
    super(resolve, reject)
    this.#newest = newest
  }

  override get name(): string {
    return 'AUTH'
  }

  override get isSentAlone(): boolean {
    return true
  }

  override get replyCount(): number {
    return 1
  }

  override encode(encoder: Encoder): void {
    this.#args = this.#newest()
    encoder.append(this.#args)
  }

  override conclude(reply: Reply): void {
    if (reply instanceof ErrorReply) {
      const message = withoutArguments(reply.message, this.#args.slice(1))
      throw new HandshakeError(`the server refused AUTH: ${message}`, { fate: 'not-executed', step: 'AUTH' })
    }
  }
}
