import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { Direction } from './direction.js'
import type { Cut, Fault } from './fault.js'

/** One client's connection through the proxy: two sockets and what passes between them. */
export class Link {
  /** Number of the link, counted from 1. */
  readonly id: number
  /** From the client to the server. */
  readonly requests: Direction
  /** From the server to the client. */
  readonly replies: Direction
  /** Resolves when the client's side is closed, by whomever. */
  readonly closed: Promise<void>
  readonly #client: Socket
  readonly #server: Socket
  #idleTimer: NodeJS.Timeout | undefined
  #idle: { readonly afterMs: number; readonly how: Cut } | undefined

  /** @param client must allow half-open sockets, as must `server`: each side's FIN is passed on, not answered */
  constructor(id: number, client: Socket, server: Socket) {
    this.id = id
    this.#client = client
    this.#server = server
    this.requests = new Direction(client, server)
    this.replies = new Direction(server, client)
    this.#passEnd(client, server, this.requests)
    this.#passEnd(server, client, this.replies)
    this.closed = new Promise((resolve) => {
      client.once('close', () => {
        this.#stop()
        resolve()
      })
    })
  }

  /** Cuts the link by RST on the client's side, now: bytes that are held are lost. */
  reset(): void {
    this.cut('reset')
  }

  /** Cuts the link by FIN on the client's side, now: bytes that are held are lost. */
  end(): void {
    this.cut('end')
  }

  cut(how: Cut): void {
    this.#stop()
    if (how === 'reset') this.#client.resetAndDestroy()
    else {
      this.#client.end()
      this.#client.destroySoon()
    }
    this.#server.destroy()
  }

  /** The bytes of both directions are swallowed, and neither side is told of the other's end. */
  get isBlackHole(): boolean {
    return this.requests.isBlackHole && this.replies.isBlackHole
  }

  set isBlackHole(value: boolean) {
    this.requests.isBlackHole = value
    this.replies.isBlackHole = value
  }

  /** Cuts the link when nothing has come from either side for so long, as middleboxes do. */
  cutWhenIdle(afterMs: number, how: Cut): void {
    this.#idle = { afterMs, how }
    this.#restartIdleTimer()
  }

  /** Lets bytes that came from one side meet their fate. For the proxy. */
  carry(direction: Direction, chunk: Buffer, fault: Fault): void {
    this.#restartIdleTimer()
    switch (fault.do) {
      case 'pass':
        direction.push(chunk)
        break
      case 'drop':
        break
      case 'replace':
        direction.push(Buffer.from(fault.bytes))
        break
      case 'answer':
        this.replies.push(Buffer.from(fault.bytes))
        break
      case 'stall':
        direction.stall()
        direction.push(chunk)
        break
      case 'black hole':
        this.isBlackHole = true
        break
      case 'cut':
        direction.push(chunk.subarray(0, fault.after))
        direction.after(() => this.cut(fault.how))
    }
    direction.announce(chunk)
  }

  /** Ends both sides without ceremony. For the proxy's own end. */
  destroy(): void {
    this.#stop()
    this.#client.destroy()
    this.#server.destroy()
  }

  #passEnd(from: Socket, to: Socket, direction: Direction): void {
    from.on('end', () => direction.after(() => to.end()))
    from.on('error', () => {
      // One side was reset, or the server refused: so is the other, unless word of it can't get through.
      if (!direction.isBlackHole) reset(to)
    })
    from.on('close', () => {
      if (!direction.isBlackHole) direction.after(() => to.end())
    })
  }

  #stop(): void {
    clearTimeout(this.#idleTimer)
    this.#idle = undefined
    this.requests.close()
    this.replies.close()
  }

  #restartIdleTimer(): void {
    clearTimeout(this.#idleTimer)
    if (this.#idle === undefined) return
    const { afterMs, how } = this.#idle
    this.#idleTimer = setTimeout(() => this.cut(how), afterMs)
  }
}

/** By RST, which Node can only do without TLS. */
function reset(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}
