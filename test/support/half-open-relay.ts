import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { addressOf, type Target } from '../../lab/proxy/proxy.js'

/** One client's connection through the relay. */
export interface HalfOpenLink {
  /** Bytes that came from the client. */
  readonly received: number
  /** Resolves when so many bytes have come from the client. */
  receives(bytes: number): Promise<void>
  /** Holds what comes from the client from now on. */
  hold(): void
  /** Ends the client's side. The server is told nothing of it. */
  cut(how: 'reset' | 'end'): void
  /** Delivers so many bytes of what is held, by default all. The rest is lost. */
  deliver(bytes?: number): void
  /** Ends the server's side. */
  endServer(): void
  /** Resolves when the server's side is closed. */
  readonly serverClosed: Promise<unknown>
}

/**
 * Stands between clients and a server. When a client's side ends, the server's connection stays open, as behind a broken path,
 * and what was held can still be delivered.
 */
export class HalfOpenRelay {
  readonly #listener: Server
  readonly #sockets = new Set<Socket>()
  #newest: HalfOpenLink | undefined

  private constructor(target: Target) {
    this.#listener = createServer((client) => this.#join(client, connect(addressOf(target))))
  }

  static async start(target: Target): Promise<HalfOpenRelay> {
    const relay = new HalfOpenRelay(target)
    relay.#listener.listen(0, '127.0.0.1')
    await once(relay.#listener, 'listening')
    return relay
  }

  get port(): number {
    const address = this.#listener.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return address.port
  }

  /** The link of the client that came last. */
  get newest(): HalfOpenLink {
    if (this.#newest === undefined) throw new Error('no client has come')
    return this.#newest
  }

  stop(): void {
    this.#listener.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #join(client: Socket, server: Socket): void {
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
    }
    let held: Buffer[] | undefined
    let received = 0
    let wake = (): void => {}
    client.on('data', (chunk) => {
      received += chunk.length
      if (held === undefined) server.write(chunk)
      else held.push(chunk)
      wake()
    })
    server.on('data', (chunk) => client.writable && client.write(chunk))
    server.on('close', () => client.end())
    this.#newest = {
      get received() {
        return received
      },
      async receives(bytes) {
        while (received < bytes) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      },
      hold() {
        held = []
      },
      cut(how) {
        if (how === 'reset') client.resetAndDestroy()
        else client.end()
      },
      deliver(bytes = Number.POSITIVE_INFINITY) {
        const all = Buffer.concat(held ?? [])
        if (server.writable && bytes > 0) server.write(all.subarray(0, bytes))
      },
      endServer() {
        server.destroy()
      },
      serverClosed: once(server, 'close'),
    }
  }
}
