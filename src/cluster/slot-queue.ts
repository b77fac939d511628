import type { Request } from '../connection/request/request.js'

/** The requests that wait in all slots. */
export interface Sums {
  /** Adds to their number, and to their bytes. */
  add(count: number, bytes: number): void
}

/**
 * The requests of one slot. They wait until no reply is pending for the slot and its owner is known.
 * Later requests wait after those that a server has redirected.
 */
export class SlotQueue {
  readonly #requests = new Set<Request>()
  readonly #sums: Sums
  /** Only a view that was asked for at this clock time or later confirms the owner; -1: no confirmation is needed. */
  confirmedFrom = -1
  /** Nothing is sent before this clock time. */
  notBefore = 0
  /** Whether requests of the slot that waited at nodes were moved here. */
  isComplete = false

  constructor(sums: Sums) {
    this.#sums = sums
  }

  insert(request: Request): void {
    request.queue = this
    this.#requests.add(request)
    this.#sums.add(1, request.bytes)
  }

  withdrawn(request: Request): void {
    request.queue = null
    this.#requests.delete(request)
    this.#sums.add(-1, -request.bytes)
  }

  /** Removes all requests. @returns them in the order of their calls */
  takeAll(): Request[] {
    const all = [...this].sort((one, other) => one.calledAt - other.calledAt)
    for (const request of all) this.withdrawn(request)
    return all
  }

  [Symbol.iterator](): Iterator<Request> {
    return this.#requests.values()
  }
}
