import type { RespiteError } from '../../errors.js'
import type { Argument, Reply } from '../../protocol/types.js'
import type { Identity } from '../fence/identity.js'
import type { Clock, Timer } from '../timing/clock.js'
import { connectTimedOut } from './connect-failure.js'
import { Handshake } from './handshake.js'
import type { ConnectionSettings } from './settings.js'

/** The connection that is being opened. */
export interface OpeningSubject {
  /** Writes these commands together. */
  write(commands: readonly (readonly Argument[])[]): void
  onDone(protocol: 2 | 3): void
  onFailed(error: RespiteError): void
}

/** The time from dialing until a connection is ready, within its limit. */
export class Opening {
  readonly #clock: Clock
  readonly #subject: OpeningSubject
  readonly #handshake: Handshake
  readonly #timer: Timer
  #isSecuring = false

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

  /** What the server has said about the connection and itself. */
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

  /** Takes a reply. */
  receive(reply: Reply): void {
    const progress = this.#handshake.receive(reply)
    switch (progress.kind) {
      case 'waiting':
        return
      case 'more':
        this.#subject.write(progress.steps.map(({ args }) => args))
        return
      case 'failed':
        this.#subject.onFailed(progress.error)
        return
      case 'done':
        this.stop()
        this.#subject.onDone(progress.protocol)
    }
  }

  /** Ends the time limit. */
  stop(): void {
    this.#clock.cancel(this.#timer)
  }
}
