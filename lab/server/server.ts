import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { ServerModel, type ServerModelOptions } from './model.js'
import type { ServerReply } from './reply.js'

/** How a built-in server is to be. */
export interface BuiltInServerOptions extends ServerModelOptions {
  /** Default: any free one. */
  readonly port?: number
  /** How many connections are let in at a time; default 10,000. */
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
 * A small RESP server on loopback, for machines where no real one is installed: the commands that the demo and the failure
 * lab use, RESP2 and RESP3, users, transactions, and a log of what has run.
 *
 * @example
 * const server = new BuiltInServer({ password: 'secret' })
 * await server.start()
 * server.model.isLoading = true
 * await server.stop()
 */
export class BuiltInServer {
  readonly model: ServerModel
  /** Every command that has run, in order. */
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

  /** Makes one and starts it. */
  static async start(options: BuiltInServerOptions = {}): Promise<BuiltInServer> {
    const server = new BuiltInServer(options)
    await server.start()
    return server
  }

  /** Where it listens, or listened last; 0 before the first start. */
  get port(): number {
    return this.#port
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#sockets.size
  }

  /** Resolves when there are no connections. */
  async disconnected(): Promise<void> {
    if (this.#sockets.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Listens on 127.0.0.1; after `stop` on the same port, with its data kept. */
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

  /** Ends all connections and listens no longer. */
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
    // A peer that resets its connection has ended it, as others do by FIN: 'close' follows.
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
        // A client that does not read is not read from: its replies would pile up here.
        socket.pause()
        socket.once('drain', () => socket.resume())
      }
      if (session.isClosed) socket.end()
      this.#watchWaits()
    })
  }

  /** Sees to it that no command waits longer than it asked for. */
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
