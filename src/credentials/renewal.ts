import type { Request } from '../connection/request/request.js'
import type { Clock, Timer } from '../connection/timing/clock.js'
import { Waiters } from '../connection/timing/waiters.js'
import type { ConnectionSettings } from '../connection/wire/settings.js'
import { HandshakeError, UsageError } from '../errors.js'
import type { Argument } from '../protocol/types.js'
import { AuthRequest } from './auth-request.js'

/** Makes the AUTH request of one connection. @param isAwaited whether `renew` waits for its reply; default true */
export type MakeAuth = (isAwaited?: boolean) => Request

/** The connections of a client, and what they are made with. */
export interface RenewalSubject {
  readonly clock: Clock
  /** Asks for the credentials again. */
  settings(): ConnectionSettings | Promise<ConnectionSettings>
  /** Has every connection authenticate that is ready. */
  authenticate(make: MakeAuth): void
  onError(error: Error): void
}

/** After this part of their life credentials are replaced. */
const part = 0.8

/** Milliseconds between attempts, if credentials are not to be had, or end at once. */
const pauseMs = 500

/** Authenticates connections again before their credentials end. Loaded when it is first needed. */
export class Renewal {
  readonly #subject: RenewalSubject
  #timer: Timer | undefined
  /** Clock time for which the timer is set. */
  #due = Infinity
  #isStopped = false

  constructor(subject: RenewalSubject) {
    this.#subject = subject
  }

  /** A connection is being made with credentials that end then, in milliseconds since 1970. */
  schedule(expiresAt: number): void {
    const { clock } = this.#subject
    const delay = Math.max(pauseMs, (expiresAt - clock.wallTime()) * part)
    const due = clock.now() + delay
    if (this.#isStopped || due >= this.#due) return
    this.#cancel()
    this.#due = due
    this.#timer = clock.after(delay, () => {
      this.renew().catch((error: Error) => {
        this.#subject.onError(error)
        this.schedule(clock.wallTime() + pauseMs)
      })
    })
  }

  /**
   * Authenticates every connection with what the provider returns now.
   * @throws HandshakeError if there are no credentials, or the server refuses them
   */
  async renew(): Promise<void> {
    this.#cancel()
    // If they end, `schedule` is called.
    const { handshake } = await this.#subject.settings()
    const { username, password } = handshake
    if (password === undefined) {
      throw new UsageError('reauthenticate: the client has no credentials and no password', { fate: 'not-executed' })
    }
    const args: Argument[] = username === undefined ? ['AUTH', password] : ['AUTH', username, password]
    const pending: Promise<void>[] = []
    this.#subject.authenticate((isAwaited = true) => {
      const answer = new Waiters()
      if (isAwaited) pending.push(answer.wait())
      else answer.wait().catch((error: Error) => this.#subject.onError(error))
      return new AuthRequest(
        args,
        () => answer.resolve(),
        // A connection that is lost meanwhile is replaced by one with the same credentials.
        (error) => (error instanceof HandshakeError ? answer.reject(error) : answer.resolve()),
      )
    })
    const results = await Promise.allSettled(pending)
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  /** The client is closed. */
  stop(): void {
    this.#isStopped = true
    this.#cancel()
  }

  #cancel(): void {
    if (this.#timer !== undefined) this.#subject.clock.cancel(this.#timer)
    this.#timer = undefined
    this.#due = Infinity
  }
}
