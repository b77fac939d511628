import { RequestParser } from '../../lab/server/request-parser.js'
import type { Dial, Transport, TransportHandler, WriteResult } from '../../src/connection/transport/transport.js'
import { settle } from './fake-clock.js'

/** The server's end of a connection, controlled by a test. */
export class FakePeer {
  /** Every write, unchanged. */
  readonly writes: Buffer[] = []
  /** Every request, with its arguments joined by spaces. */
  readonly requests: string[] = []
  isDestroyed = false
  /** The result of the next write. */
  nextWrite: WriteResult = 'taken'
  /** Whether a pending write is reported as incomplete when the connection is destroyed. */
  isPendingWriteIncomplete = false
  readonly #handler: TransportHandler
  readonly #parser = new RequestParser()

  constructor(handler: TransportHandler) {
    this.#handler = handler
  }

  receive(chunks: readonly Uint8Array[]): WriteResult {
    const result = this.nextWrite
    if (result === 'refused') return result
    const bytes = Buffer.concat(chunks)
    this.writes.push(bytes)
    this.requests.push(...this.#parser.push(bytes).map((args) => args.map(String).join(' ')))
    return result
  }

  async opens(): Promise<void> {
    this.#handler.onOpen()
    await settle()
  }

  /** Sends bytes, given as text. */
  async answers(...replies: string[]): Promise<void> {
    this.#handler.onData(Buffer.from(replies.join('')))
    await settle()
  }

  /** @param next result of the following write */
  async takesTheRest(next: WriteResult = 'taken'): Promise<void> {
    this.nextWrite = next
    this.#handler.onWritten()
    await settle()
  }

  async ends(error?: Error): Promise<void> {
    this.isDestroyed = true
    this.#handler.onEnd({ error, pendingWriteIncomplete: this.isPendingWriteIncomplete })
    await settle()
  }

  /** Opens the connection, answers an ordinary handshake, and discards what was recorded of it. */
  async welcomes(): Promise<void> {
    await this.opens()
    const steps = this.requests.length
    this.writes.length = 0
    this.requests.length = 0
    await this.answers('%0\r\n', ...Array.from({ length: steps - 1 }, () => '+OK\r\n'))
  }
}

/** A network whose peers a test controls. */
export class FakeNetwork {
  readonly peers: FakePeer[] = []

  readonly dial: Dial = (_endpoint, handler): Transport => {
    const peer = new FakePeer(handler)
    this.peers.push(peer)
    return {
      write: (chunks) => peer.receive(chunks),
      destroy: () => {
        peer.isDestroyed = true
        return peer.isPendingWriteIncomplete
      },
    }
  }

  /** The peer of the latest connection. */
  get peer(): FakePeer {
    const peer = this.peers.at(-1)
    if (peer === undefined) throw new Error('no connection was made')
    return peer
  }
}
