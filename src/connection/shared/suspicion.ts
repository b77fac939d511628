import type { Connection } from '../wire/connection.js'

/**
 * Whether one request may be the reason why connections end: a server can close a connection because of the size of a reply, and does
 * not say so.
 *
 * After a second end in a row with replies pending, without a whole reply between, the oldest request is sent alone. If that
 * ends the connection too, only that request loses an attempt. The first whole reply ends the suspicion.
 */
export class Suspicion {
  #ends = 0

  /** A connection ended with replies pending. */
  noteEnd({ hasReplied }: Connection): void {
    this.#ends = hasReplied ? 1 : this.#ends + 1
  }

  /** Whether requests are to be sent one at a time on this connection. */
  isActive({ hasReplied }: Connection): boolean {
    return this.#ends > 1 && !hasReplied
  }
}
