import { ProtocolError } from '../../errors.js'
import { argumentChanged } from '../../protocol/arguments.js'
import { DecodeError } from '../../protocol/decode-error.js'
import { Decoder } from '../../protocol/decoder.js'
import { type Argument, bufferMode, type DecodeMode, ErrorReply, type Reply } from '../../protocol/types.js'
import type { Fence } from '../fence/fence.js'
import type { Identity } from '../fence/identity.js'
import type { UnfencedConnection } from '../fence/unfenced-connection.js'
import { Ledger } from '../request/ledger.js'
import type { LostRequest } from '../request/lost-request.js'
import { saysReadOnly } from '../request/passing-refusals.js'
import type { RequestQueue } from '../request/queue.js'
import type { Request } from '../request/request.js'
import type { Clock } from '../timing/clock.js'
import type { Dial, Endpoint, Transport, TransportEnd } from '../transport/transport.js'
import { WriteBuffer } from '../transport/write-buffer.js'
import { failedConnection, inDoubt, lostConnection, readFailure } from './connection-end.js'
import type { LifecycleOf, OwnerOf } from './connection-owner.js'
import { evidenceOnLoss, partOfReplyTo, pingSlot, type Slot } from './evidence.js'
import { Heartbeat, longestPatience } from './heartbeat.js'
import { Opening } from './opening.js'
import { pingBytes, RequestWriter } from './request-writer.js'
import type { ConnectionSettings } from './settings.js'

/** A connection that stays up this many milliseconds counts as a success, so the next wait is the shortest again. */
const steadyMs = 250

export type ConnectionOwner = OwnerOf<Connection>
export type ConnectionLifecycle = LifecycleOf<Connection>

/** The dependencies of a connection. */
export interface ConnectionDependencies {
  readonly dial: Dial
  readonly clock: Clock
  readonly owner: ConnectionOwner
  readonly lifecycle: ConnectionLifecycle
  readonly fence: Fence
}

/**
 * One socket to one server, from dialing to its end. Each reply belongs to the oldest request that waits for one.
 *
 * ```
 *   opening ──▶ ready ──▶ ended       opening: dialing, TLS and handshake
 *      └───────────────────▶
 * ```
 */
export class Connection {
  /** The connection's number within the client, from 1. */
  readonly id: number
  /** The address that the connection leads to. */
  readonly endpoint: Endpoint
  #state: 'opening' | 'ready' | 'ended' = 'opening'
  #protocol: 2 | 3 = 2
  readonly #clock: Clock
  readonly #owner: ConnectionOwner
  readonly #lifecycle: ConnectionLifecycle
  readonly #fence: Fence
  readonly #transport: Transport
  readonly #opening: Opening
  readonly #unowedMode: DecodeMode
  /** How many of the connection's own PINGs were sent and answered. They help a subscriber to match errors. */
  pingsAsked = 0
  pingsAnswered = 0
  /** The number of replies that were passed to requests. */
  answered = 0
  /** Whether a request of a caller has received a complete reply, even if that was a temporary refusal. */
  hasReplied = false
  readonly #writeBuffer = new WriteBuffer()
  readonly #decoder: Decoder
  readonly #ledger = new Ledger<Slot>()
  readonly #writer = new RequestWriter(this.#ledger, this.#writeBuffer)
  readonly #heartbeat: Heartbeat
  #readyAt = 0
  #lastReadAt = 0
  /** The clock time since which nothing was read; undefined unless `#isWaiting`. */
  #waitingSince: number | undefined
  /** The clock time at which the transport last took a pending write. */
  #writtenAt = 0
  #bytesRead = 0
  #decodeError: DecodeError | undefined

  constructor(
    id: number,
    settings: ConnectionSettings,
    { dial, clock, owner, lifecycle, fence }: ConnectionDependencies,
  ) {
    this.id = id
    this.endpoint = settings.endpoint
    this.#clock = clock
    this.#owner = owner
    this.#lifecycle = lifecycle
    this.#fence = fence
    this.#unowedMode = settings.unowedMode
    this.#decoder = new Decoder(
      {
        modeOfNext: () => this.#modeOfNext(),
        onReply: (value) => this.#onReply(value),
        onPush: (elements) => this.#state === 'ended' || this.#owner.onPush(elements),
      },
      settings.limits,
      { pushMode: settings.unowedMode },
    )
    this.#heartbeat = new Heartbeat(
      clock,
      {
        waitingSince: () =>
          this.#waitingSince === undefined ? undefined : Math.max(this.#waitingSince, this.#writtenAt),
        lastReadAt: () => this.#lastReadAt,
        longestPatience: () => longestPatience(this.owed(), settings.stallTimeout),
        ping: () => this.ping(),
        onStalled: (silence) => {
          const pending = this.#ledger.length > 0 ? 'replies' : 'a write'
          this.end(new Error(`no data for ${Math.round(silence)} ms with ${pending} pending`))
        },
      },
      settings.stallTimeout,
      settings.pingInterval,
    )
    this.#opening = new Opening(clock, settings, {
      write: (commands) => this.#write(commands),
      onDone: (protocol) => this.#onReady(protocol),
      onFailed: (error) => this.end(error),
    })
    this.#transport = dial(settings.endpoint, {
      onSecuring: () => this.#opening.onSecuring(),
      onOpen: () => this.#opening.onOpen(),
      onData: (chunk) => this.#onBytes(chunk.length, chunk),
      wanted: () => this.#wanted(),
      onFilled: (bytes) => this.#onBytes(bytes, undefined),
      onWritten: () => this.#onWritten(),
      onEnd: (end) => this.#end(end),
    })
    this.#writeBuffer.open(this.#transport)
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  /** RESP version in use. */
  get protocol(): 2 | 3 {
    return this.#protocol
  }

  /** The connection's identity, as far as the server has reported it. */
  get identity(): Identity {
    return this.#opening.identity
  }

  /** The request whose reply comes next. */
  get oldest(): Request | undefined {
    const slot = this.#ledger.first()
    return slot === pingSlot ? undefined : slot
  }

  /** Whether `send` can pass anything to the socket. */
  get isWritable(): boolean {
    return this.#state === 'ready' && this.#writer.isWritable
  }

  /** Milliseconds without a read while replies are pending. Bytes taken by the kernel prove nothing about the peer. */
  get silence(): number {
    return this.#waitingSince === undefined ? 0 : this.#clock.now() - this.#waitingSince
  }

  /** Whether replies are pending. While the client closes, only those that `close()` waits for count. */
  get isBusy(): boolean {
    if (this.#owner.isClosing !== true) return this.#ledger.length > 0
    for (const { isWanted } of this.owed()) if (isWanted) return true
    return false
  }

  get owedCount(): number {
    return this.#ledger.length
  }

  /**
   * Whether the connection stayed up long enough to count as a success. Replies don't count, because a server that
   * answers and then ends each connection, or a replica that answers reads, would cause a reconnect loop.
   */
  get stayedUp(): boolean {
    return this.#clock.now() - this.#readyAt >= steadyMs
  }

  get bytesRead(): number {
    return this.#bytesRead
  }

  get bytesWritten(): number {
    return this.#writeBuffer.bytesWritten
  }

  /** Requests with pending replies, even if abandoned. Oldest first. */
  *owed(): Generator<Request> {
    for (const slot of this.#ledger) if (slot !== pingSlot) yield slot
  }

  /**
   * Passes requests from the queue to the socket, until the socket takes no more.
   * @param most how many at most
   * @returns how many were passed on
   */
  send(queue: RequestQueue, most = Infinity): number {
    if (this.#state !== 'ready') return 0
    this.#waitingSince ??= this.#clock.now()
    const count = this.#writer.send(queue, most)
    // After a refusal, the end will follow.
    if (!this.#isWaiting && !this.#writer.wasRefused) this.#waitingSince = undefined
    return count
  }

  /** Ends the connection now, for a reason on the client's side. The end is reported as usual. */
  end(error: Error): void {
    if (this.#state === 'ended') return
    this.#end({ error, pendingWriteIncomplete: this.#transport.destroy() })
  }

  /**
   * Ends the connection now.
   * @returns the requests with pending replies. The end is not reported
   */
  terminate(): readonly LostRequest[] {
    if (this.#state === 'ended') return []
    const lostRequests = this.#leave(this.#transport.destroy())
    this.#remember(lostRequests)
    return lostRequests
  }

  #onWritten(): void {
    const mayWrite = this.#writeBuffer.onWritten()
    this.#writtenAt = this.#clock.now()
    if (!this.#isWaiting) this.#waitingSince = undefined
    if (this.#writeBuffer.isBroken) this.end(new Error(argumentChanged))
    else if (mayWrite && this.#state === 'ready') this.#owner.onWritable(this)
  }

  #write(commands: readonly (readonly Argument[])[]): void {
    for (const args of commands) this.#writeBuffer.encoder.append(args)
    this.#writeBuffer.write()
  }

  #onReady(protocol: 2 | 3): void {
    this.#protocol = protocol
    this.#state = 'ready'
    this.#readyAt = this.#clock.now()
    this.#heartbeat.start()
    this.identity.compare(this.#writeBuffer.bytesWritten)
    this.#fence.note(this.identity)
    this.#lifecycle.onReady(this)
  }

  /** @param chunk the bytes; undefined if they were read into the decoder's own buffer */
  #onBytes(bytes: number, chunk: Buffer | undefined): void {
    this.#bytesRead += bytes
    this.#lastReadAt = this.#clock.now()
    try {
      if (chunk === undefined) this.#decoder.filled(bytes)
      else this.#decoder.decode(chunk)
    } catch (error) {
      if (error instanceof DecodeError) this.#decodeError = error
      this.end(readFailure(error as Error))
      return
    }
    if (this.#state === 'opening') this.#opening.proceed()
    if (this.#state !== 'ready') return
    this.#waitingSince = this.#isWaiting ? this.#lastReadAt : undefined
    if (!this.isBusy) this.#owner.onDrained(this)
  }

  #wanted(): Buffer | undefined {
    try {
      return this.#state === 'ended' ? undefined : this.#decoder.wanted()
    } catch {
      // The memory could not be allocated. If that fails again later, decoding fails too.
      return undefined
    }
  }

  /** Whether the connection is waiting for the peer to reply or to read. */
  get #isWaiting(): boolean {
    return this.#ledger.length > 0 || this.#writeBuffer.isPending
  }

  #modeOfNext(): DecodeMode {
    const slot = this.#ledger.first()
    // Addresses in replies of the handshake may contain any bytes.
    if (slot === undefined || slot === pingSlot) return this.#state === 'ready' ? this.#unowedMode : bufferMode
    return slot.mode
  }

  #onReply(value: Reply): void {
    // The previous reply may have ended the connection.
    if (this.#state === 'ended') return
    const slot = this.#ledger.first()
    if (slot === undefined || slot === pingSlot) {
      this.#onOwnReply(value, slot)
      return
    }
    const error = typeof value === 'object' && value instanceof ErrorReply ? value : undefined
    if ((error !== undefined || this.#decoder.nestedErrors) && saysReadOnly(value)) this.#owner.onReadOnly(this)
    if (slot.repliesOwed > 1) {
      slot.repliesOwed -= 1
      slot.collect(value)
      return
    }
    this.#ledger.shift()
    // More is sent after all bytes are decoded, when `onDrained` is called.
    if (slot === this.#writer.lone) this.#writer.lone = undefined
    const isEarly = this.#ledger.length === 0 && this.#writeBuffer.unhandedBytes > 0
    const isInDoubt = error !== undefined && slot.leavesDoubt(error)
    if (isInDoubt && this.#ledger.length + this.#writer.silentBytes > 0) {
      // A later request (another EXEC) may still run the transaction, so this reply proves nothing.
      this.#ledger.unshift(slot)
      this.end(inDoubt(slot, error))
      return
    }
    this.hasReplied ||= !slot.isOwn
    const refusal = slot.refusalBy(value, error)
    if (refusal === undefined) {
      this.answered += 1
      slot.answer(value, this.#decoder.nestedErrors)
    } else {
      if (refusal.mayHaveRun) slot.noteAttempt('refused')
      else slot.attempts -= 1
      this.#owner.onRefusedForNow(this, slot, error ?? null, refusal)
    }
    if (isEarly) this.end(new Error(`${slot.name} was answered before it was completely sent`))
    else if (isInDoubt) this.end(inDoubt(slot, error))
  }

  #onOwnReply(value: Reply, slot: typeof pingSlot | undefined): void {
    if (this.#state === 'opening') {
      this.#opening.receive(value)
      return
    }
    // Before the reply to a PING, a subscriber may receive errors for its commands and RESP2 messages (arrays), and a
    // session may receive lines of MONITOR.
    const isPong = slot === pingSlot && value === 'PONG'
    if (!isPong && this.#owner.onUnowed(value)) return
    if (slot === pingSlot) {
      this.#ledger.shift()
      this.pingsAnswered += 1
    } else if (this.#state === 'ready') {
      const offset = this.#decoder.offset
      this.end(new ProtocolError('a reply came that no command waited for', { fate: 'unknown', offset, excerpt: '' }))
    }
  }

  /** Sends a PING if that is possible now. */
  ping(): void {
    if (!this.isWritable || this.#owner.isQuiet === true) return
    this.#waitingSince ??= this.#clock.now()
    if (this.#writer.ping()) this.pingsAsked += 1
  }

  #end(end: TransportEnd): void {
    if (this.#state === 'ended') return
    const wasReady = this.#state === 'ready'
    if (end.error === undefined && !this.#decoder.isMidReply && this.#writer.awaitsClose) this.#onReply(null)
    const lostRequests = this.#leave(end.pendingWriteIncomplete)
    const unfenced = this.#remember(lostRequests)
    this.#lifecycle.onEnd(
      this,
      wasReady ? lostConnection(end.error, lostRequests, unfenced) : failedConnection(end.error, this.#opening.refusal),
    )
  }

  #remember(lostRequests: readonly LostRequest[]): UnfencedConnection | undefined {
    return this.#fence.lose(this.id, this.identity, lostRequests, this.#writer.wentSilent)
  }

  /**
   * @param isLastByteUnsent whether the last byte of the pending write was provably not sent
   * @returns the requests with pending replies
   */
  #leave(isLastByteUnsent: boolean): LostRequest[] {
    this.#state = 'ended'
    this.#heartbeat.stop()
    this.#opening.stop()
    const error = this.#decodeError
    // If the bytes are not valid RESP, a partial reply proves nothing.
    const partOfReply =
      error === undefined || error.exceedsLimit ? partOfReplyTo(this.#ledger.first(), this.#decoder) : 'none'
    return evidenceOnLoss(this.#ledger.takeAll(), {
      bytesWritten: this.#writeBuffer.bytesWritten,
      unsentBytes: this.#writeBuffer.unhandedBytes + (isLastByteUnsent ? 1 : 0),
      silentBytes: this.#writer.silentBytes,
      pingBytes,
      partOfReply,
      isReplyAtFault: error !== undefined && this.#decoder.isMidReply,
    })
  }
}
