import type { ResolvedOptions } from '../../options/options.js'
import { RequestQueue } from '../request/queue.js'
import * as rejections from '../request/rejections.js'
import type { Rejection, Request } from '../request/request.js'
import type { Clock, Timer } from '../timing/clock.js'
import { Waiters } from '../timing/waiters.js'

/** What a backlog must know of the link it waits for. */
export interface BacklogSubject {
  /** Requests leave the backlog as fast as the socket takes them: nobody waits for a connection. */
  isFlowing(): boolean
  /** Why there is no connection, as far as known. */
  lastError(): Error | undefined
  /** A request has waited as long as it may, and was rejected. */
  onExpired(): void
}

/**
 * The requests that wait, in order, and the bounds on their number, size and patience.
 *
 * What the server refused for now stands apart until it is tried again, before all others: it was sent before them.
 */
export class Backlog {
  /** What a connection takes from. */
  readonly queue = new RequestQueue()
  readonly #refused = new RequestQueue()
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
    return this.#refused.length + this.queue.length
  }

  get bytes(): number {
    return this.#refused.bytes + this.queue.bytes
  }

  /** In the order in which they will be sent. */
  *[Symbol.iterator](): Generator<Request> {
    yield* this.#refused
    yield* this.queue
  }

  /** Whether the request may wait with the others, by its size. One that is too large for any queue may still wait alone. */
  hasRoomInBytes(request: Request): boolean {
    return this.count === 0 || this.bytes + request.bytes <= this.#limits.maxQueuedBytes
  }

  /** Whether the request may wait with the others, by its size and their number. */
  hasRoom(request: Request): boolean {
    return this.count < this.#limits.maxQueued && this.hasRoomInBytes(request)
  }

  /** The error of a request for which there is no room. */
  full(): Rejection {
    return rejections.queueFull(this.count, this.bytes, this.#subject.lastError())
  }

  /** Sets apart a request that the server would not run for now. */
  setApart(request: Request): void {
    this.#refused.push(request)
    this.watch()
  }

  /** Puts those set apart back before all others. */
  rejoin(): void {
    this.queue.putBack(this.#refused.takeAll())
  }

  /** Settles a request that waits. */
  withdraw(request: Request, rejection: Rejection): void {
    const { queue } = request
    request.fail('not-executed', rejection)
    queue?.withdrawn(request)
    this.noteShorter()
  }

  /** Settles all that wait. */
  rejectAll(rejection: Rejection): void {
    for (const request of [...this.#refused.takeAll(), ...this.queue.takeAll()]) request.fail('not-executed', rejection)
    this.#drained.resolve()
  }

  /** Resolves when what waits is below a quarter of its bounds. */
  drain(): Promise<void> {
    return this.#isBelowLowMark() ? Promise.resolve() : this.#drained.wait()
  }

  /** To be called when requests have left. */
  noteShorter(): void {
    if (this.#drained.promise !== undefined && this.#isBelowLowMark()) this.#drained.resolve()
  }

  /** Sees to it that no request waits for a connection longer than `queueTimeout`. */
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
      // Those that never left the queue stand in the order of their calls: all behind are younger.
      if (oldest !== Infinity && request.attempts === 0) break
    }
    for (const request of expired) {
      this.#subject.onExpired()
      this.withdraw(request, rejections.waitedTooLong(request, now - request.queuedAt, this.#subject.lastError()))
    }
    if (oldest !== Infinity) this.watch(Math.max(oldest + queueTimeout - now, 1))
  }
}
