import { prefixOf } from '../../errors.js'
import { Buffer } from '../../protocol/buffer.js'
import { type Argument, ErrorReply, type Reply } from '../../protocol/types.js'
import { saysNotNow } from '../request/passing-refusals.js'

/** What a connection asks the server to learn which connection of which process it is. */
export type Question = 'CLIENT INFO' | 'INFO'

export const questions: Readonly<Record<Question, readonly Argument[]>> = {
  'CLIENT INFO': ['CLIENT', 'INFO'],
  INFO: ['INFO', 'server'],
}

/** Length of the frame of INFO: `*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n`. */
const infoBytes = 26

/** Whether this error says nothing about the user's rights: the same command may be answered later. */
export function isPassing({ message }: ErrorReply): boolean {
  return saysNotNow(message) || prefixOf(message) === 'NOAUTH'
}

/** Who a connection is, as far as its server has said so. */
export class Identity {
  /** The user it authenticated as; empty: the default user. */
  readonly user: string
  /** The server's number for the connection, from HELLO or CLIENT ID. Each process counts from 1. */
  id: number | undefined
  /** The random number of the server's process. Server documentation: INFO, `run_id`. */
  runId: string | undefined
  /** The bytes of `addr=` in CLIENT INFO. They are never put together here: behind a proxy, only the server knows them. */
  address: Buffer | undefined
  /** The server counts the bytes that it reads, as this side counts what it writes. */
  countsBytes = false
  /** Clock times: when it was dialed, and when it was told who it is. */
  dialedAt = 0
  toldAt = 0
  /** CLIENT INFO. */
  #line: ClientLine | undefined
  /** Questions to ask again. */
  readonly unanswered = new Set<Question>()
  /** Questions that this user may not ask here. */
  readonly refused = new Set<Question>()

  constructor(user: string) {
    this.user = user
  }

  /** The connection's own line was answered by CLIENT INFO. A multiplexing proxy may answer with that of another. */
  get isOwn(): boolean {
    return this.#line !== undefined && this.#line.id === this.id
  }

  /** Takes the reply to a question: binary, because a path in an address may be any bytes. */
  take(question: Question, reply: Reply): void {
    this.unanswered.delete(question)
    if (reply instanceof ErrorReply) {
      if (isPassing(reply)) this.unanswered.add(question)
      else this.refused.add(question)
    } else if (Buffer.isBuffer(reply)) {
      if (question === 'INFO') this.runId = /^run_id:(\w+)/m.exec(reply.toString('latin1'))?.[1]
      else {
        this.#line = lineOf(reply)
        this.address = this.#line?.address
      }
    }
  }

  /**
   * The handshake is over. Where something on the way has added, left out or changed bytes, what the server counts says
   * nothing.
   * @param bytesWritten INFO may be unread when CLIENT INFO is answered: it is the last of them
   */
  compare(bytesWritten: number): void {
    const unread = bytesWritten - (this.#line?.bytesRead ?? Number.NaN)
    this.countsBytes = unread >= 0 && unread <= infoBytes
  }

  /**
   * Whether no process gives both their numbers: it counts its connections, so that one that was dialed when the other had its
   * number gets a greater one.
   */
  contradicts(other: Identity): boolean {
    const [id, before] = [this.id as number, other.id as number]
    if (this === other || !this.isAtServerOf(other) || !(id <= before)) return false
    return id === before || this.dialedAt > other.toldAt
  }

  /** Whether both are connections to one server process; false if that is not known. */
  isAtServerOf(other: Identity): boolean {
    return this.runId !== undefined && this.runId === other.runId
  }
}

/** What a line of CLIENT INFO or CLIENT LIST says. Server documentation: CLIENT LIST. */
export interface ClientLine {
  readonly id: number
  readonly address: Buffer
  /** `tot-net-in`, of servers that have it: bytes that the server has read from the connection. */
  readonly bytesRead: number | undefined
}

/** @returns undefined if the bytes are not one such line, or its address is not certain */
export function lineOf(bytes: Buffer): ClientLine | undefined {
  const text = bytes.toString('latin1')
  // The path of a Unix socket may hold anything, also what looks like the next field.
  const [, id, address] = /^id=(\d+) addr=(.*?) laddr=/s.exec(text) ?? []
  if (id === undefined || address === undefined || text.split(' laddr=').length !== 2) return undefined
  // So a server says that it could not find out the address.
  if (address === '' || address === '?:0') return undefined
  // Behind the last ` fd=`, which follows the addresses: their paths may hold this field, too.
  const bytesRead = / tot-net-in=(\d+)/.exec(text.slice(text.lastIndexOf(' fd=')))?.[1]
  return {
    id: Number(id),
    address: Buffer.from(address, 'latin1'),
    bytesRead: bytesRead === undefined ? undefined : Number(bytesRead),
  }
}
