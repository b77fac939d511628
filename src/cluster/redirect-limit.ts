import type { Request } from '../connection/request/request.js'
import { RedirectError } from '../errors.js'

/** Counts how many times each request was redirected. */
export class RedirectLimit {
  readonly #max: number
  readonly #counts = new WeakMap<Request, number>()

  constructor(max: number) {
    this.#max = max
  }

  /**
   * Counts a redirection. Until the first one, the request was in flight, and did not wait for its node.
   * @param now clock time @returns false if there were too many; in that case, the request is rejected
   */
  allows(request: Request, now: number): boolean {
    const count = (this.#counts.get(request) ?? 0) + 1
    this.#counts.set(request, count)
    if (count === 1 && request.refusals === 0) request.queuedAt = now
    if (count <= this.#max) return true
    const problem = `: redirected more than ${this.#max} times`
    request.fail('not-executed', (about) => new RedirectError(about.command + problem, about))
    return false
  }
}
