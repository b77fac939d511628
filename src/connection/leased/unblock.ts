import { messageOf } from '../../errors.js'
import type { Identity } from '../fence/identity.js'
import type { Rejection, Request } from '../request/request.js'
import { backoffBound } from '../timing/backoff.js'
import type { Clock, Timer } from '../timing/clock.js'

/** A request that waits at the server until there is data for it. */
export interface BlockingRequest extends Request {
  /** The number of milliseconds that earlier attempts, which were lost, have waited. */
  waited: number
  /**
   * The error for the caller, set when the caller has given the request up; null until then. If the reply still
   * contains data, the caller gets the data instead.
   */
  giveUp: Rejection | null
}

/**
 * Asks the server, on another connection, to end the wait of a connection. Server documentation: CLIENT UNBLOCK.
 * @returns whether that connection was waiting. The promise is rejected if the server refuses, or can't be asked, or if
 *   it is not known that both connections lead to one server process. In another process, the ID of the connection may
 *   be another client's
 */
export type Unblock = (identity: Identity) => Promise<boolean>

/** The connection of the request. */
export interface Unblockable {
  /** The identity of the connection at the server. */
  readonly identity: Identity
  /** The request whose reply comes next. */
  readonly oldest: Request | undefined
  end(error: Error): void
}

/** How long to wait for the reply of an unblocked command, in milliseconds. After that, its connection is ended. */
const graceMs = 1_000

/** The waits before CLIENT UNBLOCK is sent again, if the command was not waiting yet. */
const backoff = { baseDelay: 10, maxDelay: 200 }

/**
 * Ends the wait of a blocking request that its caller has given up. The reply decides. If it has no data, nothing was
 * taken. If it has data, the data was taken for the caller, and the caller gets it.
 *
 * If the server does not allow CLIENT UNBLOCK, or no reply arrives, the connection is ended, and the fate of the
 * request is unknown.
 */
export class Unblocking {
  readonly #clock: Clock
  readonly #connection: Unblockable
  readonly #request: Request
  readonly #unblock: Unblock
  readonly #onOver: () => void
  #grace: Timer | undefined
  #again: Timer | undefined
  #attempts = 0
  #isAsking = false

  /** @param onOver called when the reply to CLIENT UNBLOCK arrives after the request was settled */
  constructor(
    clock: Clock,
    parties: { readonly connection: Unblockable; readonly request: Request },
    unblock: Unblock,
    onOver: () => void,
  ) {
    this.#clock = clock
    this.#connection = parties.connection
    this.#request = parties.request
    this.#unblock = unblock
    this.#onOver = onOver
  }

  begin(): void {
    this.#grace = this.#clock.after(graceMs, () => this.#giveUp('no reply came after CLIENT UNBLOCK'))
    this.#ask()
  }

  /**
   * Called when the request was settled.
   * @returns false while CLIENT UNBLOCK is pending, because it could end the wait of a later request. `onOver` is
   *   called when it is answered
   */
  noteSettled(): boolean {
    this.#clock.cancel(this.#grace)
    this.#clock.cancel(this.#again)
    this.#grace = undefined
    return !this.#isAsking
  }

  #ask(): void {
    // While other requests are ahead of this one, the server may be waiting for one of those.
    if (this.#connection.oldest !== this.#request) {
      this.#askAgain()
      return
    }
    this.#isAsking = true
    this.#unblock(this.#connection.identity).then(
      (wasBlocked) => this.#onAnswer(wasBlocked),
      (error: unknown) => {
        this.#isAsking = false
        // End the connection even if the request was answered. The server may still run CLIENT UNBLOCK, and end the
        // wait of the next borrower's request.
        this.#connection.end(new Error(`CLIENT UNBLOCK: ${messageOf(error)}`))
        this.#onOver()
      },
    )
  }

  #onAnswer(wasBlocked: boolean): void {
    this.#isAsking = false
    if (this.#request.state === 'settled') this.#onOver()
    // The request was not waiting yet, or its reply is on its way.
    else if (!wasBlocked) this.#askAgain()
  }

  #askAgain(): void {
    // The connection has ended, and its request waits for the fence.
    if (this.#grace === undefined) return
    this.#attempts += 1
    this.#again = this.#clock.after(backoffBound(this.#attempts, backoff), () => this.#ask())
  }

  #giveUp(reason: string): void {
    if (this.#request.state !== 'settled') this.#connection.end(new Error(reason))
  }
}
