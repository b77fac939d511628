import type { RespiteError } from '../../errors.js'
import type { ResolvedOptions } from '../../options/options.js'
import { inRootContext } from '../../root-context.js'
import type { Fence } from '../fence/fence.js'
import type { Clock, Timer } from '../timing/clock.js'
import type { Dial } from '../transport/transport.js'
import { settingsLate } from '../wire/connect-failure.js'
import { Connection, type ConnectionLifecycle, type ConnectionOwner } from '../wire/connection.js'
import type { ConnectionSettings } from '../wire/settings.js'

/** Everything that is needed to create connections. */
export interface ConnectorSettings {
  readonly options: ResolvedOptions
  /**
   * Returns the address to connect to, and the credentials. Called for each attempt, because both may change. If the
   * promise is rejected, that is the error of the attempt.
   */
  connectionSettings(): ConnectionSettings | Promise<ConnectionSettings>
  /** The name of whatever provides the settings, for the error message if that takes too long. */
  readonly provider: string
  readonly dial: Dial
  readonly clock: Clock
  /** The fence for the address that the connections lead to. */
  readonly fence: Fence
  /** Numbers the connections of the client. */
  nextId(): number
}

/**
 * An attempt to connect. One of the callbacks is called, unless `cancel` is called before. `onFailed` is called in a
 * later turn of the event loop, so that a client that connects again immediately does not block the event loop.
 */
export interface Attempt {
  /**
   * Returns how many milliseconds a step of the attempt may take.
   * @param connectTimeout milliseconds that the options allow
   */
  limit(connectTimeout: number): number
  /** Called when the settings have arrived, so that `dial` can be called. */
  onSettings(settings: ConnectionSettings): void
  onFailed(error: RespiteError): void
}

/** Begins attempts to connect. It gets the settings within a time limit, and dials. */
export class Connector {
  readonly #settings: ConnectorSettings
  readonly #adapt: (settings: ConnectionSettings) => ConnectionSettings
  /** A timer for each attempt that has not been dialed yet. */
  readonly #pending = new Set<Timer>()

  /** @param adapt adapts the settings to the purpose of the connections */
  constructor(settings: ConnectorSettings, adapt = (given: ConnectionSettings): ConnectionSettings => given) {
    this.#settings = settings
    this.#adapt = adapt
  }

  /** Attempts that have not been dialed yet. */
  get pendingCount(): number {
    return this.#pending.size
  }

  begin(attempt: Attempt): void {
    // A socket keeps the async context in which it is opened.
    inRootContext(() => this.#begin(attempt))
  }

  #begin(attempt: Attempt): void {
    const { options } = this.#settings
    const settings = this.#settings.connectionSettings()
    if (!(settings instanceof Promise)) {
      attempt.onSettings(this.#limit(settings, attempt))
      return
    }
    const patience = attempt.limit(options.connectTimeout)
    const timer = this.#after(patience, () => attempt.onFailed(settingsLate(this.#settings.provider, patience)))
    settings.then(
      (given) => {
        if (this.#take(timer)) attempt.onSettings(this.#limit(given, attempt))
      },
      (error: RespiteError) => {
        if (this.#take(timer)) this.#after(0, () => attempt.onFailed(error))
      },
    )
  }

  dial(settings: ConnectionSettings, owner: ConnectionOwner, lifecycle: ConnectionLifecycle): Connection {
    const { nextId, dial, clock, fence } = this.#settings
    return new Connection(nextId(), settings, { dial, clock, owner, lifecycle, fence })
  }

  /** Cancels all attempts that have not been dialed yet. */
  cancel(): void {
    for (const timer of this.#pending) this.#settings.clock.cancel(timer)
    this.#pending.clear()
  }

  #limit(settings: ConnectionSettings, attempt: Attempt): ConnectionSettings {
    return { ...this.#adapt(settings), connectTimeout: attempt.limit(settings.connectTimeout) }
  }

  #after(ms: number, callback: () => void): Timer {
    const timer = this.#settings.clock.after(ms, () => {
      if (this.#pending.delete(timer)) callback()
    })
    this.#pending.add(timer)
    return timer
  }

  /** Ends the wait for settings. @returns false if that wait has already ended */
  #take(timer: Timer): boolean {
    this.#settings.clock.cancel(timer)
    return this.#pending.delete(timer)
  }
}
