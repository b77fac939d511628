import { RequestParser } from '../../lab/server/request-parser.js'
import type { Dial, Transport, TransportHandler, WriteResult } from '../../src/connection/transport/transport.js'
import { settle } from './fake-clock.js'

/** The server's end of a connection, in the hands of a test. */
export class FakePeer {
  /** Every write, as it came. */
  readonly writes: Buffer[] = []
  /** Every request, its arguments joined by spaces. */
  readonly requests: string[] = []
  isDestroyed = false
  /** What the next write comes to. */
  nextWrite: WriteResult = 'taken'
  /** What is said of a pending write when the connection is destroyed. */
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

  /** Answers with bytes, given as text. */
  async answers(...replies: string[]): Promise<void> {
    this.#handler.onData(Buffer.from(replies.join('')))
    await settle()
  }

  /** @param next what the write after it comes to */
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

  /** Opens and answers an ordinary handshake; what is recorded afterwards comes after it. */
  async welcomes(): Promise<void> {
    await this.opens()
    const steps = this.requests.length
    this.writes.length = 0
    this.requests.length = 0
    await this.answers('%0\r\n', ...Array.from({ length: steps - 1 }, () => '+OK\r\n'))
  }
}

/** A network whose peers a test plays. */
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

  /** The peer dialled last. */
  get peer(): FakePeer {
    const peer = this.peers.at(-1)
    if (peer === undefined) throw new Error('nobody has dialled')
    return peer
  }
}
