import type { Request } from '../connection/request/request.js'
import { RedirectError } from '../errors.js'

/** How often each request was sent on from node to node. */
export class RedirectLimit {
  readonly #max: number
  readonly #counts = new WeakMap<Request, number>()

  constructor(max: number) {
    this.#max = max
  }

  /** Counts a redirect. @returns false if there were too many: then the request is rejected */
  allows(request: Request): boolean {
    const count = (this.#counts.get(request) ?? 0) + 1
    this.#counts.set(request, count)
    if (count <= this.#max) return true
    request.fail('not-executed', (about) => {
      const message = `${about.command}: sent on from node to node more than ${this.#max} times`
      return new RedirectError(message, about)
    })
    return false
  }
}
