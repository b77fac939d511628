import { DecodeError } from '../../src/protocol/decode-error.js'
import { Decoder } from '../../src/protocol/decoder.js'
import { textMode } from '../../src/protocol/types.js'
import { RequestError, RequestParser } from '../server/request-parser.js'

/** What is told of the commands on a link: by name in capitals, and first argument. */
export interface LinkTapEvents {
  /** A whole frame came out of the client. */
  onSent(name: string, key: string): void
  /** The server has written the whole reply of one. */
  onAnswered(name: string, key: string): void
}

/**
 * Makes commands and replies of the bytes of one link, and pairs them by their order. Replies are paired as long as every
 * one of them answers a command: on a link that listens to channels in RESP2, up to its first message.
 */
export class LinkTap {
  readonly #events: LinkTapEvents
  readonly #requests = new RequestParser()
  readonly #replies: Decoder
  readonly #owed: (readonly [name: string, key: string])[] = []
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

  /** Bytes of the client. What is no RESP is nobody's command: what follows it can't be told apart. */
  request(chunk: Buffer): void {
    if (!this.#areRequestsReadable) return
    try {
      this.#requests.feed(chunk, (args) => this.#onRequest(args))
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
      this.#areRequestsReadable = false
    }
  }

  /** Bytes of the server, before any fault. */
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
    const command = [String(args[0]).toUpperCase(), String(args[1] ?? '')] as const
    this.#owed.push(command)
    this.#events.onSent(...command)
  }

  #onReply(): void {
    const command = this.#owed.shift()
    if (command !== undefined) this.#events.onAnswered(...command)
  }

  /** A confirmation answers its SUBSCRIBE; other pushes answer nothing. */
  #onPush(kind: unknown): void {
    if (typeof kind === 'string' && /subscribe$/.test(kind)) this.#onReply()
  }
}
