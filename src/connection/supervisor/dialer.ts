import type { RespiteError } from '../../errors.js'
import type { ResolvedOptions } from '../../options/options.js'
import type { Clock, Timer } from '../timing/clock.js'
import type { Dial } from '../transport/transport.js'
import { credentialsLate } from '../wire/connect-failure.js'
import { Connection, type ConnectionOwner, type ConnectionSettings } from '../wire/connection.js'
import { ReconnectPolicy } from './reconnect.js'
import type { Status } from './state.js'

/** What connections are made of. */
export interface DialerSettings {
  readonly options: ResolvedOptions
  /** Asked anew for each connection; what it rejects with ends the attempts. */
  connectionSettings(): ConnectionSettings | Promise<ConnectionSettings>
  readonly dial: Dial
  readonly clock: Clock
  /** Numbers the client's connections. */
  nextId(): number
}

/** Whom a dialer serves. */
export interface DialerSubject extends ConnectionOwner {
  status(): Status
  /** An attempt has begun; `onReady` or `onEnd` of the connection follow. */
  onDialled(connection: Connection): void
  /** No attempt could be made. */
  onUndialable(error: RespiteError): void
}

/** Makes connections, one at a time, at once or after a wait. */
export class Dialer {
  readonly #settings: DialerSettings
  readonly #subject: DialerSubject
  readonly #policy: ReconnectPolicy
  /** Counts attempts; settings that come for an attempt since given up are dropped. */
  #number = 0
  #timer: Timer | undefined

  constructor(settings: DialerSettings, subject: DialerSubject) {
    this.#settings = settings
    this.#subject = subject
    this.#policy = new ReconnectPolicy(settings.options, settings.clock)
  }

  /** Begins a first connect, with a deadline over all its attempts. */
  begin(): void {
    this.#policy.begin()
    this.#dial()
  }

  /** A connection has proven useful: the next wait is a short one again. */
  noteSuccess(): void {
    this.#policy.reset()
  }

  /**
   * Dials again after the wait that the policy asks for.
   * @returns false when there is to be no other attempt, and somebody must say so
   */
  again(error: Error): boolean {
    const number = this.#number
    const delay = this.#policy.nextDelay(this.#subject.status(), error)
    // The user's function may have ended the client just now.
    if (number !== this.#number) return true
    if (delay === undefined) return false
    this.#timer = this.#settings.clock.after(delay, () => {
      this.#timer = undefined
      this.#dial()
    })
    return true
  }

  /** Gives up the wait, or the attempt that has no connection yet. */
  stop(): void {
    this.#number += 1
    if (this.#timer !== undefined) this.#settings.clock.cancel(this.#timer)
    this.#timer = undefined
  }

  #dial(): void {
    this.#number += 1
    const number = this.#number
    const settings = this.#settings.connectionSettings()
    if (!(settings instanceof Promise)) {
      this.#open(settings)
      return
    }
    const { clock, options } = this.#settings
    const patience = this.#policy.boundAttempt(options.connectTimeout, this.#subject.status())
    const timer = clock.after(patience, () => {
      this.stop()
      // Another time it may be quicker.
      this.#subject.onUndialable(credentialsLate(patience))
    })
    this.#timer = timer
    const isWanted = (): boolean => {
      if (number !== this.#number) return false
      clock.cancel(timer)
      this.#timer = undefined
      return true
    }
    settings.then(
      (given) => {
        if (isWanted()) this.#open(given)
      },
      (error: RespiteError) => {
        if (isWanted()) this.#subject.onUndialable(error)
      },
    )
  }

  #open(settings: ConnectionSettings): void {
    const { dial, clock, nextId } = this.#settings
    const connectTimeout = this.#policy.boundAttempt(settings.connectTimeout, this.#subject.status())
    const connection = new Connection(nextId(), { ...settings, connectTimeout }, dial, clock, this.#subject)
    this.#subject.onDialled(connection)
  }
}
