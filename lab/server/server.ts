import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { ServerModel, type ServerModelOptions } from './model.js'
import type { ServerReply } from './reply.js'

/** Options of a built-in server. */
export interface BuiltInServerOptions extends ServerModelOptions {
  /** Default: any free one. */
  readonly port?: number
  /** Maximum number of connections; default 10,000. */
  readonly maxClients?: number
}

/** A command that has run. */
export interface ExecutedCommand {
  /** Number of the connection, counted from 1. */
  readonly connection: number
  readonly args: readonly string[]
  readonly reply: ServerReply
}

/**
 * A small RESP server on loopback, for machines without a real one. It has the commands that the demo and the failure lab use,
 * RESP2 and RESP3, users, transactions, and a log of the commands that ran.
 *
 * @example
 * const server = new BuiltInServer({ password: 'secret' })
 * await server.start()
 * server.model.isLoading = true
 * await server.stop()
 */
export class BuiltInServer {
  readonly model: ServerModel
  /** Every command that ran, in order. */
  readonly log: ExecutedCommand[] = []
  readonly #sockets = new Set<Socket>()
  readonly #maxClients: number
  readonly #waiting: (() => void)[] = []
  #listener: Server | undefined
  #waits: NodeJS.Timeout | undefined
  #port: number

  constructor(options: BuiltInServerOptions = {}) {
    this.model = new ServerModel(options)
    this.#maxClients = options.maxClients ?? 10_000
    this.#port = options.port ?? 0
  }

  /** Creates and starts one. */
  static async start(options: BuiltInServerOptions = {}): Promise<BuiltInServer> {
    const server = new BuiltInServer(options)
    await server.start()
    return server
  }

  /** Its port, or its last one; 0 before the first start. */
  get port(): number {
    return this.#port
  }

  /** Number of connections. */
  get connections(): number {
    return this.#sockets.size
  }

  /** Resolves when there are no connections. */
  async disconnected(): Promise<void> {
    if (this.#sockets.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Listens on 127.0.0.1. After `stop`, it uses the same port, and has the same data. */
  async start(): Promise<void> {
    if (this.#listener !== undefined) throw new Error('the server has been started already')
    const listener = createServer((socket) => this.#accept(socket))
    this.#listener = listener
    try {
      listener.listen(this.#port, '127.0.0.1')
      await once(listener, 'listening')
    } catch (cause) {
      this.#listener = undefined
      throw cause
    }
    const address = listener.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    this.#port = address.port
  }

  /** Closes all connections, and stops listening. */
  async stop(): Promise<void> {
    const listener = this.#listener
    if (listener === undefined) return
    this.#listener = undefined
    clearTimeout(this.#waits)
    const closed = once(listener, 'close')
    listener.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #accept(socket: Socket): void {
    socket.setNoDelay(true)
    // A reset ends the connection, like a FIN: 'close' follows.
    socket.on('error', () => {})
    if (this.#sockets.size >= this.#maxClients) {
      socket.end('-ERR max number of clients reached\r\n')
      socket.destroySoon()
      return
    }
    this.#sockets.add(socket)
    socket.on('close', () => {
      this.#sockets.delete(socket)
      if (this.#sockets.size === 0) for (const resolve of this.#waiting.splice(0)) resolve()
    })
    const session = this.model.connect(
      (args, reply) => {
        this.log.push({ connection: session.id, args: args.map(String), reply })
      },
      (bytes) => socket.write(bytes),
      undefined,
      {
        address: `${socket.remoteAddress}:${socket.remotePort}`,
        localAddress: `${socket.localAddress}:${socket.localPort}`,
        onKilled: () => socket.destroy(),
      },
    )
    socket.on('close', () => session.disconnect())
    socket.on('data', (chunk: Buffer) => {
      const replies = session.receive(chunk)
      if (replies.length > 0 && !socket.write(Buffer.concat(replies))) {
        // Do not read from a client that does not read its replies: they would fill the memory.
        socket.pause()
        socket.once('drain', () => socket.resume())
      }
      if (session.isClosed) socket.end()
      this.#watchWaits()
    })
  }

  /** Ends blocking commands at their time limit. */
  #watchWaits(): void {
    clearTimeout(this.#waits)
    const next = this.model.nextExpiry()
    if (next === undefined) return
    this.#waits = setTimeout(
      () => {
        this.model.expireWaits()
        this.#watchWaits()
      },
      Math.max(1, next - this.model.now()),
    )
    this.#waits.unref()
  }
}
