import type { RespiteError } from '../../errors.js'
import type { Argument, Reply } from '../../protocol/types.js'
import type { Identity } from '../fence/identity.js'
import type { Clock, Timer } from '../timing/clock.js'
import { connectTimedOut, unasked } from './connect-failure.js'
import { Handshake, type Progress } from './handshake.js'
import type { ConnectionSettings } from './settings.js'

/** The connection that is being opened. */
export interface OpeningSubject {
  /** Writes these commands together. */
  write(commands: readonly (readonly Argument[])[]): void
  onDone(protocol: 2 | 3): void
  onFailed(error: RespiteError): void
}

/** The phase from dialing until a connection is ready, with a time limit. */
export class Opening {
  readonly #clock: Clock
  readonly #subject: OpeningSubject
  readonly #handshake: Handshake
  readonly #timer: Timer
  #isSecuring = false
  /** The next action, decided by the replies read so far. */
  #next: Exclude<Progress, { readonly kind: 'waiting' | 'failed' }> | undefined

  constructor(clock: Clock, { handshake, connectTimeout, endpoint }: ConnectionSettings, subject: OpeningSubject) {
    this.#clock = clock
    this.#subject = subject
    this.#handshake = new Handshake(handshake)
    this.identity.dialedAt = clock.now()
    this.#timer = clock.after(connectTimeout, () => {
      const stage = this.#handshake.awaited ?? (this.#isSecuring ? 'TLS' : 'TCP')
      subject.onFailed(connectTimedOut(connectTimeout, stage, endpoint))
    })
  }

  /** What the server has reported about the connection and itself. */
  get identity(): Identity {
    return this.#handshake.identity
  }

  /** The server's refusal of a step that is not required, if there was one. */
  get refusal(): string | undefined {
    return this.#handshake.refusal
  }

  /** The peer has accepted the connection, and the TLS handshake begins. */
  onSecuring(): void {
    this.#isSecuring = true
  }

  onOpen(): void {
    this.#subject.write(this.#handshake.begin().map(({ args }) => args))
  }

  /**
   * Accepts a reply. An unexpected reply ends the attempt, because each later reply would be taken for the reply to the
   * wrong command.
   */
  receive(reply: Reply): void {
    const { awaited } = this.#handshake
    if (awaited === undefined || this.#next !== undefined) {
      this.#subject.onFailed(unasked())
      return
    }
    const progress = this.#handshake.receive(reply)
    if (progress.kind === 'failed') this.#subject.onFailed(progress.error)
    else if (progress.kind !== 'waiting') this.#next = progress
  }

  /** Called when all bytes that have arrived are read. So none of them can answer what is sent from now on. */
  proceed(): void {
    const next = this.#next
    if (next === undefined) return
    this.#next = undefined
    if (next.kind === 'more') this.#subject.write(next.steps.map(({ args }) => args))
    else {
      this.stop()
      this.#subject.onDone(next.protocol)
    }
  }

  /** Ends the time limit. */
  stop(): void {
    this.#clock.cancel(this.#timer)
  }
}
