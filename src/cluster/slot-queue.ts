import type { Request } from '../connection/request/request.js'

/**
 * The requests of one slot in trouble, in the order of their calls, until the slot is quiet and its owner is known. Requests that were
 * called later wait behind those that a server has sent back.
 */
export class SlotQueue {
  #requests: Request[] = []
  /** A view that was asked for at this clock time or later must confirm the owner; -1: none need. */
  confirmedFrom = -1
  /** Nothing is sent before this clock time. */
  notBefore = 0

  /** Puts a request in the place that its call gives it. */
  insert(request: Request): void {
    request.queue = this
    let at = this.#requests.length
    // Nearly always the last.
    while (at > 0 && (this.#requests[at - 1] as Request).calledAt > request.calledAt) at -= 1
    this.#requests.splice(at, 0, request)
  }

  withdrawn(request: Request): void {
    request.queue = null
  }

  /** Removes all, in order. */
  takeAll(): Request[] {
    const all = [...this]
    this.#requests = []
    for (const request of all) request.queue = null
    return all
  }

  *[Symbol.iterator](): Generator<Request> {
    for (const request of this.#requests) if (request.state === 'queued') yield request
  }
}
