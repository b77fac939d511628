import type { Counters } from '../connection/request/counters.js'
import * as rejections from '../connection/request/rejections.js'
import type { Rejection, Request } from '../connection/request/request.js'
import type { Clock } from '../connection/timing/clock.js'
import { Waiters } from '../connection/timing/waiters.js'
import type { ResolvedOptions } from '../options/options.js'
import { EarliestTimer } from './earliest-timer.js'
import { SlotQueue, type Sums } from './slot-queue.js'

interface Dependencies {
  readonly options: ResolvedOptions
  readonly clock: Clock
  readonly counters: Counters
  lastError(): Error | undefined
  /** Called when a pause has ended. */
  onDue(): void
}

/** The slots whose requests have to wait, with these requests. A request waits no longer than `queueTimeout`. */
export class WaitingSlots implements Sums {
  readonly #queues = new Map<number, SlotQueue>()
  readonly #dependencies: Dependencies
  /** The number of requests that wait. It is kept up to date, because each request that is to wait asks for it. */
  count = 0
  /** Their bytes. */
  bytes = 0
  readonly #drained = new Waiters()
  readonly #expiry: EarliestTimer
  readonly #due: EarliestTimer

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
    this.#expiry = new EarliestTimer(dependencies.clock, () => this.#expire())
    this.#due = new EarliestTimer(dependencies.clock, dependencies.onDue)
  }

  /** Whether requests of the slot wait. */
  has(slot: number): boolean {
    return this.#queues.has(slot)
  }

  /** Iterates over the slots and their queues. */
  [Symbol.iterator](): Iterator<[number, SlotQueue]> {
    return [...this.#queues][Symbol.iterator]()
  }

  *requests(): Generator<Request> {
    for (const queue of this.#queues.values()) yield* queue
  }

  /** Rejects a new request if it is not allowed to wait. @returns whether it is allowed */
  admit(request: Request): boolean {
    const { options, lastError } = this.#dependencies
    if (options.offline === 'reject') {
      request.fail('not-executed', rejections.offline(lastError()))
      return false
    }
    const { count, bytes } = this
    if (!count || (count < options.maxQueued && bytes + request.bytes <= options.maxQueuedBytes)) return true
    request.fail('not-executed', rejections.queueFull(count, bytes, lastError()))
    return false
  }

  /**
   * Opens the queue of a slot. If the queue is already open, it waits for these conditions in addition to its own.
   * @param confirmedFrom see SlotQueue
   * @param notBefore see SlotQueue
   */
  open(slot: number, confirmedFrom = -1, notBefore = 0): SlotQueue {
    const queue = this.#queues.get(slot) ?? new SlotQueue(this)
    this.#queues.set(slot, queue)
    queue.confirmedFrom = Math.max(queue.confirmedFrom, confirmedFrom)
    queue.notBefore = Math.max(queue.notBefore, notBefore)
    if (notBefore > 0) this.lookAt(notBefore)
    return queue
  }

  /** Puts a request into the queue of its slot, which is opened if necessary. */
  insert(slot: number, request: Request): void {
    this.open(slot).insert(request)
    const { queueTimeout } = this.#dependencies.options
    if (queueTimeout > 0) this.#expiry.setFor(request.queuedAt + queueTimeout)
  }

  /** Closes the queue of a slot. @returns its requests, in order */
  close(slot: number): Request[] {
    const requests = this.#queues.get(slot)?.takeAll() ?? []
    this.#queues.delete(slot)
    return requests
  }

  rejectAll(rejection: Rejection): void {
    this.#due.stop()
    this.#expiry.stop()
    for (const [slot] of this) for (const request of this.close(slot)) request.fail('not-executed', rejection)
  }

  add(count: number, bytes: number): void {
    this.count += count
    this.bytes += bytes
    if (this.#isLow) this.#drained.resolve()
  }

  /** Resolves when what waits is at or below a quarter of its limits. */
  async drained(): Promise<void> {
    if (!this.#isLow) await this.#drained.wait()
  }

  get #isLow(): boolean {
    const { maxQueued, maxQueuedBytes } = this.#dependencies.options
    return this.count <= maxQueued / 4 && this.bytes <= maxQueuedBytes / 4
  }

  /** Calls `onDue` at this clock time, or before; 0: soon. */
  lookAt(time: number): void {
    this.#due.setFor(time)
  }

  #expire(): void {
    const { clock, counters, options, lastError } = this.#dependencies
    const now = clock.now()
    let oldest = Infinity
    for (const request of this.requests()) {
      const waited = now - request.queuedAt
      if (waited < options.queueTimeout) oldest = Math.min(oldest, request.queuedAt)
      else {
        counters.timedOut += 1
        request.queue?.withdrawn(request)
        request.fail('not-executed', rejections.waitedTooLong(request, waited, lastError()))
      }
    }
    // Not at once, so that not all are looked at for each of them.
    this.#expiry.setFor(Math.max(oldest + options.queueTimeout, now + options.queueTimeout / 100))
  }
}
