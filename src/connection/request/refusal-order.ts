import { type ChangedKeys, type Request, refusedUnheard } from './request.js'

interface Sent {
  readonly request: Request
  readonly changes: ChangedKeys
}

/**
 * Keeps the effects on a key in the order of the calls after the server refused requests for now.
 *
 * ```
 *   sent       SET k 1    SET k 2    GET k    SET j 1
 *   answered   BUSY       OK         1        BUSY       SET k 1 can't be sent again: it would undo SET k 2.
 *                                                        SET j 1 can.
 * ```
 *
 * From the first refusal until no reply is pending, nothing more is sent. Then this decides, for each refused request, whether one
 * that was sent behind it, and may have run, changed a key of it.
 */
export class RefusalOrder {
  /** The first refused request, and all that were sent behind it. */
  #sent: Sent[] = []
  readonly #refused = new Set<Request>()

  /** Whether there are refused requests to decide on: nothing may be sent. */
  get isOpen(): boolean {
    return this.#sent.length > 0
  }

  /** The server refused a request for now. @param behind those whose replies are pending: they were sent behind it */
  note(request: Request, behind: Iterable<Request>): void {
    if (!this.isOpen) this.#sent = [request, ...behind].map((sent) => ({ request: sent, changes: sent.changedKeys() }))
    this.#refused.add(request)
  }

  /**
   * No reply is pending any more.
   * @param neverRan requests whose reply was lost, but that can't have run
   * @returns the refused requests that can't be sent again in order
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
