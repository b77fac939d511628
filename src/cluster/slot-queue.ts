import type { Request } from '../connection/request/request.js'

/** The requests that wait in all slots. */
export interface Sums {
  count: number
  bytes: number
}

/**
 * The requests of one slot, in the order of their calls. They wait until no reply is pending for the slot and its owner is known.
 * Later requests wait after those that a server has redirected.
 */
export class SlotQueue {
  #requests: Request[] = []
  readonly #sums: Sums
  /** Only a view that was asked for at this clock time or later confirms the owner; -1: no confirmation is needed. */
  confirmedFrom = -1
  /** Nothing is sent before this clock time. */
  notBefore = 0

  constructor(sums: Sums) {
    this.#sums = sums
  }

  /** Inserts a request at the place that the time of its call determines. */
  insert(request: Request): void {
    request.queue = this
    this.#sums.count += 1
    this.#sums.bytes += request.bytes
    let at = this.#requests.length
    // Nearly always, the place is the last one.
    while (at > 0 && (this.#requests[at - 1] as Request).calledAt > request.calledAt) at -= 1
    this.#requests.splice(at, 0, request)
  }

  withdrawn(request: Request): void {
    request.queue = null
    this.#sums.count -= 1
    this.#sums.bytes -= request.bytes
  }

  /** Removes all requests, in order. */
  takeAll(): Request[] {
    const all = [...this]
    this.#requests = []
    for (const request of all) this.withdrawn(request)
    return all
  }

  *[Symbol.iterator](): Generator<Request> {
    for (const request of this.#requests) if (request.state === 'queued') yield request
  }
}
