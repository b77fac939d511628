import type { Request } from '../connection/request/request.js'
import type { Clock, Timer } from '../connection/timing/clock.js'
import { Waiters } from '../connection/timing/waiters.js'
import type { ConnectionSettings } from '../connection/wire/settings.js'
import { ClientClosedError, HandshakeError, UsageError } from '../errors.js'
import type { Argument } from '../protocol/types.js'
import { AuthRequest } from './auth-request.js'

/** Creates the AUTH request of one connection. @param isAwaited whether `renew` waits for its reply; default true */
export type MakeAuth = (isAwaited?: boolean) => Request

/** The connections of a client, and the settings that they are opened with. */
export interface RenewalSubject {
  readonly clock: Clock
  /** Milliseconds in which the provider must answer. */
  readonly patience: number
  /** Returns the settings with new credentials from the provider. */
  settings(): ConnectionSettings | Promise<ConnectionSettings>
  /** Makes every connection authenticate, also those that are being opened. */
  authenticate(make: MakeAuth): void
  /** Whether any connection exists, or is wanted. If not, the next one asks for credentials itself. */
  isInUse(): boolean | undefined
  readonly onError: (error: Error) => void
}

/** Authenticates connections again before their credentials expire. This module is loaded when it is first needed. */
export class Renewal {
  readonly #subject: RenewalSubject
  #timer: Timer | undefined
  /** Clock time for which the timer is set. */
  #due = Infinity
  /** The error of calls after the client was closed. */
  #end: ClientClosedError | undefined
  /** Rejected when the provider is no longer waited for. */
  readonly #wait = new Waiters()
  /** AUTH with the newest credentials. */
  #args: readonly Argument[] = []
  /** The end of the last call of `renew`. */
  #last: Promise<void> = Promise.resolve()

  constructor(subject: RenewalSubject) {
    this.#subject = subject
  }

  /** Called for each connection that is opened. @param expiresAt when its credentials expire, in milliseconds since 1970 */
  schedule(expiresAt: number): void {
    const { clock } = this.#subject
    // Credentials are replaced after four fifths of their lifetime. There are 500 ms between attempts if no credentials can be
    // obtained, or if they expire immediately.
    const delay = Math.max(500, (expiresAt - clock.wallTime()) * 0.8)
    const due = clock.now() + delay
    if (this.#end || due >= this.#due) return
    this.#cancel()
    this.#due = due
    this.#timer = clock.after(
      delay,
      () => {
        this.#cancel()
        if (!this.#subject.isInUse()) return
        this.renew().catch((error: Error) => {
          if (this.#end) return
          this.#subject.onError(error)
          this.schedule(0)
        })
      },
      false,
    )
  }

  /**
   * Authenticates every connection with the credentials that the provider returns now. A call during another one begins when that
   * one has ended, so that each connection gets the newest credentials last. A planned renewal stays planned, because this call
   * may fail.
   * @throws HandshakeError if the provider fails or does not answer in time, or the server refuses the credentials; UsageError if
   *   there is no password; ClientClosedError
   */
  renew(): Promise<void> {
    const renewed = this.#last.then(() => this.#renew())
    this.#last = renewed.catch(() => {})
    return renewed
  }

  async #renew(): Promise<void> {
    if (this.#end) throw this.#end
    const subject = this.#subject
    const { clock } = subject
    const late = clock.after(subject.patience, () =>
      this.#wait.reject(
        new HandshakeError('the credentials provider does not answer', { fate: 'not-executed', step: 'CREDENTIALS' }),
      ),
    )
    // If the new credentials have an expiry time, `settings` calls `schedule`.
    const answer = Promise.race([subject.settings(), this.#wait.wait()]).finally(() => {
      clock.cancel(late)
      // Each call has its own promise: a promise keeps whatever waits for it until it is settled.
      this.#wait.resolve()
    })
    const { username, password } = ((await answer) as ConnectionSettings).handshake
    if (password === undefined) {
      throw new UsageError('reauthenticate: the client has no credentials and no password', { fate: 'not-executed' })
    }
    this.#args = username === undefined ? ['AUTH', password] : ['AUTH', username, password]
    const pending: Promise<void>[] = []
    let isCut = false
    subject.authenticate((isAwaited = true) => {
      const answer = new Waiters()
      if (isAwaited) pending.push(answer.wait())
      else answer.wait().catch(subject.onError)
      return new AuthRequest(
        () => this.#args,
        () => answer.resolve(),
        // A connection that is lost in the meantime is replaced by one that uses the same credentials.
        (error) => {
          isCut = true
          if (error instanceof HandshakeError) answer.reject(error)
          else answer.resolve()
        },
      )
    })
    await Promise.allSettled(pending)
    await Promise.all(pending)
    if (isCut && this.#end) throw this.#end
  }

  /** Called when the client is closed, also if it was closed before. */
  stop(): this {
    this.#cancel()
    this.#end = new ClientClosedError('the client is closed', { fate: 'not-executed' })
    this.#wait.reject(this.#end)
    return this
  }

  #cancel(): void {
    this.#subject.clock.cancel(this.#timer)
    this.#due = Infinity
  }
}
