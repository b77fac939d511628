import type { Clock, Timer } from '../timing/clock.js'
import type { DeadlineList, Request } from './request.js'

/**
 * Requests with the same time limit, in the order of their calls, which is also the order in which they expire. They
 * form a doubly linked list through the requests themselves, so that adding and removing cost only a few assignments.
 */
class LinkedDeadlines implements DeadlineList {
  first: Request | null = null
  #last: Request | null = null

  push(request: Request): void {
    request.deadlines = this
    request.earlier = this.#last
    if (this.#last === null) this.first = request
    else this.#last.later = request
    this.#last = request
  }

  delete(request: Request): void {
    if (request.earlier === null) this.first = request.later
    else request.earlier.later = request.later
    if (request.later === null) this.#last = request.earlier
    else request.later.earlier = request.earlier
    request.deadlines = null
    request.earlier = null
    request.later = null
  }
}

/**
 * The time limits of many requests, with one timer. There is a list for each distinct limit, and the timer is set for
 * the request that expires first. If that request is settled early, the timer still fires, and is set again if needed.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #onExpired: (request: Request) => void
  readonly #lists = new Map<number, LinkedDeadlines>()
  #timer: Timer | undefined
  #timerDue = Infinity

  constructor(clock: Clock, onExpired: (request: Request) => void) {
    this.#clock = clock
    this.#onExpired = onExpired
  }

  /** Watches a new request that has a time limit. */
  add(request: Request): void {
    const { calledAt, timeout } = request
    let list = this.#lists.get(timeout)
    if (list === undefined) {
      list = new LinkedDeadlines()
      this.#lists.set(timeout, list)
    }
    list.push(request)
    if (calledAt + timeout < this.#timerDue) this.#arm(calledAt + timeout, calledAt)
  }

  /** Cancels the timer. */
  stop(): void {
    this.#clock.cancel(this.#timer)
    this.#timerDue = Infinity
  }

  /** Cancels the timer if there is no request to watch, so that it does not keep the process running. */
  rest(): void {
    for (const list of this.#lists.values()) if (list.first !== null) return
    this.stop()
  }

  #arm(due: number, now: number): void {
    this.stop()
    this.#timerDue = due
    this.#timer = this.#clock.after(Math.max(0, due - now), () => this.#expire())
  }

  #expire(): void {
    this.stop()
    const now = this.#clock.now()
    let next = Infinity
    for (const [timeout, list] of this.#lists) {
      let request = list.first
      while (request !== null && request.calledAt + timeout <= now) {
        list.delete(request)
        this.#onExpired(request)
        request = list.first
      }
      if (request === null) this.#lists.delete(timeout)
      else next = Math.min(next, request.calledAt + timeout)
    }
    if (next < this.#timerDue) this.#arm(next, now)
  }
}
