import { messageOf } from '../../errors.js'
import type { Identity } from '../fence/identity.js'
import type { Rejection, Request } from '../request/request.js'
import { backoffBound } from '../timing/backoff.js'
import type { Clock, Timer } from '../timing/clock.js'

/** A request that waits at the server until there is data for it. */
export interface BlockingRequest extends Request {
  /** Milliseconds that earlier attempts, now lost, have waited. */
  waited: number
  /**
   * Set when its caller has given it up: what it is rejected with, unless its reply brings data after all. Null until
   * then.
   */
  giveUp: Rejection | null
}

/**
 * Asks the server, on another connection, to end the wait of this one. Server documentation: CLIENT UNBLOCK.
 * @returns whether that connection was waiting; rejects if the server refuses, or can't be asked, or if it is not known
 *   that both are connections to one server process: elsewhere, the number of the connection may be another client's
 */
export type Unblock = (identity: Identity) => Promise<boolean>

/** The connection of the request. */
export interface Unblockable {
  /** Who it is to the server. */
  readonly identity: Identity
  /** The request whose reply comes next. */
  readonly oldest: Request | undefined
  end(error: Error): void
}

/** Milliseconds that the reply of an unblocked command may take. Then its connection is ended. */
const graceMs = 1_000

/** Waits before CLIENT UNBLOCK is sent again, when the command was not waiting yet. */
const backoff = { baseDelay: 10, maxDelay: 200 }

/**
 * Ends the wait of a blocking request that its caller has given up. Its reply decides: without data, nothing was taken;
 * data was taken for the caller, who gets it.
 *
 * If the server does not allow it, or no reply comes, the connection is ended, and the fate of the request is unknown.
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

  /** @param onOver called when the reply to CLIENT UNBLOCK comes after the request was settled */
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
   * The request was settled.
   * @returns false while CLIENT UNBLOCK is pending: it could end the wait of a later request. `onOver` is called then
   */
  noteSettled(): boolean {
    if (this.#grace !== undefined) this.#clock.cancel(this.#grace)
    if (this.#again !== undefined) this.#clock.cancel(this.#again)
    this.#grace = undefined
    this.#again = undefined
    return !this.#isAsking
  }

  #ask(): void {
    // While others are in front of it, the connection may be waiting for one of them.
    if (this.#connection.oldest !== this.#request) {
      this.#askAgain()
      return
    }
    this.#isAsking = true
    this.#unblock(this.#connection.identity).then(
      (wasBlocked) => this.#onAnswer(wasBlocked),
      (error: unknown) => {
        this.#isAsking = false
        // Even if the reply has arrived: the server may still carry it out, on the next borrower's request.
        this.#connection.end(new Error(`CLIENT UNBLOCK: ${messageOf(error)}`))
        this.#onOver()
      },
    )
  }

  #onAnswer(wasBlocked: boolean): void {
    this.#isAsking = false
    if (this.#request.state === 'settled') this.#onOver()
    // It was not waiting yet, or its reply is on its way.
    else if (!wasBlocked) this.#askAgain()
  }

  #askAgain(): void {
    // The connection is over, and its request waits for the fence.
    if (this.#grace === undefined) return
    this.#attempts += 1
    this.#again = this.#clock.after(backoffBound(this.#attempts, backoff), () => {
      this.#again = undefined
      this.#ask()
    })
  }

  #giveUp(reason: string): void {
    if (this.#request.state !== 'settled') this.#connection.end(new Error(reason))
  }
}
