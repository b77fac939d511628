import { prefixOf } from '../../errors.js'
import { Buffer } from '../../protocol/buffer.js'
import { type Argument, ErrorReply, type Reply } from '../../protocol/types.js'
import { saysNotNow } from '../request/passing-refusals.js'

/** The commands by which the client learns the ID and address of a connection, and the server process. */
export type Question = 'CLIENT INFO' | 'INFO'

export const questions: Readonly<Record<Question, readonly Argument[]>> = {
  'CLIENT INFO': ['CLIENT', 'INFO'],
  INFO: ['INFO', 'server'],
}

/** Length of the frame of INFO: `*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n`. */
const infoBytes = 26

/**
 * Whether this error is temporary and says nothing about the user's rights, so that the same command may succeed later.
 */
export function isPassing({ message }: ErrorReply): boolean {
  return saysNotNow(message) || prefixOf(message) === 'NOAUTH'
}

/** The identity of a connection, as far as its server has reported it. */
export class Identity {
  /** The user that the connection authenticated as. Empty for the default user. */
  readonly user: string
  /** The server's ID for the connection, from HELLO or CLIENT ID. Each server process counts from 1. */
  id: number | undefined
  /** The random number of the server's process. Server documentation: INFO, `run_id`. */
  runId: string | undefined
  /**
   * The bytes of `addr=` in CLIENT INFO. The client never builds them itself, because with a proxy in between, only the
   * server knows them.
   */
  address: Buffer | undefined
  /**
   * Whether the server counts the bytes that it reads, and its count agrees with the client's count of bytes written.
   */
  countsBytes = false
  /** Clock times when the connection was dialed, and when its questions were answered. */
  dialedAt = 0
  toldAt = 0
  /** The reply to CLIENT INFO. */
  #line: ClientLine | undefined
  /** Questions to ask again. */
  readonly unanswered = new Set<Question>()
  /** Questions that this user may not ask on this server. */
  readonly refused = new Set<Question>()

  constructor(user: string) {
    this.user = user
  }

  /**
   * Whether the reply to CLIENT INFO was the line of this very connection. A multiplexing proxy may reply with the line
   * of another connection.
   */
  get isOwn(): boolean {
    return this.#line !== undefined && this.#line.id === this.id
  }

  /** Accepts the reply to a question. The reply is binary, because a path in an address may contain any bytes. */
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
   * Called at the end of the handshake. If something between client and server has added, removed or changed bytes, the
   * server's count proves nothing.
   * @param bytesWritten all bytes of the handshake. The server may not have read INFO yet when it answers CLIENT INFO,
   *   because INFO is sent last
   */
  compare(bytesWritten: number): void {
    const unread = bytesWritten - (this.#line?.bytesRead ?? Number.NaN)
    this.countsBytes = unread >= 0 && unread <= infoBytes
  }

  /**
   * Whether the two IDs can't come from one process, although the server reports the same process for both. A process
   * numbers its connections upwards. So if one connection was dialed when the other one had its ID already, it must get
   * the higher ID.
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

/** The content of a line of CLIENT INFO or CLIENT LIST. Server documentation: CLIENT LIST. */
export interface ClientLine {
  readonly id: number
  readonly address: Buffer
  /** The field `tot-net-in`, if the server has it: the number of bytes that the server has read from the connection. */
  readonly bytesRead: number | undefined
}

/** @returns undefined if the bytes are not one such line, or the address in it is not certain */
export function lineOf(bytes: Buffer): ClientLine | undefined {
  const text = bytes.toString('latin1')
  // The path of a Unix socket may contain anything, even text that looks like the next field.
  // The text `?:0` is how a server says that it could not determine the address.
  const [, id, address] = /^id=(\d+) addr=(?!\?:0 laddr=)(.+?) laddr=/s.exec(text) ?? []
  if (address === undefined || text.split(' laddr=').length !== 2) return undefined
  // A path in the addresses may contain the text ` tot-net-in=`. All addresses come before the last ` fd=`, so the
  // search begins there.
  const bytesRead = / tot-net-in=(\d+)/.exec(text.slice(text.lastIndexOf(' fd=')))?.[1]
  return {
    id: Number(id),
    address: Buffer.from(address, 'latin1'),
    bytesRead: bytesRead === undefined ? undefined : Number(bytesRead),
  }
}
