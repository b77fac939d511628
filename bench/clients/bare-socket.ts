import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { credentialsOf, type Target } from '../target.js'
import { frame } from '../workloads/data.js'

/**
 * Not a client: it writes commands that were encoded before, and counts the bytes of their replies. It shows the limit that the
 * socket and the server set.
 */
export class BareSocket {
  readonly #socket: Socket
  readonly #target: Target
  readonly #opened: BareSocket[] = []
  #owed = 0
  #kept: Buffer | undefined
  #done: () => void = () => {}
  #fail: (reason: Error) => void = () => {}
  /** Why no more bytes will come; undefined while they may. */
  #ended: Error | undefined

  private constructor(socket: Socket, target: Target) {
    this.#socket = socket
    this.#target = target
    socket.on('data', (chunk: Buffer) => {
      if (this.#kept !== undefined) chunk.copy(this.#kept, this.#kept.length - this.#owed)
      this.#owed -= chunk.length
      if (this.#owed === 0) this.#done()
    })
    const end = (reason: Error): void => {
      this.#ended ??= reason
      this.#fail(this.#ended)
    }
    socket.once('error', end)
    // The socket closes only when what was written is sent, and the server may not read it any more.
    socket.once('end', () => end(new Error('bare socket: the server has closed the connection')))
    socket.once('close', () => end(new Error('bare socket: the connection is closed')))
  }

  /** Connects to a server. */
  static async connect(target: Target): Promise<BareSocket> {
    const { host, port, tls } = target
    // A server name must not be an address: RFC 6066, section 3.
    const servername = isIP(host) === 0 ? host : ''
    const socket = tls ? connectTls({ port, host, servername }) : connect({ port, host })
    socket.setNoDelay(true)
    await once(socket, tls ? 'secureConnect' : 'connect')
    const bare = new BareSocket(socket, target)
    const credentials = credentialsOf(target)
    if (credentials !== undefined) await bare.exchange(Buffer.from(frame('AUTH', ...credentials)), '+OK\r\n'.length)
    return bare
  }

  /** Opens a second connection, which is closed with this one. */
  async another(): Promise<BareSocket> {
    const opened = await BareSocket.connect(this.#target)
    this.#opened.push(opened)
    return opened
  }

  /** Writes bytes; resolves when `replyBytes` bytes have arrived. Rejects if the connection ends before. */
  exchange(request: Buffer, replyBytes: number): Promise<void> {
    const replied = this.receive(replyBytes)
    if (this.#ended === undefined) this.#socket.write(request)
    return replied
  }

  /** Resolves when `bytes` bytes have arrived. Rejects if the connection ends before. */
  receive(bytes: number): Promise<void> {
    this.#owed = bytes
    this.#kept = undefined
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) reject(this.#ended)
      this.#done = resolve
      this.#fail = reject
    })
  }

  /** The same; resolves to the reply in one Buffer. This is the least that a client must do. */
  async collect(request: Buffer, replyBytes: number): Promise<Buffer> {
    const replied = this.exchange(request, replyBytes)
    const kept = Buffer.allocUnsafe(replyBytes)
    this.#kept = kept
    await replied
    return kept
  }

  /** Closes it at once. */
  close(): void {
    for (const each of [this, ...this.#opened]) each.#socket.destroy()
  }
}
