import { RequestParser } from '../../lab/server/request-parser.js'
import type {
  Dial,
  Endpoint,
  Transport,
  TransportHandler,
  WriteResult,
} from '../../src/connection/transport/transport.js'
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
  /** Where the client wants to connect. */
  readonly endpoint: Endpoint
  readonly #handler: TransportHandler
  readonly #parser = new RequestParser()

  constructor(endpoint: Endpoint, handler: TransportHandler) {
    this.endpoint = endpoint
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

  /** Sends bytes; text as UTF-8. */
  async answers(...replies: (string | Buffer)[]): Promise<void> {
    this.#handler.onData(Buffer.concat(replies.map((reply) => Buffer.from(reply))))
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

  /**
   * Opens the connection, answers an ordinary handshake, and discards what was recorded of it.
   * @param identity what the server says of the connection and itself; default: nothing
   */
  async welcomes(identity: FakeIdentity = {}): Promise<void> {
    await this.opens()
    const requests = this.requests.splice(0)
    const bytes = this.writes.splice(0).reduce((sum, { length }) => sum + length, 0)
    await this.answers(...requests.map((request) => Buffer.from(replyTo(request, identity, bytes), 'latin1')))
  }
}

/** What a server says in the handshake. */
export interface FakeIdentity {
  readonly id?: number
  /** `addr=` in CLIENT INFO. */
  readonly address?: string
  /** `id=` in CLIENT INFO; default: that of the connection. */
  readonly idInLine?: number
  readonly runId?: string
  /** CLIENT INFO says how many bytes were read: so many more than were written. */
  readonly readMore?: number
  /** Replies to other than the usual, by command. */
  readonly replies?: Readonly<Record<string, string>>
}

/** A bulk string, in Latin-1. */
export const bulk = (text: string): string => `$${Buffer.byteLength(text, 'latin1')}\r\n${text}\r\n`

function replyTo(request: string, identity: FakeIdentity, bytes: number): string {
  const { id, address, idInLine = id, runId, readMore, replies } = identity
  const given = Object.entries(replies ?? {}).find(([command]) => request.startsWith(command))
  if (given !== undefined) return given[1]
  if (request.startsWith('HELLO')) return id === undefined ? '%0\r\n' : `%1\r\n+id\r\n:${id}\r\n`
  if (request === 'CLIENT ID' && id !== undefined) return `:${id}\r\n`
  if (request === 'CLIENT INFO' && address !== undefined) {
    const totals = readMore === undefined ? '' : ` tot-net-in=${bytes + readMore} tot-net-out=9 tot-cmds=4`
    return bulk(`id=${idInLine} addr=${address} laddr=127.0.0.1:6379 fd=8 name=${totals}\n`)
  }
  if (request === 'INFO server' && runId !== undefined) return bulk(`# Server\r\nrun_id:${runId}\r\n`)
  return '+OK\r\n'
}

/** A network whose peers a test controls. */
export class FakeNetwork {
  readonly peers: FakePeer[] = []

  readonly dial: Dial = (endpoint, handler): Transport => {
    const peer = new FakePeer(endpoint, handler)
    this.peers.push(peer)
    return {
      writableLength: 0,
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
