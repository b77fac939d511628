import { EventEmitter, once } from 'node:events'
import { connect, createServer, isIP, type Server, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { type Fault, pass } from './fault.js'
import { Link } from './link.js'

/** Where the server is: a port of 127.0.0.1, a port of another host, or a Unix socket. */
export type Target =
  | number
  | {
      readonly host: string
      readonly port: number
      readonly path?: undefined
      readonly tls?: ConnectionOptions | undefined
    }
  | { readonly path: string; readonly tls?: ConnectionOptions | undefined }

/** Events of the proxy. */
export interface ProxyEvents {
  /** A link opens. */
  link: [Link]
  /** The client has ended its side. The link closes later, if the proxy still holds bytes or drops everything. */
  leave: [Link]
  /** A link closes. */
  close: [Link]
  /** Bytes of the client. */
  request: [Link, Buffer]
  /** Bytes of the server, or of the proxy in its place. */
  reply: [Link, Buffer]
  /** So many more bytes of a request or a reply were passed to the other side. */
  arrived: [Link, chunk: Buffer, bytes: number]
}

/** Decides what to do with bytes. `chunk` is what arrived at once: not necessarily whole requests or replies. */
export type Hook = (chunk: Buffer, link: Link) => Fault

/**
 * A proxy between a client and a server on loopback, which does to their connections what networks do.
 *
 * @example
 * const proxy = await FaultProxy.start(6379)
 * const link = proxy.nextLink()
 * const client = connect(proxy.port)
 * proxy.onReply = () => resetAfter(3) // the client gets three bytes of the next reply, then RST
 * await (await link).replies.arrival()     // the server has answered
 * await proxy.stop()
 */
export class FaultProxy extends EventEmitter<ProxyEvents> {
  /** Called for all bytes from clients. */
  onRequest: Hook = () => pass
  /** Called for all bytes from the server. */
  onReply: Hook = () => pass
  readonly #target: Target
  readonly #sockets = new Set<Socket>()
  readonly #links = new Set<Link>()
  #listener: Server | undefined
  #port = 0
  #isBlackHole = false
  #count = 0

  private constructor(target: Target) {
    super()
    this.#target = target
  }

  /** Starts one on a free port of 127.0.0.1. */
  static async start(target: Target): Promise<FaultProxy> {
    const proxy = new FaultProxy(target)
    await proxy.open()
    return proxy
  }

  /** Port for clients; it never changes. */
  get port(): number {
    return this.#port
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`
  }

  /** The links whose client is connected, oldest first. */
  get links(): Link[] {
    return [...this.#links]
  }

  /** Resolves with the next link that a client opens. */
  async nextLink(): Promise<Link> {
    const [link] = (await once(this, 'link')) as ProxyEvents['link']
    return link
  }

  /** Cuts all links by RST. */
  resetAll(): void {
    for (const link of this.#links) link.reset()
  }

  /** All links, including new ones, drop everything: see `Link.isBlackHole`. */
  get isBlackHole(): boolean {
    return this.#isBlackHole
  }

  set isBlackHole(value: boolean) {
    this.#isBlackHole = value
    for (const link of this.#links) link.isBlackHole = value
  }

  /** Stops listening: new connections are refused. Links stay open. */
  refuse(): void {
    this.#listener?.close()
    this.#listener = undefined
  }

  /** Listens; after `refuse`, on the same port. */
  async open(): Promise<void> {
    if (this.#listener !== undefined) return
    const listener = createServer({ allowHalfOpen: true }, (client) => this.#join(client))
    this.#listener = listener
    listener.listen(this.#port, '127.0.0.1')
    await once(listener, 'listening')
    const address = listener.address()
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
    this.#port = address.port
  }

  /** Closes all links, and stops listening. Resolves when all sockets are closed. */
  async stop(): Promise<void> {
    this.refuse()
    for (const link of this.#links) link.destroy()
    await Promise.all(
      [...this.#sockets].map((socket) => {
        // A closed socket emits no event: see #join.
        if (socket.closed) return undefined
        const closed = once(socket, 'close')
        socket.destroy()
        return closed
      }),
    )
  }

  #join(client: Socket): void {
    const server = dial(this.#target)
    this.#count += 1
    const link: Link = new Link(this.#count, client, server, (chunk, bytes) => this.emit('arrived', link, chunk, bytes))
    link.isBlackHole = this.#isBlackHole
    this.#links.add(link)
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      // Node can't reset a socket that is being shut down: it counts as closed without an event, and its handle stays open.
      // That handle must not keep the process alive.
      socket.unref()
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    }
    client.on('end', () => this.emit('leave', link))
    client.on('close', () => {
      this.#links.delete(link)
      this.emit('close', link)
    })
    client.on('data', (chunk: Buffer) => {
      this.emit('request', link, chunk)
      const fault = this.onRequest(chunk, link)
      if (fault.do !== 'answer') {
        link.carry(link.requests, chunk, fault)
        return
      }
      // A copy: the hook may give the same bytes again, and each chunk is counted.
      const bytes = Buffer.from(fault.bytes)
      this.emit('reply', link, bytes)
      link.carry(link.requests, chunk, { do: 'answer', bytes })
    })
    server.on('data', (chunk: Buffer) => {
      this.emit('reply', link, chunk)
      link.carry(link.replies, chunk, this.onReply(chunk, link))
    })
    this.emit('link', link)
  }
}

/** The address for `net.connect`. */
export function addressOf(target: Target): { host: string; port: number } | { path: string } {
  if (typeof target === 'number') return { host: '127.0.0.1', port: target }
  return target.path === undefined ? { host: target.host, port: target.port } : { path: target.path }
}

/** Connects to the server, with TLS if the target has it. It stays half-open if the server ends its side. */
export function dial(target: Target): Socket {
  const address = { ...addressOf(target), allowHalfOpen: true }
  const tls = typeof target === 'number' ? undefined : target.tls
  if (tls === undefined) return connect(address)
  const name = 'host' in address && isIP(address.host) === 0 ? { servername: address.host } : {}
  return connectTls({ ...address, ...name, ...tls })
}
