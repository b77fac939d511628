import type { Connection } from '../wire/connection.js'

/**
 * Detects whether one request may be the reason why connections end. A server can close a connection because of the
 * size of a reply, without an error.
 *
 * If two connections in a row ended with replies pending, and no complete reply arrived in between, the oldest request
 * is sent alone. If the connection ends again, this counts as an attempt only for that request. The first complete
 * reply ends the suspicion.
 */
export class Suspicion {
  #ends = 0

  /** Called when a connection ended with replies pending. */
  noteEnd({ hasReplied }: Connection): void {
    this.#ends = hasReplied ? 1 : this.#ends + 1
  }

  /** Whether requests must be sent one at a time on this connection. */
  isActive({ hasReplied }: Connection): boolean {
    return this.#ends > 1 && !hasReplied
  }
}
