import { EventEmitter } from 'node:events'
import type { Link } from './link.js'
import type { FaultProxy } from './proxy.js'

/** A link to one of several servers. */
export interface NodeLink {
  /** Counted from 1, over all servers. */
  readonly id: number
  /** The server's name. */
  readonly node: string
}

/** The events of a proxy, with links to several servers. */
export interface NodeLinkEvents {
  link: [NodeLink]
  leave: [NodeLink]
  close: [NodeLink]
  request: [NodeLink, Buffer]
  reply: [NodeLink, Buffer]
  arrived: [NodeLink, chunk: Buffer, bytes: number]
}

type Emission = (link: NodeLink) => void

interface State {
  /** Undefined until it is clear that a client has opened the link. */
  known: NodeLink | undefined
  readonly held: Emission[]
}

const ping = '*1\r\n$4\r\nPING\r\n'

/**
 * Passes on the events of the proxies before the servers of a cluster, with one numbering. A replica connects to its master
 * through the proxy, too: its links are left out. It sends PING, then REPLCONF.
 */
export class ClientLinks extends EventEmitter<NodeLinkEvents> {
  readonly #states = new Map<Link, State>()
  #count = 0

  /** Watches a proxy. @param node name of the server behind it */
  add(proxy: FaultProxy, node: string): void {
    proxy.on('link', (link) => {
      this.#states.set(link, { known: undefined, held: [(known) => this.emit('link', known)] })
    })
    proxy.on('request', (link, chunk) => {
      this.#pass(link, (known) => this.emit('request', known, chunk))
      this.#decide(link, chunk.toString('latin1'), node)
    })
    proxy.on('reply', (link, chunk) => this.#pass(link, (known) => this.emit('reply', known, chunk)))
    proxy.on('arrived', (link, chunk, bytes) => {
      this.#pass(link, (known) => this.emit('arrived', known, chunk, bytes))
    })
    proxy.on('leave', (link) => this.#pass(link, (known) => this.emit('leave', known)))
    proxy.on('close', (link) => {
      this.#pass(link, (known) => this.emit('close', known))
      this.#states.delete(link)
    })
  }

  /** Whether a client has opened the link, and has sent something. */
  has(link: Link): boolean {
    return this.#states.get(link)?.known !== undefined
  }

  #pass(link: Link, emission: Emission): void {
    const state = this.#states.get(link)
    if (state?.known !== undefined) emission(state.known)
    else state?.held.push(emission)
  }

  #decide(link: Link, request: string, node: string): void {
    const state = this.#states.get(link)
    if (state === undefined || state.known !== undefined || request === ping) return
    if (/REPLCONF|PSYNC/.test(request)) {
      this.#states.delete(link)
      return
    }
    this.#count += 1
    state.known = { id: this.#count, node }
    for (const emission of state.held) emission(state.known)
  }
}
