import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { credentialsOf, type Target } from '../target.js'
import { frame } from '../workloads/data.js'

/**
 * No client at all: writes commands encoded beforehand, and counts the bytes of their replies. What the socket and the
 * server allow.
 */
export class BareSocket {
  readonly #socket: Socket
  #owed = 0
  #kept: Buffer | undefined
  #done: () => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      if (this.#kept !== undefined) chunk.copy(this.#kept, this.#kept.length - this.#owed)
      this.#owed -= chunk.length
      if (this.#owed === 0) this.#done()
    })
  }

  /** Connects to a server. */
  static async connect(target: Target): Promise<BareSocket> {
    const { host, port, tls } = target
    // A server name must not be an address: RFC 6066, section 3.
    const servername = isIP(host) === 0 ? host : ''
    const socket = tls ? connectTls({ port, host, servername }) : connect({ port, host })
    socket.setNoDelay(true)
    await once(socket, tls ? 'secureConnect' : 'connect')
    const bare = new BareSocket(socket)
    const credentials = credentialsOf(target)
    if (credentials !== undefined) await bare.exchange(Buffer.from(frame('AUTH', ...credentials)), '+OK\r\n'.length)
    return bare
  }

  /** Writes bytes, and resolves when so many have come back. */
  exchange(request: Buffer, replyBytes: number): Promise<void> {
    this.#owed = replyBytes
    this.#kept = undefined
    return new Promise((resolve) => {
      this.#done = resolve
      this.#socket.write(request)
    })
  }

  /** The same, with all that comes back in one Buffer of its own: the least that who wants it can do. */
  async collect(request: Buffer, replyBytes: number): Promise<Buffer> {
    const replied = this.exchange(request, replyBytes)
    const kept = Buffer.allocUnsafe(replyBytes)
    this.#kept = kept
    await replied
    return kept
  }

  /** Ends it now. */
  close(): void {
    this.#socket.destroy()
  }
}
