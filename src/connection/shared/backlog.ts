import type { ResolvedOptions } from '../../options/options.js'
import type { Counters } from '../request/counters.js'
import { RequestQueue } from '../request/queue.js'
import * as rejections from '../request/rejections.js'
import type { Rejection, Request } from '../request/request.js'
import type { Clock, Timer } from '../timing/clock.js'
import { Waiters } from '../timing/waiters.js'

/**
 * When this many commands or bytes wait in one tick, they are written, so that the server works while the rest of the
 * tick runs. In bursts of 1,000 this is 1.6 times as fast as one write at the end. The limit on commands is for the
 * server's work, which depends on their number. The limit on bytes is for large values: a few of them fill a write.
 */
const eagerCount = 384
const eagerBytes = 128 * 1024

/** The connection that a backlog waits for. */
export interface BacklogSubject {
  /** Whether there is a ready connection, so that requests leave as fast as the socket takes them. */
  isFlowing(): boolean
  /** The reason why there is no connection, if known. */
  whyOffline(): Error | undefined
  readonly counters: Pick<Counters, 'timedOut'>
}

/**
 * The waiting requests, in order, with limits on their number, their size and their time.
 *
 * Requests that the server refused temporarily are kept in a separate list. They were sent first, so they are sent
 * again first.
 */
export class Backlog {
  /** The queue from which connections take requests. */
  readonly queue = new RequestQueue()
  /** The separate list of requests that the server refused temporarily. */
  readonly refused = new RequestQueue()
  readonly #limits: Pick<ResolvedOptions, 'maxQueued' | 'maxQueuedBytes' | 'queueTimeout'>
  readonly #clock: Clock
  readonly #subject: BacklogSubject
  readonly #drained = new Waiters()
  #timer: Timer | undefined
  /** The timer is for a wait that began at this clock time; Infinity if there is no timer. */
  #since = Infinity

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

  /** All waiting requests, in the order in which they will be sent. */
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

  /** Rejects the request if there is no room for it. */
  admits(request: Request, hasRoom: boolean): boolean {
    if (!hasRoom) {
      request.fail('not-executed', rejections.queueFull(this.count, this.bytes, this.#subject.whyOffline()))
    }
    return hasRoom
  }

  /** Whether it is worthwhile to write before the tick ends. */
  get isWorthAWrite(): boolean {
    return this.queue.length >= eagerCount || this.queue.bytes >= eagerBytes
  }

  /**
   * While only the client's own requests may be sent: 1 if the first request in the queue is one of these, otherwise 0.
   * They are sent one at a time.
   */
  get ownAtHead(): number {
    const [first] = this.queue
    return first?.isOwn ? 1 : 0
  }

  /** Keeps a request that the server refused temporarily in the separate list. */
  setApart(request: Request): void {
    this.refused.push(request)
    this.watch()
  }

  /**
   * Puts a request before all others. If there are refused requests, it goes to the head of their list. The two lists
   * are not joined yet: more requests may be refused, and these must be sent after the ones already in that list.
   */
  putFirst(request: Request): void {
    const first = this.refused.length > 0 ? this.refused : this.queue
    request.calledAt ||= this.#clock.now()
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

  /** Resolves when the backlog is at or below a quarter of its limits. */
  drain(): Promise<void> {
    return this.#isBelowLowMark() ? Promise.resolve() : this.#drained.wait()
  }

  /** Call this when requests have left. */
  noteShorter(): void {
    if (this.#drained.promise !== undefined && this.#isBelowLowMark()) this.#drained.resolve()
  }

  /**
   * Rejects requests that wait for a connection longer than `queueTimeout`.
   * @param since the clock time when the wait of one of them began; in a cluster, perhaps long ago, at another node
   */
  watch(since = this.#clock.now()): void {
    const { queueTimeout } = this.#limits
    if (since >= this.#since || queueTimeout === 0) return
    this.stopWatching()
    this.#since = since
    const left = since + queueTimeout - this.#clock.now()
    // All requests are looked at each time, so not for each one that has waited too long.
    this.#timer = this.#clock.after(Math.max(left, queueTimeout / 100), () => this.#expire())
  }

  stopWatching(): void {
    this.#clock.cancel(this.#timer)
    this.#since = Infinity
  }

  #isBelowLowMark(): boolean {
    const { maxQueued, maxQueuedBytes } = this.#limits
    return this.count <= maxQueued / 4 && this.bytes <= maxQueuedBytes / 4
  }

  #expire(): void {
    this.stopWatching()
    if (this.#subject.isFlowing()) return
    const { queueTimeout } = this.#limits
    const now = this.#clock.now()
    let oldest = Infinity
    for (const request of [...this]) {
      const waited = now - request.queuedAt
      // A timer may fire a millisecond early.
      if (waited <= queueTimeout - 1) oldest = Math.min(oldest, request.queuedAt)
      else {
        this.#subject.counters.timedOut += 1
        this.withdraw(request, rejections.waitedTooLong(request, waited, this.#subject.whyOffline()))
      }
    }
    this.watch(oldest)
  }
}
