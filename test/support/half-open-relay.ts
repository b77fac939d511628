import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * Stands between clients and a server on loopback. Of a client that it resets, the server is told nothing: a part of what
 * came before is delivered, and the server's connection stays open, as behind a broken path.
 */
export class HalfOpenRelay {
  #server: Socket | undefined
  /** Bytes that are held; undefined while nothing is. */
  #held: Buffer[] | undefined
  readonly #listener: Server
  readonly #sockets = new Set<Socket>()
  #client: Socket | undefined
  #received = 0
  #wake: (() => void) | undefined

  private constructor(serverPort: number) {
    this.#listener = createServer((client) => this.#join(client, connect(serverPort, '127.0.0.1')))
  }

  static async start(serverPort: number): Promise<HalfOpenRelay> {
    const relay = new HalfOpenRelay(serverPort)
    relay.#listener.listen(0, '127.0.0.1')
    await once(relay.#listener, 'listening')
    return relay
  }

  get port(): number {
    const address = this.#listener.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return address.port
  }

  /** Bytes that came from the newest client. */
  get received(): number {
    return this.#received
  }

  /** Resolves when so many bytes have come from the newest client. */
  async receives(bytes: number): Promise<void> {
    while (this.#received < bytes) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Holds what comes from the newest client. */
  hold(): void {
    this.#held = []
  }

  /** Delivers so many bytes of what is held; the rest is lost. */
  deliver(bytes: number): void {
    const held = Buffer.concat(this.#held ?? [])
    if (bytes > 0) this.#server?.write(held.subarray(0, bytes))
  }

  /** Resets the newest client. */
  reset(): void {
    this.#client?.resetAndDestroy()
  }

  stop(): void {
    this.#listener.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #join(client: Socket, server: Socket): void {
    this.#client = client
    this.#server = server
    this.#received = 0
    this.#held = undefined
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
    }
    client.on('data', (chunk) => {
      this.#received += chunk.length
      if (this.#held === undefined) server.write(chunk)
      else this.#held.push(chunk)
      this.#wake?.()
    })
    server.on('data', (chunk) => client.writable && client.write(chunk))
  }
}
