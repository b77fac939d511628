import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { Direction } from './direction.js'
import type { Cut, Fault } from './fault.js'

/** A client's connection through the proxy: two sockets, and the bytes that pass between them. */
export class Link {
  /** Number of the link, counted from 1. */
  readonly id: number
  /** From the client to the server. */
  readonly requests: Direction
  /** From the server to the client. */
  readonly replies: Direction
  /** Resolves when the socket of the client is closed, by either side. */
  readonly closed: Promise<void>
  readonly #client: Socket
  readonly #server: Socket
  #idleTimer: NodeJS.Timeout | undefined
  #idle: { readonly afterMs: number; readonly how: Cut } | undefined

  /**
   * @param client must allow half-open sockets, as must `server`: each side's FIN is passed on, not answered
   * @param onArrived called for bytes that were passed on: how many, and the chunk that they are from
   */
  constructor(id: number, client: Socket, server: Socket, onArrived: (chunk: Buffer, bytes: number) => void) {
    this.id = id
    this.#client = client
    this.#server = server
    this.requests = new Direction(client, server, onArrived)
    this.replies = new Direction(server, client, onArrived)
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
    if (how === 'reset') reset(this.#client)
    else {
      this.#client.end()
      this.#client.destroySoon()
    }
    this.#server.destroy()
  }

  /** Both directions drop all bytes, and neither side learns of the other's end. */
  get isBlackHole(): boolean {
    return this.requests.isBlackHole && this.replies.isBlackHole
  }

  set isBlackHole(value: boolean) {
    this.requests.isBlackHole = value
    this.replies.isBlackHole = value
  }

  /** Cuts the link after this many milliseconds without bytes from either side, as middleboxes do. */
  cutWhenIdle(afterMs: number, how: Cut): void {
    this.#idle = { afterMs, how }
    this.#restartIdleTimer()
  }

  /** Does to bytes what the hook decided. For the proxy. */
  carry(direction: Direction, chunk: Buffer, fault: Fault): void {
    this.#restartIdleTimer()
    switch (fault.do) {
      case 'pass':
        direction.push(chunk, chunk)
        break
      case 'drop':
        break
      case 'replace':
        direction.push(asBuffer(fault.bytes))
        break
      case 'answer': {
        const bytes = asBuffer(fault.bytes)
        this.replies.push(bytes, bytes)
        break
      }
      case 'stall':
        direction.stall()
        direction.push(chunk, chunk)
        break
      case 'black hole':
        this.isBlackHole = true
        break
      case 'cut':
        direction.push(chunk.subarray(0, fault.after), chunk)
        direction.after(() => this.cut(fault.how))
    }
    direction.announce(chunk)
  }

  /** Destroys both sockets. For the end of the proxy. */
  destroy(): void {
    this.#stop()
    this.#client.destroy()
    this.#server.destroy()
  }

  #passEnd(from: Socket, to: Socket, direction: Direction): void {
    from.on('end', () => direction.after(() => to.end()))
    from.on('error', () => {
      // One side was reset, or the server refused the connection: the other side is reset too, unless nothing gets through.
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

const asBuffer = (bytes: Uint8Array): Buffer => (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes))

/** By RST, which Node can only do without TLS, and not while it sends FIN: it would keep the socket for ever. */
function reset(socket: Socket): void {
  if (socket instanceof TLSSocket || (socket.writableEnded && !socket.writableFinished)) socket.destroy()
  else socket.resetAndDestroy()
}
