import { EventEmitter } from 'node:events'
import type { Dial, Transport, TransportHandler, WriteResult } from '../../src/connection/transport/transport.js'
import type { ServerModel } from '../server/model.js'
import type { ServerSession } from '../server/session.js'
import type { Side } from './schedule.js'

/** Milliseconds that bytes travel in one direction. */
const latencyMs = 1

/** What the network needs of a clock. */
export interface Scheduler {
  /** The world does something. */
  schedule(delayMs: number, run: () => void): void
  /** The client's process reads something. */
  scheduleLocally(delayMs: number, run: () => void): void
  now(): number
}

/** A connection is known by its number, counted from 1. */
export interface Numbered {
  readonly id: number
}

/** What the network emits, as the proxy of the lab does. */
export interface NetworkEvents {
  link: [Numbered]
  leave: [Numbered]
  close: [Numbered]
  request: [Numbered, Buffer]
  reply: [Numbered, Buffer]
  arrived: [Numbered, chunk: Buffer, bytes: number]
}

/** A cut that waits for its bytes. */
export interface PlannedCut {
  readonly side: Side
  readonly after: number
  readonly how: 'reset' | 'end'
  /** Bytes that have arrived since, on the connection with the most. */
  seen: number
  /** Told of each connection that it cuts. */
  readonly onStruck: (connection: Numbered) => void
}

/** The path between the client and the model of a server, in virtual time: it does what it is told, and nothing by chance. */
export class ScriptedNetwork extends EventEmitter<NetworkEvents> {
  readonly #model: ServerModel
  readonly #scheduler: Scheduler
  readonly #onRan: (args: readonly Buffer[]) => void
  readonly #connections: ScriptedConnection[] = []
  #isDown = false
  #nextExpiry = Infinity

  /** @param onRan told of each command that the server runs */
  constructor(model: ServerModel, scheduler: Scheduler, onRan: (args: readonly Buffer[]) => void) {
    super()
    this.#model = model
    this.#scheduler = scheduler
    this.#onRan = onRan
  }

  readonly dial: Dial = (_endpoint, handler) => {
    const connection = new ScriptedConnection(this.#connections.length + 1, handler, this.#scheduler, this)
    this.#connections.push(connection)
    this.#scheduler.scheduleLocally(2 * latencyMs, () => {
      if (connection.isOver) return
      if (this.#isDown) {
        connection.fail(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
        return
      }
      const session = this.#model.connect(this.#onRan, (bytes) => connection.reply(bytes), undefined, {
        address: `10.0.0.1:${30_000 + connection.id}`,
        onKilled: () => connection.endByServer(),
      })
      this.emit('link', connection)
      connection.open(session)
    })
    return connection
  }

  /** Connections that the client has not seen the end of. */
  get #live(): ScriptedConnection[] {
    return this.#connections.filter(({ isOver }) => !isOver)
  }

  cut(cut: PlannedCut): void {
    for (const each of this.#live) each.cut(cut)
  }

  hold(side: Side): void {
    for (const each of this.#live) each.hold(side)
  }

  /** Also for connections that the client has given up. */
  release(): void {
    for (const each of this.#connections) each.release()
  }

  blackHole(): void {
    for (const each of this.#live) each.blackHole()
  }

  garbage(): void {
    for (const each of this.#live) each.reply(Buffer.from('this is not RESP\r\n'))
  }

  down(runId: string): void {
    this.#isDown = true
    for (const each of this.#live) each.reset()
    this.#model.restart(runId)
  }

  up(): void {
    this.#isDown = false
  }

  /** The server ends blocking commands at their limit. Called after whatever may have begun one. */
  watchWaits(): void {
    const next = this.#model.nextExpiry() ?? Infinity
    if (next >= this.#nextExpiry) return
    this.#nextExpiry = next
    // A little later, because a sum of fractions may be too small.
    this.#scheduler.schedule(Math.max(0, next - this.#scheduler.now()) + 0.001, () => {
      this.#nextExpiry = Infinity
      this.#model.expireWaits()
      this.watchWaits()
    })
  }
}

/** Bytes of one direction that have not arrived. */
interface Direction {
  queue: Buffer[]
  isMoving: boolean
  isHeld: boolean
  /** What ends the connection, and how many bytes have arrived since it was planned. */
  cut: { readonly plan: PlannedCut; seen: number } | undefined
}

const newDirection = (): Direction => ({ queue: [], isMoving: false, isHeld: false, cut: undefined })

/** One connection: the client's transport, and the server's session. */
class ScriptedConnection implements Transport {
  readonly id: number
  /** The client has ended it, or has seen its end. */
  isOver = false
  /** It copies what is written, and keeps none of it. */
  readonly writableLength = 0
  readonly #handler: TransportHandler
  readonly #scheduler: Scheduler
  readonly #network: ScriptedNetwork
  readonly #requests = newDirection()
  readonly #replies = newDirection()
  #session: ServerSession | undefined
  #isBlackHole = false
  /** The peer is gone: writes fail. */
  #isBroken = false
  #ending: { readonly error: Error | undefined } | undefined
  #isClosed = false

  constructor(id: number, handler: TransportHandler, scheduler: Scheduler, network: ScriptedNetwork) {
    this.id = id
    this.#handler = handler
    this.#scheduler = scheduler
    this.#network = network
  }

  open(session: ServerSession): void {
    this.#session = session
    this.#handler.onOpen()
  }

  fail(error: Error): void {
    this.#finish(error)
  }

  write(chunks: readonly Uint8Array[]): WriteResult {
    if (this.#isBroken) return 'refused'
    const bytes = Buffer.concat(chunks)
    this.#network.emit('request', this, bytes)
    if (this.#isBlackHole) return 'taken'
    this.#requests.queue.push(bytes)
    this.#move('requests')
    return 'taken'
  }

  destroy(): boolean {
    if (this.isOver) return false
    this.isOver = true
    if (this.#session !== undefined && !this.#isClosed) this.#network.emit('leave', this)
    // What the path keeps stays there. Everything else was on its way, and its end follows.
    this.#session?.peerHasGone()
    if (!this.#requests.isHeld && !this.#isBlackHole) this.#disconnect()
    return false
  }

  reply(bytes: Buffer): void {
    if (this.#ending !== undefined) return
    this.#network.emit('reply', this, bytes)
    if (this.isOver || this.#isBlackHole) return
    this.#replies.queue.push(bytes)
    this.#move('replies')
  }

  cut(plan: PlannedCut): void {
    this.#sideOf(plan.side).cut = { plan, seen: 0 }
  }

  hold(side: Side): void {
    this.#sideOf(side).isHeld = true
  }

  release(): void {
    for (const side of ['requests', 'replies'] as const) {
      const direction = this.#sideOf(side)
      if (!direction.isHeld) continue
      direction.isHeld = false
      this.#move(side)
    }
    if (this.isOver) this.#disconnect()
  }

  blackHole(): void {
    this.#isBlackHole = true
    this.#requests.queue = []
    this.#replies.queue = []
  }

  /** The server closes the connection, as by CLIENT KILL. */
  endByServer(): void {
    if (this.#isBlackHole || this.isOver) return
    this.#endAfterReplies(undefined)
  }

  reset(): void {
    if (this.#isBlackHole || this.isOver) return
    this.#replies.queue = []
    this.#end('reset')
  }

  #sideOf(side: Side): Direction {
    return side === 'requests' ? this.#requests : this.#replies
  }

  #move(side: Side): void {
    const direction = this.#sideOf(side)
    if (direction.isMoving) return
    direction.isMoving = true
    const arrive = (): void => {
      direction.isMoving = false
      if (direction.isHeld || this.#isBlackHole) return
      if (side === 'requests') this.#arriveAtServer()
      else this.#arriveAtClient()
    }
    if (side === 'requests') this.#scheduler.schedule(latencyMs, arrive)
    else this.#scheduler.scheduleLocally(latencyMs, arrive)
  }

  #arriveAtServer(): void {
    const { bytes, how } = this.#take(this.#requests)
    const session = this.#session
    if (session !== undefined && !session.isClosed && bytes.length > 0) {
      for (const reply of session.receive(bytes)) this.reply(reply)
      this.#network.watchWaits()
      if (session.isClosed) this.endByServer()
    }
    if (how !== undefined) this.#end(how)
  }

  #arriveAtClient(): void {
    if (this.isOver) return
    const { bytes, how } = this.#take(this.#replies)
    if (bytes.length > 0) this.#handler.onData(Buffer.from(bytes))
    if (how !== undefined) this.#end(how)
    else if (this.#ending !== undefined) this.#finish(this.#ending.error)
  }

  /** All that has arrived, up to a cut, and how the connection is cut after it. */
  #take(direction: Direction): { bytes: Buffer; how: 'reset' | 'end' | undefined } {
    const { queue, cut } = direction
    direction.queue = []
    const bytes = Buffer.concat(queue)
    if (cut === undefined || bytes.length === 0) return { bytes: this.#arrived(queue, bytes), how: undefined }
    const { plan } = cut
    const taken = this.#arrived(queue, bytes.subarray(0, plan.after - cut.seen))
    cut.seen += taken.length
    plan.seen = Math.max(plan.seen, cut.seen)
    if (cut.seen < plan.after) return { bytes: taken, how: undefined }
    direction.cut = undefined
    plan.onStruck(this)
    return { bytes: taken, how: plan.how }
  }

  #arrived(chunks: readonly Buffer[], taken: Buffer): Buffer {
    let rest = taken.length
    for (const chunk of chunks) {
      const bytes = Math.min(rest, chunk.length)
      if (bytes > 0) this.#network.emit('arrived', this, chunk, bytes)
      rest -= bytes
    }
    return taken
  }

  #end(how: 'reset' | 'end'): void {
    if (this.isOver || this.#ending !== undefined) return
    this.#isBroken = how === 'reset'
    this.#requests.queue = []
    this.#disconnect()
    const error = how === 'reset' ? Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) : undefined
    this.#endAfterReplies(error)
  }

  #endAfterReplies(error: Error | undefined): void {
    this.#ending ??= { error }
    this.#move('replies')
  }

  #disconnect(): void {
    const session = this.#session
    // Bytes that are on their way arrive first.
    this.#scheduler.schedule(latencyMs + 0.001, () => {
      session?.disconnect()
      this.#close()
    })
  }

  /** For the server, or, if that is earlier, for the client that has seen its end. */
  #close(): void {
    if (this.#session === undefined || this.#isClosed) return
    this.#isClosed = true
    this.#network.emit('close', this)
  }

  #finish(error: Error | undefined): void {
    if (this.isOver) return
    this.isOver = true
    this.#close()
    this.#handler.onEnd({ error, pendingWriteIncomplete: false })
  }
}
