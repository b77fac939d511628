import { ConnectError, ProtocolError, type RespiteError, UsageError } from '../errors.js'
import { BULK_ERROR, SIMPLE_ERROR } from '../protocol/bytes.js'
import { DecodeError } from '../protocol/decode-error.js'
import { Decoder } from '../protocol/decoder.js'
import { Encoder } from '../protocol/encoder.js'
import type { Limits } from '../protocol/limits.js'
import { type Argument, type DecodeMode, ErrorReply, type Reply, textMode } from '../protocol/types.js'
import type { Clock, Timer } from './clock.js'
import { connectFailure, Handshake, type HandshakeSettings } from './handshake.js'
import { Heartbeat } from './heartbeat.js'
import { Ledger } from './ledger.js'
import type { RequestQueue } from './queue.js'
import type { Request } from './request.js'
import type { Dial, Endpoint, Transport, TransportEnd } from './transport.js'

/** What one connection needs to be made and watched. Times in milliseconds. */
export interface ConnectionSettings {
  readonly endpoint: Endpoint
  readonly handshake: HandshakeSettings
  readonly limits: Limits
  readonly connectTimeout: number
  readonly stallTimeout: number
  readonly pingInterval: number
}

/** A request whose reply was owed when the connection ended, and what is known of it. */
export interface Orphan {
  readonly request: Request
  /** Its frame provably never left whole. */
  readonly neverSent: boolean
  readonly replySeen: 'none' | 'value' | 'error'
}

/** How a connection ended. */
export interface ConnectionEnd {
  readonly error: RespiteError | Error | undefined
  /** Whether it ever was ready. */
  readonly wasReady: boolean
  /** Of one that never was ready: another try can't mend it. */
  readonly isFatal: boolean
  /** In the order in which they were sent. */
  readonly orphans: readonly Orphan[]
}

/** Whom a connection tells. */
export interface ConnectionOwner {
  /** The handshake is done: requests may be sent. */
  onReady(connection: Connection): void
  /** A pending write has been taken: more may be sent. */
  onWritable(connection: Connection): void
  /** The server answered that it can't run this request now. */
  onRefusedForNow(connection: Connection, request: Request, reply: ErrorReply, prefix: string): void
  /** No reply is owed any longer. */
  onDrained(connection: Connection): void
  /** RESP3 push. */
  onPush(elements: readonly Reply[]): void
  /** It is over; called once, unless `terminate` said it to its caller. */
  onEnd(connection: Connection, end: ConnectionEnd): void
}

/** Bytes that go into one write: enough to make the system call cheap, little enough to leave the rest withdrawable. */
const batchBytes = 64 * 1024

/** One that stood so long, in milliseconds, was of use although nothing was asked of it. */
const steadyMs = 1_000

const pingFrame: readonly Argument[] = ['PING']

/** A slot whose reply nobody waits for: the connection's own PING. */
const pingSlot = Symbol('ping')

type Slot = Request | typeof pingSlot

/**
 * One socket to one server, from dialling to its end: bytes out, replies in, each paired with the oldest request that is
 * owed one.
 *
 * ```
 *   dialing ──▶ handshaking ──▶ ready
 *      └──────────────┴───────────┴──▶ ended
 * ```
 */
export class Connection {
  /** Counts the connections of a client, from 1. */
  readonly id: number
  #state: 'dialing' | 'handshaking' | 'ready' | 'ended' = 'dialing'
  #protocol: 2 | 3 = 2
  readonly #clock: Clock
  readonly #owner: ConnectionOwner
  readonly #transport: Transport
  readonly #handshake: Handshake
  readonly #encoder = new Encoder()
  readonly #decoder: Decoder
  readonly #ledger = new Ledger<Slot>()
  readonly #heartbeat: Heartbeat
  #connectTimer: Timer | undefined
  /** The last write is not known to be taken: nothing more is written. */
  #isWritePending = false
  #readyAt = 0
  #lastReadAt = 0
  #waitingSince: number | undefined
  #answered = 0
  #bytesRead = 0
  #bytesWritten = 0

  constructor(id: number, settings: ConnectionSettings, dial: Dial, clock: Clock, owner: ConnectionOwner) {
    this.id = id
    this.#clock = clock
    this.#owner = owner
    this.#handshake = new Handshake(settings.handshake)
    this.#decoder = new Decoder(
      {
        modeOfNext: () => this.#modeOfNext(),
        onReply: (value) => this.#onReply(value),
        onPush: (elements) => this.#owner.onPush(elements),
      },
      settings.limits,
    )
    this.#heartbeat = new Heartbeat(
      clock,
      {
        waitingSince: () => this.#waitingSince,
        lastReadAt: () => this.#lastReadAt,
        longestTimeout: () => this.#longestTimeout(),
        ping: () => this.#ping(),
        onStalled: (silence) => this.#fail(new Error(`replies owed, and not a byte for ${Math.round(silence)} ms`)),
      },
      settings.stallTimeout,
      settings.pingInterval,
    )
    this.#connectTimer = clock.after(settings.connectTimeout, () => {
      this.#fail(new ConnectError(`not connected within ${settings.connectTimeout} ms`, { fate: 'not-executed' }))
    })
    this.#transport = dial(settings.endpoint, {
      onOpen: () => this.#onOpen(),
      onData: (chunk) => this.#onData(chunk),
      onWritten: () => this.#onWritten(),
      onEnd: (end) => this.#end(end),
    })
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  /** RESP version agreed on. */
  get protocol(): 2 | 3 {
    return this.#protocol
  }

  /** Whether `send` would hand anything to the socket. */
  get isWritable(): boolean {
    return this.#state === 'ready' && !this.#isWritePending
  }

  /** Replies are owed. */
  get isBusy(): boolean {
    return this.#ledger.length > 0
  }

  get owedCount(): number {
    return this.#ledger.length
  }

  /** Replies that were handed to requests. */
  get answered(): number {
    return this.#answered
  }

  /**
   * Of one that was ready: it answered a request, or stood for a while. False of one that its server ends as soon as it is
   * made: dialling again at once would go round in a circle.
   */
  get wasOfUse(): boolean {
    return this.#answered > 0 || this.#clock.now() - this.#readyAt >= steadyMs
  }

  get bytesRead(): number {
    return this.#bytesRead
  }

  get bytesWritten(): number {
    return this.#bytesWritten
  }

  /** Requests that are owed a reply, abandoned ones included, oldest first. */
  *owed(): Generator<Request> {
    for (const slot of this.#ledger) if (slot !== pingSlot) yield slot
  }

  /**
   * Takes requests from the queue and hands them to the socket, as long as it takes them.
   * @returns how many were handed over
   */
  send(queue: RequestQueue): number {
    let total = 0
    while (this.isWritable) {
      const count = this.#encodeBatch(queue)
      if (count === 0) break
      total += count
      const result = this.#write()
      if (result !== 'refused') continue
      // The system took no byte of it: as if it had never been tried.
      const refused = this.#ledger.takeNewest(count) as Request[]
      for (const request of refused) {
        request.state = 'queued'
        request.attempts -= 1
      }
      queue.putBack(refused.filter((request) => request.state === 'queued'))
      total -= count
    }
    return total
  }

  /**
   * Ends the connection now.
   * @returns the requests that were owed a reply; its owner is not told again
   */
  terminate(): readonly Orphan[] {
    if (this.#state === 'ended') return []
    const pendingWriteIncomplete = this.#transport.destroy()
    this.#leave()
    return this.#takeOrphans(pendingWriteIncomplete, false)
  }

  #encodeBatch(queue: RequestQueue): number {
    const encoder = this.#encoder
    const ledger = this.#ledger
    if (ledger.length === 0) this.#waitingSince = this.#clock.now()
    let count = 0
    while (encoder.length < batchBytes) {
      const request = queue.shift()
      if (request === undefined) break
      try {
        request.encode(encoder)
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        request.fail(
          new UsageError(`${request.name}: ${reason}`, { fate: 'not-executed', command: request.name, cause }),
        )
        continue
      }
      request.state = 'sent'
      request.attempts += 1
      request.repliesOwed = request.replyCount
      ledger.push(request)
      count += 1
    }
    if (ledger.length === 0) this.#waitingSince = undefined
    return count
  }

  #write(): 'taken' | 'pending' | 'refused' {
    this.#bytesWritten += this.#encoder.length
    const result = this.#transport.write(this.#encoder.take())
    this.#isWritePending = result !== 'taken'
    return result
  }

  #onWritten(): void {
    this.#isWritePending = false
    if (this.#state === 'ready') this.#owner.onWritable(this)
  }

  #onOpen(): void {
    this.#state = 'handshaking'
    this.#sendSteps(this.#handshake.begin())
  }

  #sendSteps(steps: readonly { readonly args: readonly Argument[] }[]): void {
    for (const { args } of steps) this.#encoder.append(args)
    this.#write()
  }

  #onData(chunk: Buffer): void {
    this.#bytesRead += chunk.length
    this.#lastReadAt = this.#clock.now()
    try {
      this.#decoder.decode(chunk)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      const { offset, excerpt } = error
      this.#fail(new ProtocolError(error.message, { fate: 'unknown', offset, excerpt, cause: error }))
      return
    }
    if (this.#state !== 'ready') return
    if (this.#ledger.length > 0) {
      this.#waitingSince = this.#lastReadAt
    } else {
      this.#waitingSince = undefined
      this.#owner.onDrained(this)
    }
  }

  #modeOfNext(): DecodeMode {
    const slot = this.#ledger.first()
    return slot === undefined || slot === pingSlot ? textMode : slot.mode
  }

  #onReply(value: Reply): void {
    const slot = this.#ledger.first()
    if (slot === undefined || slot === pingSlot) {
      this.#onOwnReply(value, slot)
      return
    }
    if (slot.repliesOwed > 1) {
      slot.repliesOwed -= 1
      slot.collect(value)
      return
    }
    this.#ledger.shift()
    if (typeof value === 'object' && value instanceof ErrorReply && slot.state !== 'settled') {
      const prefix = slot.refusedForNow(value)
      if (prefix !== undefined) {
        this.#owner.onRefusedForNow(this, slot, value, prefix)
        return
      }
    }
    this.#answered += 1
    slot.answer(value, this.#decoder.nestedErrors)
  }

  #onOwnReply(value: Reply, slot: typeof pingSlot | undefined): void {
    if (slot === pingSlot) {
      this.#ledger.shift()
    } else if (this.#state === 'handshaking') {
      this.#onHandshakeReply(value)
    } else if (this.#state === 'ready') {
      const offset = this.#decoder.offset
      this.#fail(new ProtocolError('a reply came that no command is owed', { fate: 'unknown', offset, excerpt: '' }))
    }
  }

  #onHandshakeReply(value: Reply): void {
    const progress = this.#handshake.receive(value)
    switch (progress.kind) {
      case 'waiting':
        return
      case 'more':
        this.#sendSteps(progress.steps)
        return
      case 'failed':
        this.#fail(progress.error, progress.isFatal)
        return
      case 'done':
        this.#protocol = progress.protocol
        this.#state = 'ready'
        this.#readyAt = this.#clock.now()
        this.#cancelConnectTimer()
        this.#heartbeat.start()
        this.#owner.onReady(this)
    }
  }

  #ping(): void {
    if (!this.isWritable) return
    this.#waitingSince = this.#clock.now()
    this.#encoder.append(pingFrame)
    this.#ledger.push(pingSlot)
    if (this.#write() === 'refused') this.#ledger.takeNewest(1)
  }

  #longestTimeout(): number {
    let longest = 0
    for (const request of this.owed())
      if (request.timeout > longest && request.state === 'sent') longest = request.timeout
    return longest
  }

  /** Ends the connection for a reason found on this side. */
  #fail(error: Error, isFatal = false): void {
    if (this.#state === 'ended') return
    const pendingWriteIncomplete = this.#transport.destroy()
    this.#end({ error, pendingWriteIncomplete }, isFatal)
  }

  #end(end: TransportEnd, isFatal = false): void {
    if (this.#state === 'ended') return
    const wasReady = this.#state === 'ready'
    this.#leave()
    const orphans = this.#takeOrphans(end.pendingWriteIncomplete, end.error instanceof ProtocolError)
    if (wasReady || isFatal) {
      this.#owner.onEnd(this, { error: end.error, wasReady, isFatal, orphans })
      return
    }
    const failure = end.error instanceof ConnectError ? { error: end.error, isFatal: false } : connectFailure(end.error)
    this.#owner.onEnd(this, { ...failure, wasReady, orphans })
  }

  #leave(): void {
    this.#state = 'ended'
    this.#heartbeat.stop()
    this.#cancelConnectTimer()
  }

  #cancelConnectTimer(): void {
    if (this.#connectTimer !== undefined) this.#clock.cancel(this.#connectTimer)
    this.#connectTimer = undefined
  }

  /**
   * @param pendingWriteIncomplete the last frame that was written provably never left whole
   * @param isOutOfStep the bytes were not what they should be: what was seen of a reply proves nothing
   */
  #takeOrphans(pendingWriteIncomplete: boolean, isOutOfStep: boolean): Orphan[] {
    const slots = this.#ledger.takeAll()
    const last = slots.length - 1
    const orphans: Orphan[] = []
    slots.forEach((slot, index) => {
      if (slot === pingSlot) return
      const neverSent = pendingWriteIncomplete && index === last
      const replySeen = index === 0 && !isOutOfStep ? this.#replySeen(slot) : 'none'
      orphans.push({ request: slot, neverSent, replySeen })
    })
    return orphans
  }

  #replySeen(request: Request): Orphan['replySeen'] {
    // Of a transaction only EXEC's reply, the last, shows that it ran.
    if (!this.#decoder.isMidReply || request.repliesOwed > 1) return 'none'
    const type = this.#decoder.midReplyType
    return type === SIMPLE_ERROR || type === BULK_ERROR ? 'error' : 'value'
  }
}
