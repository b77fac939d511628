import type { Rejection, Request } from '../request/request.js'
import { backoffBound } from '../timing/backoff.js'
import type { Clock, Timer } from '../timing/clock.js'
import type { DedicatedConnection } from './dedicated-connection.js'

/** A request that waits on the server until there is something to be had. */
export interface BlockingRequest extends Request {
  /** Milliseconds that earlier attempts, now lost, have waited already. */
  waited: number
  /**
   * Set when its caller has given it up: what it is rejected with, unless its reply brings something after all. Null while
   * it is wanted.
   */
  giveUp: Rejection | null
}

/**
 * Asks the server, on another connection, to end the wait of the connection with this number. Server documentation: CLIENT UNBLOCK.
 * @returns whether it waited; rejects when the server refuses, or can't be asked
 */
export type Unblock = (serverId: number) => Promise<boolean>

/** Milliseconds that the reply of an unblocked command may take; then its connection is ended. */
const graceMs = 1_000

/** Waits before CLIENT UNBLOCK is sent again, when the command was not waiting yet. */
const backoff = { baseDelay: 10, maxDelay: 200 }

/**
 * Ends the wait of a blocking request that its caller has given up, so that its reply decides: nothing means that it took
 * nothing, and something was taken for the caller, who gets it.
 *
 * When the server does not allow it, or no reply comes, the connection is ended, and what became of the request is unknown.
 */
export class Unblocking {
  readonly #clock: Clock
  readonly #connection: DedicatedConnection
  readonly #request: Request
  readonly #unblock: Unblock
  readonly #onOver: () => void
  #grace: Timer | undefined
  #again: Timer | undefined
  #attempts = 0
  #isAsking = false
  #isOver = false

  /** @param onOver called once, when the request is settled and no request to unblock is under way any longer */
  constructor(
    clock: Clock,
    parties: { readonly connection: DedicatedConnection; readonly request: Request },
    unblock: Unblock,
    onOver: () => void,
  ) {
    this.#clock = clock
    this.#connection = parties.connection
    this.#request = parties.request
    this.#unblock = unblock
    this.#onOver = onOver
    this.#grace = clock.after(graceMs, () => this.#giveUp('no reply came after CLIENT UNBLOCK'))
    this.#ask()
  }

  /** To be called when the request has been settled. */
  noteSettled(): void {
    if (this.#grace !== undefined) this.#clock.cancel(this.#grace)
    if (this.#again !== undefined) this.#clock.cancel(this.#again)
    this.#grace = undefined
    this.#again = undefined
    if (!this.#isAsking) this.#finish()
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#onOver()
  }

  #ask(): void {
    const { serverId } = this.#connection
    if (serverId === undefined) {
      // Not at once: whoever began this is not done with it.
      this.#clock.defer(() => this.#giveUp('the server did not tell the number of the connection'))
      return
    }
    // As long as it waits behind others, its connection may be waiting for one of them.
    if (this.#connection.oldest !== this.#request) {
      this.#askAgain()
      return
    }
    this.#isAsking = true
    this.#unblock(serverId).then(
      (wasBlocked) => this.#onAnswer(wasBlocked),
      (error: unknown) => {
        this.#isAsking = false
        // Even if its reply has come meanwhile: what is asked for may still be done, to whoever has the connection next.
        this.#connection.end(new Error(`CLIENT UNBLOCK: ${error instanceof Error ? error.message : String(error)}`))
        this.#finish()
      },
    )
  }

  #onAnswer(wasBlocked: boolean): void {
    this.#isAsking = false
    if (this.#request.state === 'settled') this.#finish()
    // It has not come to wait yet, or its reply is on its way.
    else if (!wasBlocked) this.#askAgain()
  }

  #askAgain(): void {
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
