import type { ResolvedOptions } from '../../options/options.js'
import { RequestQueue } from '../request/queue.js'
import * as rejections from '../request/rejections.js'
import type { Rejection, Request } from '../request/request.js'
import type { Clock, Timer } from '../timing/clock.js'
import { Waiters } from '../timing/waiters.js'

/**
 * When this many commands or bytes wait in one tick, they are written, so that the server works while the rest of the
 * tick runs. In bursts of 1,000 this is 1.6 times as fast as one write at the end. The server's work depends on the
 * number of commands; a few large values fill a write.
 */
const eagerCount = 384
const eagerBytes = 128 * 1024

/** The connection that a backlog waits for. */
export interface BacklogSubject {
  /** Whether requests leave as fast as the socket takes them: none waits for a connection. */
  isFlowing(): boolean
  /** Why there is no connection, if known. */
  lastError(): Error | undefined
  /** A request waited too long, and is rejected. */
  onExpired(): void
}

/**
 * The requests that wait, in order, with limits on their number, size and time.
 *
 * Requests that the server refused for now are kept apart. They were sent first, so they are tried again first.
 */
export class Backlog {
  /** Connections take from it. */
  readonly queue = new RequestQueue()
  /** Those that are kept apart. */
  readonly refused = new RequestQueue()
  readonly #limits: Pick<ResolvedOptions, 'maxQueued' | 'maxQueuedBytes' | 'queueTimeout'>
  readonly #clock: Clock
  readonly #subject: BacklogSubject
  readonly #drained = new Waiters()
  #timer: Timer | undefined

  constructor(
    limits: Pick<ResolvedOptions, 'maxQueued' | 'maxQueuedBytes' | 'queueTimeout'>,
    clock: Clock,
    subject: BacklogSubject,
  ) {
    this.#limits = limits
    this.#clock = clock
    this.#subject = subject
  }

  get count(): number {
    return this.refused.length + this.queue.length
  }

  get bytes(): number {
    return this.refused.bytes + this.queue.bytes
  }

  /** In the order in which they will be sent. */
  *[Symbol.iterator](): Generator<Request> {
    yield* this.refused
    yield* this.queue
  }

  /** Whether the size limit lets the request wait. A request of any size may wait alone. */
  hasRoomInBytes(request: Request): boolean {
    return this.count === 0 || this.bytes + request.bytes <= this.#limits.maxQueuedBytes
  }

  /** Whether the limits on size and number let the request wait. */
  hasRoom(request: Request): boolean {
    return this.count < this.#limits.maxQueued && this.hasRoomInBytes(request)
  }

  /** Refuses the request if there is no room for it. */
  admits(request: Request, hasRoom: boolean): boolean {
    if (!hasRoom) {
      request.fail('not-executed', rejections.queueFull(this.count, this.bytes, this.#subject.lastError()))
    }
    return hasRoom
  }

  /** Whether it pays to write before the tick ends. */
  get isWorthAWrite(): boolean {
    return this.queue.length >= eagerCount || this.queue.bytes >= eagerBytes
  }

  /** How many of the client's own requests can be sent while nothing else is: the next follows when it is answered. */
  get ownAtHead(): number {
    const [first] = this.queue
    return first?.isOwn ? 1 : 0
  }

  /** Keeps apart a request that the server refused for now. */
  setApart(request: Request): void {
    this.refused.push(request)
    this.watch()
  }

  /**
   * Puts a request before all others. The refused ones stay apart: more of them may come, and belong behind those that are
   * there.
   */
  putFirst(request: Request): void {
    const first = this.refused.length > 0 ? this.refused : this.queue
    first.putBack([request])
  }

  /** Puts refused requests before all others. */
  rejoin(): void {
    this.queue.putBack(this.refused.takeAll())
  }

  /** Rejects a waiting request. */
  withdraw(request: Request, rejection: Rejection): void {
    const { queue } = request
    request.fail('not-executed', rejection)
    queue?.withdrawn(request)
    this.noteShorter()
  }

  /** Rejects all requests. */
  rejectAll(rejection: Rejection): void {
    for (const request of [...this.refused.takeAll(), ...this.queue.takeAll()]) request.fail('not-executed', rejection)
    this.#drained.resolve()
  }

  /** Resolves when it is below a quarter of its limits. */
  drain(): Promise<void> {
    return this.#isBelowLowMark() ? Promise.resolve() : this.#drained.wait()
  }

  /** Call this when requests have left. */
  noteShorter(): void {
    if (this.#drained.promise !== undefined && this.#isBelowLowMark()) this.#drained.resolve()
  }

  /** Lets no request wait for a connection longer than `queueTimeout`. */
  watch(delay = this.#limits.queueTimeout): void {
    if (this.#timer !== undefined || this.#limits.queueTimeout === 0) return
    this.#timer = this.#clock.after(delay, () => {
      this.#timer = undefined
      this.#expire()
    })
  }

  stopWatching(): void {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer)
    this.#timer = undefined
  }

  #isBelowLowMark(): boolean {
    const { maxQueued, maxQueuedBytes } = this.#limits
    return this.count <= maxQueued / 4 && this.bytes <= maxQueuedBytes / 4
  }

  #expire(): void {
    if (this.#subject.isFlowing()) return
    const { queueTimeout } = this.#limits
    const now = this.#clock.now()
    const expired: Request[] = []
    let oldest = Infinity
    for (const request of this) {
      if (now - request.queuedAt >= queueTimeout) expired.push(request)
      else oldest = Math.min(oldest, request.queuedAt)
      // Requests that were never sent are in the order of their calls: the rest are newer.
      if (oldest !== Infinity && request.attempts === 0) break
    }
    for (const request of expired) {
      this.#subject.onExpired()
      this.withdraw(request, rejections.waitedTooLong(request, now - request.queuedAt, this.#subject.lastError()))
    }
    if (oldest !== Infinity) this.watch(Math.max(oldest + queueTimeout - now, 1))
  }
}
