import { DecodeError } from '../../src/protocol/decode-error.js'
import { Decoder } from '../../src/protocol/decoder.js'
import { textMode } from '../../src/protocol/types.js'
import { RequestError, RequestParser } from '../server/request-parser.js'
import { identityOf } from './identity.js'

/** Callbacks for the commands on a link: their name in capitals, and what distinguishes them: see `identityOf`. */
export interface LinkTapEvents {
  /** The client has sent a whole command. */
  onSent(name: string, key: string): void
  /** The server has sent the whole reply to a command. */
  onAnswered(name: string, key: string): void
}

/**
 * Parses the commands and replies on one link, and pairs them by their order. On a link with RESP2 subscriptions, this works up
 * to the first message.
 */
export class LinkTap {
  readonly #events: LinkTapEvents
  readonly #requests = new RequestParser()
  readonly #replies: Decoder
  readonly #pending: (readonly [name: string, key: string])[] = []
  #areRequestsReadable = true
  #areRepliesReadable = true

  constructor(events: LinkTapEvents) {
    this.#events = events
    this.#replies = new Decoder({
      modeOfNext: () => textMode,
      onReply: () => this.#onReply(),
      onPush: (elements) => this.#onPush(elements[0]),
    })
  }

  /** Bytes of the client. Nothing after invalid bytes can be parsed. */
  request(chunk: Buffer): void {
    if (!this.#areRequestsReadable) return
    try {
      this.#requests.feed(chunk, (args) => this.#onRequest(args))
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
      this.#areRequestsReadable = false
    }
  }

  /** Bytes of the server, before any fault changes them. */
  reply(chunk: Buffer): void {
    if (!this.#areRepliesReadable) return
    try {
      this.#replies.decode(chunk)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#areRepliesReadable = false
    }
  }

  #onRequest(args: readonly Buffer[]): void {
    const name = String(args[0]).toUpperCase()
    const command = [name, identityOf(name, args.slice(1, 3).map(String))] as const
    this.#pending.push(command)
    this.#events.onSent(...command)
  }

  #onReply(): void {
    const command = this.#pending.shift()
    if (command !== undefined) this.#events.onAnswered(...command)
  }

  /** A confirmation is the reply to SUBSCRIBE; other pushes are no replies. */
  #onPush(kind: unknown): void {
    if (typeof kind === 'string' && /subscribe$/.test(kind)) this.#onReply()
  }
}
