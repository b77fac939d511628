import type { ServerSession } from '../../lab/server/session.js'
import type { Transport, TransportHandler, WriteResult } from '../../src/connection/transport/transport.js'
import type { Chance } from './chance.js'
import type { SimulatedClock } from './clock.js'
import { Untaken } from './untaken.js'

/** How one connection's path behaves, beside its accidents. */
export interface Path {
  /** Milliseconds that a piece of bytes travels at most. */
  readonly latency: number
  /** Bytes that arrive together at most: 1 for delivery byte by byte. */
  readonly piece: number
  /** Bytes that the client's kernel takes before it has to wait. */
  readonly sendBuffer: number
  /** Whether the transport can tell what the kernel took; on TLS, and on runtimes other than Node, it can't. */
  readonly provesIncomplete: boolean
  /**
   * Something on the way keeps what this side has sent, and delivers it to the server up to so many milliseconds after the
   * client has given the connection up or seen its end; 0: nothing does.
   */
  readonly lateBy: number
}

/** What a wire is told of, by whoever keeps the books. */
export interface WireObserver {
  /** The client has handed bytes over, and they were not refused. */
  onWritten(wire: Wire, bytes: Buffer): void
  /** The server has run what it was sent. */
  onServed(): void
  /** Bytes were delivered to the server after the client had seen or made the end of the connection. */
  onLate(wire: Wire): void
  /** The server was sent what is no request. */
  onMalformed(wire: Wire, error: string): void
  note(text: () => string): void
}

/** The server's end of a wire. */
export type WireSession = Pick<
  ServerSession,
  'receive' | 'disconnect' | 'peerHasGone' | 'isClosed' | 'isCut' | 'isSilent' | 'isWaiting' | 'protocolError'
>

interface WireDependencies {
  readonly clock: SimulatedClock
  readonly chance: Chance
  readonly observer: WireObserver
}

/**
 * One connection of the simulated network: what two kernels and the path between them do to a byte stream.
 *
 * ```
 *   client ─▶ untaken ─▶ outbound ─▶ server session       untaken: handed over, not taken by the client's kernel
 *   client ◀──────────── inbound  ◀─ server session       outbound, inbound: under way
 * ```
 */
export class Wire implements Transport {
  readonly id: number
  readonly path: Path
  readonly #handler: TransportHandler
  readonly #around: WireDependencies
  /** Bytes that are not RESP, or a reply beyond the limits of the client, were among the replies. */
  isGarbled = false
  /** The server said on it that it takes no writes. */
  saidReadOnly = false
  /** The client has given it up when all that it had sent was answered, and all answers had arrived. */
  wasAtRest = false
  /** When the client was told of the end, or made it. */
  endedAt = Infinity
  #session: WireSession | undefined
  readonly #untaken = new Untaken()
  #outbound: Buffer = Buffer.alloc(0)
  #inbound: Buffer = Buffer.alloc(0)
  /** A write was answered with `pending`, and its end has not been told. */
  #isPending = false
  /** A write was answered with `refused`: the end follows. */
  #hasRefused = false
  /** The client is about to be told that its pending write was taken. */
  #isTakenDue = false
  /** The handler has been told of the end, or has ended the stream itself. */
  #isOver = false
  /** The client's kernel knows that the peer is gone: writes fail. */
  #isBroken = false
  #endsAfterWords = false
  /** Nothing gets through any longer, and nobody says so. */
  #isBlackHole = false
  /** The server reads no further. */
  #isDeaf = false
  /** No piece arrives before. */
  #stalledUntil = { out: 0, in: 0 }
  #isMoving = { out: false, in: false }
  /** What the handler is told once all that is inbound has been delivered. */
  #ending: { readonly error: Error | undefined } | undefined

  constructor(id: number, path: Path, handler: TransportHandler, around: WireDependencies) {
    this.id = id
    this.path = path
    this.#handler = handler
    this.#around = around
  }

  // The client's side.

  get writableLength(): number {
    return this.#untaken.length
  }

  write(chunks: readonly Uint8Array[], isBorrowed = false): WriteResult {
    if (this.#isOver) throw new Error('written to after the end')
    if (this.#isPending) throw new Error('written to while a write is pending')
    if (this.#hasRefused) throw new Error('written to after it refused a write')
    if (this.#session === undefined) throw new Error('written to before it was open')
    if (this.#isBroken) {
      this.#hasRefused = true
      this.#note(() => 'refuses a write')
      return 'refused'
    }
    const bytes = Buffer.concat(chunks)
    this.#around.observer.onWritten(this, bytes)
    // What is borrowed is not kept: whoever lent it may give it away.
    this.#untaken.hold(isBorrowed ? [bytes] : chunks)
    this.#take()
    this.#isPending = this.#untaken.length > 0
    if (this.#isPending) this.#note(() => `takes a write of ${bytes.length} bytes but for ${this.#untaken.length}`)
    this.#move('out')
    return this.#isPending ? 'pending' : 'taken'
  }

  destroy(): boolean {
    const proof = this.#provesIncomplete()
    this.#note(() => 'is destroyed by the client')
    this.wasAtRest = this.#isAtRest
    this.#isOver = true
    this.endedAt = this.#around.clock.now()
    this.#untaken.drop()
    this.#inbound = Buffer.alloc(0)
    if (this.#deliverLate()) return proof
    // What the kernel has may still be delivered, or not.
    if (!this.#isBlackHole && !this.#isDeaf) {
      const rest = this.#outbound.subarray(0, this.#around.chance.between(0, this.#outbound.length))
      this.#around.clock.schedule(this.#delay(), () => {
        this.#serve(rest)
        this.#session?.disconnect()
      })
    }
    this.#outbound = Buffer.alloc(0)
    return proof
  }

  // What happens to it.

  /** Nothing gets through, and nobody has said so. */
  get isBlackHole(): boolean {
    return this.#isBlackHole
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** The handshake of TCP is done. */
  open(session: WireSession): void {
    if (this.#isOver) return
    this.#session = session
    this.#note(() => 'is open')
    this.#handler.onOpen()
  }

  /** It could not be opened. */
  fail(error: Error): void {
    this.#finish(error)
  }

  /**
   * The server, or something before it, resets the connection: some of what is under way arrives, the rest is lost.
   * @param mayDeliverLate false where the server itself is gone
   */
  reset(mayDeliverLate = true): void {
    if (this.#isOver || this.#session === undefined || this.#ending !== undefined) return
    if (this.#isBlackHole) {
      // The client is not reached by that either.
      this.#session.disconnect()
      return
    }
    const { chance } = this.#around
    this.#note(() => 'is reset')
    if (mayDeliverLate && this.#deliverLate()) {
      this.#break()
      return
    }
    this.#serve(this.#outbound.subarray(0, chance.between(0, this.#outbound.length)))
    this.#outbound = Buffer.alloc(0)
    this.#isDeaf = true
    this.#session.disconnect()
    this.#break()
  }

  /** The server closes in good order: what it has said arrives, or some of it; what is under way to it is lost. */
  end(isWhole: boolean): void {
    if (this.#isOver || this.#session === undefined || this.#ending !== undefined) return
    if (!isWhole) this.#loseInbound()
    this.#isDeaf = true
    this.#session.disconnect()
    this.#note(() => (isWhole ? 'is closed by the server' : 'is closed by the server in the midst of its words'))
    this.#endAfterInbound(undefined)
  }

  /** The server closes right after what it says next, so that both are seen at once. */
  endAfterNextWords(): void {
    this.#note(() => 'is to be closed after the next words')
    this.#endsAfterWords = true
  }

  /** From now on nothing gets through, in either direction. */
  blackHole(): void {
    // What has come to its end is told of it, whatever happens later.
    if (this.#ending !== undefined) return
    this.#note(() => 'is a black hole from now on')
    this.#isBlackHole = true
  }

  /** Nothing arrives for a while, except what the client's kernel already has. */
  stall(direction: 'out' | 'in', ms: number): void {
    if (this.#isBroken) return
    this.#note(() => `stalls ${direction} for ${ms} ms`)
    this.#stalledUntil[direction] = this.#around.clock.now() + ms
  }

  /** Bytes that are not RESP come between two replies. */
  garble(): void {
    if (this.#session === undefined) return
    this.isGarbled = true
    this.#note(() => 'carries garbage')
    this.say(Buffer.from(this.#around.chance.pick(['HTTP/1.1 400 Bad Request\r\n', '\0', '$x\r\n', '?\r\n'])))
  }

  /** The server has ended the connection by itself, as by CLIENT KILL. */
  kill(): void {
    if (this.#isOver || this.#ending !== undefined) return
    this.#isDeaf = true
    this.#note(() => 'is killed by the server')
    if (!this.#isBlackHole) this.#endAfterInbound(undefined)
  }

  /** The server says something, asked or not. */
  say(bytes: Buffer): void {
    if (this.#isOver || this.#isDeaf) return
    if (bytes.includes('-READONLY')) this.saidReadOnly = true
    this.#inbound = Buffer.concat([this.#inbound, bytes])
    this.#move('in')
    if (this.#endsAfterWords) this.end(true)
  }

  // Moving bytes.

  #take(): void {
    const room = this.path.sendBuffer - this.#outbound.length
    if (room <= 0 || this.#untaken.length === 0) return
    this.#outbound = Buffer.concat([this.#outbound, this.#untaken.take(room)])
  }

  #move(direction: 'out' | 'in'): void {
    if (this.#isMoving[direction]) return
    this.#isMoving[direction] = true
    const { clock } = this.#around
    const delay = Math.max(this.#delay(), this.#stalledUntil[direction] - clock.now())
    const arrive = (): void => {
      this.#isMoving[direction] = false
      if (this.#isBlackHole) return
      if (this.#stalledUntil[direction] > clock.now()) this.#move(direction)
      else if (direction === 'out') this.#moveOut()
      else this.#moveIn()
    }
    if (direction === 'out') clock.schedule(delay, arrive)
    else clock.scheduleLocally(delay, arrive)
  }

  #moveOut(): void {
    if (this.#isOver) return
    const size = this.#pieceSize(this.#outbound.length)
    const piece = this.#outbound.subarray(0, size)
    this.#outbound = this.#outbound.subarray(size)
    this.#serve(piece)
    this.#take()
    if (this.#isPending && this.#untaken.length === 0 && !this.#isTakenDue) {
      // The kernel has it all; the client learns of that a moment later.
      this.#isTakenDue = true
      this.#around.clock.scheduleLocally(this.#around.chance.fraction(), () => {
        this.#isTakenDue = false
        if (this.#isOver || this.#isBroken) return
        this.#isPending = false
        this.#note(() => 'has taken the rest')
        this.#handler.onWritten()
      })
    }
    if (this.#outbound.length > 0) this.#move('out')
  }

  #moveIn(): void {
    if (this.#isOver) return
    if (this.#inbound.length > 0) {
      const size = this.#pieceSize(this.#inbound.length)
      const chunk = Buffer.from(this.#inbound.subarray(0, size))
      this.#inbound = this.#inbound.subarray(size)
      this.#handler.onData(chunk)
      // The chunk was borrowed: whoever kept it would see this.
      chunk.fill('!')
    }
    if (this.#isOver) return
    if (this.#inbound.length > 0) this.#move('in')
    else if (this.#ending !== undefined) this.#finish(this.#ending.error)
  }

  #serve(bytes: Buffer): void {
    const session = this.#session
    if (session === undefined || session.isClosed || this.#isDeaf || bytes.length === 0) return
    const replies = session.receive(bytes)
    for (const reply of replies) this.say(reply)
    this.#around.observer.onServed()
    if (session.protocolError !== undefined) this.#around.observer.onMalformed(this, session.protocolError)
    if (session.isCut) this.reset()
    else if (session.isClosed) this.end(true)
  }

  /** What is under way to the server stays under way, in up to three pieces. @returns whether there is any */
  #deliverLate(): boolean {
    const { clock, chance, observer } = this.#around
    const session = this.#session
    if (this.path.lateBy === 0 || session === undefined || session.isClosed || this.#isDeaf) return false
    if (this.#outbound.length === 0) return false
    let rest = this.#outbound
    this.#outbound = Buffer.alloc(0)
    // Nothing is said to the client, and nothing of what it writes from now on arrives.
    this.#isDeaf = true
    session.peerHasGone()
    const deliver = (pieces: number): void => {
      clock.schedule(chance.skewed(1, this.path.lateBy), () => {
        if (session.isClosed) return
        const size = pieces === 1 ? rest.length : chance.between(0, rest.length)
        this.#note(() => `delivers ${size} bytes late`)
        session.receive(rest.subarray(0, size))
        rest = rest.subarray(size)
        observer.onLate(this)
        observer.onServed()
        if (rest.length > 0) deliver(pieces - 1)
        else session.disconnect()
      })
    }
    deliver(chance.between(1, 3))
    return true
  }

  /**
   * The client's kernel learns of a reset: it refuses writes, and has all that the client may still read. So nothing holds up the
   * end, which soon follows a refused write, whatever happens to the server.
   */
  #break(): void {
    this.#loseInbound()
    this.#isBroken = true
    if (this.#stalledUntil.in > this.#around.clock.now()) {
      this.#stalledUntil.in = 0
      // A piece that was held up moves now.
      this.#isMoving.in = false
    }
    this.#endAfterInbound(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
  }

  #loseInbound(): void {
    this.#inbound = this.#inbound.subarray(0, this.#around.chance.between(0, this.#inbound.length))
  }

  #endAfterInbound(error: Error | undefined): void {
    this.#ending = { error }
    this.#move('in')
  }

  #finish(error: Error | undefined): void {
    if (this.#isOver) return
    const pendingWriteIncomplete = this.#provesIncomplete()
    this.#isOver = true
    this.endedAt = this.#around.clock.now()
    this.#note(() => `ends for the client: ${error?.message ?? 'FIN'}`)
    this.#handler.onEnd({ error, pendingWriteIncomplete })
  }

  get #isAtRest(): boolean {
    if (this.#session === undefined || this.#isBlackHole || this.#isDeaf) return false
    if (this.#session.isWaiting || this.#session.isSilent) return false
    return this.#untaken.length + this.#outbound.length + this.#inbound.length === 0
  }

  #provesIncomplete(): boolean {
    return this.path.provesIncomplete && this.#isPending && this.#untaken.length > 0
  }

  #pieceSize(available: number): number {
    return Math.min(available, this.#around.chance.between(1, this.path.piece))
  }

  #delay(): number {
    return this.#around.chance.fraction() * this.path.latency
  }

  #note(text: () => string): void {
    this.#around.observer.note(() => `connection ${this.id} ${text()}`)
  }
}
