import type { LostRequest } from './lost-request.js'
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
  /** The refused requests, and in the end also those whose connection was lost, but that can't have run. */
  readonly #harmless = new Set<Request>()

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
    this.#harmless.add(request)
  }

  /**
   * Called when no reply is pending any more.
   * @param lost requests without a complete reply, whose connection was lost
   * @returns the refused requests that can't be sent again without breaking the order
   */
  close(lost: readonly LostRequest[]): Request[] {
    for (const { request, neverSent, replySeen } of lost) {
      if (neverSent || replySeen === 'error') this.#harmless.add(request)
    }
    const overtaken: Request[] = []
    const changed = new Set<string>()
    let isAllChanged = false
    for (const { request, changes } of this.#sent.reverse()) {
      if (this.#harmless.has(request)) {
        const isShared =
          changes === 'all'
            ? isAllChanged || changed.size > 0
            : [...changes].some((key) => isAllChanged || changed.has(key))
        if (isShared && request.state === 'queued') overtaken.push(request)
      } else if (!refusedUnheard.has(request)) {
        if (changes === 'all') isAllChanged = true
        else for (const key of changes) changed.add(key)
      }
    }
    this.#sent = []
    this.#harmless.clear()
    return overtaken
  }
}
