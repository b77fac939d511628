import { Ledger } from './ledger.js'
import type { Request } from './request.js'

/**
 * Requests that wait for a socket, in order. Withdrawing a request needs no search, because the request stays as a
 * tombstone until it is at the front, or until most entries are tombstones.
 */
export class RequestQueue {
  readonly #items = new Ledger<Request>()
  #live = 0
  #bytes = 0

  /** Number of waiting requests. */
  get length(): number {
    return this.#live
  }

  /** Size of the arguments of the waiting requests. */
  get bytes(): number {
    return this.#bytes
  }

  push(request: Request): void {
    request.queue = this
    this.#items.push(request)
    this.#live += 1
    this.#bytes += request.bytes
  }

  /** Puts requests before all others, in the given order. */
  putBack(requests: readonly Request[]): void {
    for (let i = requests.length - 1; i >= 0; i -= 1) {
      const request = requests[i] as Request
      request.queue = this
      this.#items.unshift(request)
      this.#live += 1
      this.#bytes += request.bytes
    }
  }

  /** Removes the oldest waiting request. */
  shift(): Request | undefined {
    for (;;) {
      const request = this.#items.shift()
      if (request === undefined) return undefined
      if (request.state !== 'queued') continue
      request.queue = null
      this.#live -= 1
      this.#bytes -= request.bytes
      return request
    }
  }

  /** Called when a request was settled and no longer waits. */
  withdrawn(request: Request): void {
    request.queue = null
    this.#live -= 1
    this.#bytes -= request.bytes
    const tombstones = this.#items.length - this.#live
    if (tombstones > 1_024 && tombstones > this.#live) {
      for (const item of this.#items.takeAll()) if (item.state === 'queued') this.#items.push(item)
    }
  }

  /** Removes all requests, in order. */
  takeAll(): Request[] {
    const requests = this.#items.takeAll().filter((request) => request.state === 'queued')
    this.#live = 0
    this.#bytes = 0
    for (const request of requests) request.queue = null
    return requests
  }

  *[Symbol.iterator](): Generator<Request> {
    for (const request of this.#items) if (request.state === 'queued') yield request
  }
}
