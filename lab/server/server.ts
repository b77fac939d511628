import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { Session } from './session.js'
import { Store } from './store.js'

/** How a built-in server is to be. */
export interface BuiltInServerOptions {
  /** Default: none is asked for. */
  readonly password?: string
  /** How many there are; default 16. */
  readonly databases?: number
  /** Default: any free one. */
  readonly port?: number
}

/** A command that has run. */
export interface ExecutedCommand {
  readonly connection: number
  readonly args: readonly string[]
}

/**
 * A small RESP server on loopback, for machines where no real one is installed: the commands that the demo and the failure
 * lab use, RESP2 and RESP3, transactions, and a log of what has run.
 */
export class BuiltInServer {
  /** Every command that has run, in order. */
  readonly executed: ExecutedCommand[] = []
  readonly #listener: Server
  readonly #sockets = new Set<Socket>()
  #connections = 0

  private constructor(options: BuiltInServerOptions) {
    const databases = Array.from({ length: options.databases ?? 16 }, () => new Store(Date.now))
    this.#listener = createServer((socket) => {
      this.#connections += 1
      const session = new Session(this.#connections, {
        databases,
        password: options.password,
        onExecuted: (connection, args) => this.executed.push({ connection, args: args.map(String) }),
      })
      this.#sockets.add(socket)
      socket.on('data', (chunk: Buffer) => socket.write(Buffer.concat(session.receive(chunk))))
      // A peer that resets its connection has ended it, as others do by FIN.
      socket.on('error', () => socket.destroy())
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  /** Starts one on 127.0.0.1. */
  static async start(options: BuiltInServerOptions = {}): Promise<BuiltInServer> {
    const server = new BuiltInServer(options)
    server.#listener.listen(options.port ?? 0, '127.0.0.1')
    await once(server.#listener, 'listening')
    return server
  }

  get port(): number {
    const address = this.#listener.address()
    if (address === null || typeof address === 'string') throw new Error('the server is not listening')
    return address.port
  }

  /** Ends all connections and listens no longer. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#listener.close()
    await once(this.#listener, 'close')
  }
}
