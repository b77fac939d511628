import { EventEmitter, once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What is to become of bytes that a link carries. */
export type Action =
  | { readonly do: 'pass' }
  /** The bytes vanish. */
  | { readonly do: 'drop' }
  /** Other bytes take their place. */
  | { readonly do: 'replace'; readonly bytes: Buffer }
  /** The first so many of them pass, then the link is cut. */
  | { readonly do: 'cut'; readonly after: number; readonly how: 'reset' | 'end' }

const pass: Action = { do: 'pass' }

/** One client's connection through the proxy. */
export class Link {
  readonly id: number
  readonly #client: Socket
  readonly #server: Socket

  constructor(id: number, client: Socket, server: Socket) {
    this.id = id
    this.#client = client
    this.#server = server
  }

  /** Cuts the link by RST on the client's side. */
  reset(): void {
    this.#client.resetAndDestroy()
    this.#server.destroy()
  }

  /** Cuts the link by FIN on the client's side. */
  end(): void {
    this.#client.end()
    this.#server.destroy()
  }
}

/**
 * Stands between a client and a server on loopback, and does to their connections what networks do.
 *
 * `onRequest` and `onReply` see every chunk of either direction and say what is to become of it.
 */
export class FaultProxy extends EventEmitter<{ link: [Link]; request: [Link, Buffer]; reply: [Link, Buffer] }> {
  onRequest: (chunk: Buffer, link: Link) => Action = () => pass
  onReply: (chunk: Buffer, link: Link) => Action = () => pass
  readonly #target: number
  readonly #listener: Server
  readonly #links = new Map<Link, readonly Socket[]>()
  #port = 0
  #count = 0
  /** Bytes go nowhere, in either direction, and nobody is told. */
  isBlackHole = false

  private constructor(target: number) {
    super()
    this.#target = target
    this.#listener = createServer((client) => this.#accept(client))
  }

  /** @param target port of the server, on 127.0.0.1 */
  static async start(target: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target)
    await proxy.open()
    return proxy
  }

  get port(): number {
    return this.#port
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`
  }

  get links(): Link[] {
    return [...this.#links.keys()]
  }

  /** Cuts all links by RST. */
  resetAll(): void {
    for (const link of this.links) link.reset()
  }

  /** Listens, after `refuse` on the same port as before. */
  async open(): Promise<void> {
    this.#listener.listen(this.#port, '127.0.0.1')
    await once(this.#listener, 'listening')
    const address = this.#listener.address()
    if (address !== null && typeof address === 'object') this.#port = address.port
  }

  /** Listens no longer: connections are refused. Links stay. */
  refuse(): void {
    this.#listener.close()
  }

  async stop(): Promise<void> {
    for (const sockets of this.#links.values()) for (const socket of sockets) socket.destroy()
    if (!this.#listener.listening) return
    this.#listener.close()
    await once(this.#listener, 'close')
  }

  #accept(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1')
    this.#count += 1
    const link = new Link(this.#count, client, server)
    this.#links.set(link, [client, server])
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      // One side's reset is the other side's end: the link is over either way.
      socket.on('error', () => socket.destroy())
    }
    client.on('close', () => {
      this.#links.delete(link)
      server.destroy()
    })
    server.on('close', () => client.end())
    client.on('data', (chunk: Buffer) => {
      this.emit('request', link, chunk)
      this.#carry(this.onRequest(chunk, link), chunk, server, link)
    })
    server.on('data', (chunk: Buffer) => {
      this.emit('reply', link, chunk)
      this.#carry(this.onReply(chunk, link), chunk, client, link)
    })
    this.emit('link', link)
  }

  #carry(action: Action, chunk: Buffer, to: Socket, link: Link): void {
    if (this.isBlackHole || to.destroyed) return
    switch (action.do) {
      case 'pass':
        to.write(chunk)
        return
      case 'drop':
        return
      case 'replace':
        to.write(action.bytes)
        return
      case 'cut': {
        const cut = (): void => (action.how === 'reset' ? link.reset() : link.end())
        if (action.after === 0) cut()
        else to.write(chunk.subarray(0, action.after), cut)
      }
    }
  }
}
