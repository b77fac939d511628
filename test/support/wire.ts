import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Decoder } from '../../src/protocol/decoder.js'
import { type Argument, ErrorReply, type Reply, textMode } from '../../src/protocol/types.js'

/**
 * A bare connection: what is sent and what comes back, with nothing of the client between. The generator and the oracle judge
 * what the client believes, so they do not ask through it.
 */
export class Wire {
  readonly #socket: Socket
  readonly #waiting: ((reply: Reply) => void)[] = []
  readonly #decoder: Decoder
  #ended: Error | undefined
  /** The bytes since the last command. */
  #bytes: Buffer[] = []

  private constructor(socket: Socket, buffers: boolean) {
    this.#socket = socket
    const mode = { ...textMode, buffers }
    this.#decoder = new Decoder({
      modeOfNext: () => mode,
      onReply: (reply) => this.#waiting.shift()?.(reply),
      onPush: () => undefined,
    })
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      this.#bytes.push(Buffer.from(chunk))
      this.#decoder.decode(chunk)
    })
    socket.on('error', (error) => {
      this.#ended = error
    })
    socket.on('close', () => {
      this.#ended ??= new Error('the server closed the connection')
      for (const settle of this.#waiting.splice(0)) settle(new ErrorReply(`CLOSED ${this.#ended.message}`))
    })
  }

  /** @param options.buffers bulk strings as Buffers: for what may be binary (DUMP) */
  static async open(
    port: number,
    { protocol = 2, buffers = false }: { readonly protocol?: 2 | 3; readonly buffers?: boolean } = {},
  ): Promise<Wire> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const wire = new Wire(socket, buffers)
    if (protocol === 3) await wire.send('HELLO', 3)
    return wire
  }

  /** Error replies are values here; so is the end of the connection: `CLOSED`. */
  send(...args: readonly Argument[]): Promise<Reply> {
    if (this.#ended !== undefined) return Promise.resolve(new ErrorReply(`CLOSED ${this.#ended.message}`))
    const parts: Buffer[] = [Buffer.from(`*${args.length}\r\n`)]
    for (const arg of args) {
      const bytes = arg instanceof Uint8Array ? Buffer.from(arg) : Buffer.from(String(arg))
      parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'))
    }
    const reply = new Promise<Reply>((resolve) => {
      this.#waiting.push(resolve)
    })
    this.#socket.write(Buffer.concat(parts))
    return reply
  }

  /** The bytes of the reply. No other command may be under way. */
  async bytesOf(...args: readonly Argument[]): Promise<Buffer> {
    this.#bytes = []
    await this.send(...args)
    return Buffer.concat(this.#bytes)
  }

  get isOpen(): boolean {
    return this.#ended === undefined
  }

  close(): void {
    this.#socket.destroy()
  }
}
