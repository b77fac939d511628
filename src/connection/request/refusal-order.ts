import { type ChangedKeys, type Request, refusedUnheard } from './request.js'

interface Sent {
  readonly request: Request
  readonly changes: ChangedKeys
}

/**
 * Keeps the changes of a key in the order of the calls when the server refuses requests temporarily.
 *
 * ```
 *   sent       SET k 1    SET k 2    GET k    SET j 1
 *   answered   BUSY       OK         1        BUSY       SET k 1 can't be sent again: it would undo SET k 2.
 *                                                        SET j 1 can.
 * ```
 *
 * From the first refusal until no reply is pending, nothing more is sent. Then this class decides about each refused
 * request. It can't be sent again if a request that was sent after it, and that may have run, changed one of its keys.
 */
export class RefusalOrder {
  /** The first refused request, and all requests that were sent after it. */
  #sent: Sent[] = []
  readonly #refused = new Set<Request>()

  /** Whether there are refused requests to decide on. While there are, nothing may be sent. */
  get isOpen(): boolean {
    return this.#sent.length > 0
  }

  /**
   * Records that the server refused a request temporarily.
   * @param behind the requests with pending replies, which were sent after it
   */
  note(request: Request, behind: Iterable<Request>): void {
    if (!this.isOpen) this.#sent = [request, ...behind].map((sent) => ({ request: sent, changes: sent.changedKeys() }))
    this.#refused.add(request)
  }

  /**
   * Called when no reply is pending any more.
   * @param neverRan requests whose replies were lost, but that can't have run
   * @returns the refused requests that can't be sent again without breaking the order
   */
  close(neverRan: ReadonlySet<Request>): Request[] {
    const overtaken: Request[] = []
    const changed = new Set<string>()
    let isAllChanged = false
    for (const { request, changes } of this.#sent.reverse()) {
      if (this.#refused.has(request)) {
        const isShared =
          changes === 'all'
            ? isAllChanged || changed.size > 0
            : [...changes].some((key) => isAllChanged || changed.has(key))
        if (isShared && request.state === 'queued') overtaken.push(request)
      } else if (!neverRan.has(request) && !refusedUnheard.has(request)) {
        if (changes === 'all') isAllChanged = true
        else for (const key of changes) changed.add(key)
      }
    }
    this.#sent = []
    this.#refused.clear()
    return overtaken
  }
}
