import { messageOf, type RespiteError } from '../../errors.js'
import type { LostRequest } from '../request/lost-request.js'
import type { Clock, Timer } from '../timing/clock.js'
import type { Endpoint } from '../transport/transport.js'
import { connectError, isFatal } from '../wire/connect-failure.js'
import type { Connection, ConnectionLifecycle, ConnectionOwner } from '../wire/connection.js'
import type { ConnectionEnd, LostConnection } from '../wire/connection-end.js'
import type { ConnectionSettings } from '../wire/settings.js'
import { Connector, type ConnectorSettings } from './connector.js'
import { ReconnectPolicy } from './reconnect.js'
import { type Status, StatusMachine } from './state.js'

/**
 * The object for which a supervisor keeps a connection open. The connection calls the methods of ConnectionOwner
 * directly, not through the supervisor.
 */
export interface SupervisorOwner extends ConnectionOwner {
  onStatus(status: Status, previous: Status): void
  /** The current connection is ready. */
  onReady(connection: Connection): void
  /** The current connection has ended, for whatever reason. Called before all other callbacks. */
  onGone(connection: Connection): void
  /** A connection that was ready was lost. The status is still `ready`, and becomes `reconnecting`; or it is `closing`. */
  onLost(connection: Connection, end: LostConnection): void
  /** An attempt failed. Further attempts may follow. */
  onAttemptFailed(error: RespiteError): void
  /** There is no further attempt. The status is `idle`. */
  onGivenUp(error: RespiteError): void
  /** Whether a connection is still needed, so that another attempt makes sense. */
  isNeeded(): boolean
}

/** Returns whether an endpoint is the right server. */
export type IsThere = (endpoint: Endpoint) => boolean

/**
 * Keeps its owner connected. It connects, reconnects after a loss, and gives up when there must be no further attempt.
 * src/connection/supervisor/state.ts shows the transitions of its status.
 */
export class Supervisor implements ConnectionLifecycle {
  readonly #owner: SupervisorOwner
  readonly #clock: Clock
  readonly #status: StatusMachine
  readonly #connector: Connector
  readonly #policy: ReconnectPolicy
  #connection: Connection | undefined
  /** The timer for the next attempt. */
  #timer: Timer | undefined

  /** @param adapt see Connector */
  constructor(
    settings: ConnectorSettings,
    owner: SupervisorOwner,
    adapt?: (settings: ConnectionSettings) => ConnectionSettings,
  ) {
    this.#owner = owner
    this.#clock = settings.clock
    this.#status = new StatusMachine((status, previous) => owner.onStatus(status, previous))
    this.#connector = new Connector(settings, adapt)
    this.#policy = new ReconnectPolicy(settings.options, settings.clock)
  }

  get status(): Status {
    return this.#status.status
  }

  /** The current connection, ready or not yet. */
  get connection(): Connection | undefined {
    return this.#connection
  }

  /** Connects. The status must be `idle`. */
  start(): void {
    this.#status.to('connecting')
    this.#policy.begin()
    this.#dial()
  }

  /** Replaces the current connection, which must be ready, with no reply pending. */
  renew(reason: Error): void {
    if (this.#connection?.stayedUp === true) this.#policy.reset()
    this.#drop()
    this.#status.to('reconnecting')
    this.#retry(reason)
  }

  /** Ends the current connection if it does not lead to the right server. A planned attempt is made immediately. */
  moveTo(isThere: IsThere, reason: Error): void {
    const connection = this.#connection
    if (connection !== undefined && !isThere(connection.endpoint)) connection.end(reason)
    if (this.#timer === undefined) return
    this.#clock.cancel(this.#timer)
    this.#timer = undefined
    this.#policy.reset()
    this.#dial()
  }

  /** Disconnects until `start` is called, because no connection is needed now. */
  rest(): void {
    this.#drop()
    this.#status.to('idle')
  }

  /** Makes no further attempt. A connection that is ready stays. */
  beginClosing(): void {
    const wasReady = this.status === 'ready'
    this.#status.to('closing')
    if (!wasReady) this.#drop()
  }

  /** Disconnects permanently. @returns the requests whose replies were pending */
  end(): readonly LostRequest[] {
    const lost = this.#drop()
    this.#status.to('closed')
    return lost
  }

  onReady(connection: Connection): void {
    this.#status.to('ready')
    this.#owner.onReady(connection)
  }

  onEnd(connection: Connection, end: ConnectionEnd): void {
    this.#connection = undefined
    this.#owner.onGone(connection)
    if (end.wasReady) this.#onLost(connection, end)
    else this.#onAttemptFailed(end.error)
  }

  #onLost(connection: Connection, end: LostConnection): void {
    if (connection.stayedUp) this.#policy.reset()
    // The loss is reported before the change of status that follows from it.
    this.#owner.onLost(connection, end)
    if (this.status === 'ready') this.#status.to('reconnecting')
    if (this.status === 'reconnecting') this.#retry(end.reason)
  }

  #onAttemptFailed(error: RespiteError): void {
    this.#owner.onAttemptFailed(error)
    // While the client reconnects, somebody may be changing the password. So only the option `reconnect` decides when
    // to give up.
    if (this.status === 'connecting' && isFatal(error)) this.#giveUp(error)
    else this.#retry(error)
  }

  /** Plans the next attempt, if there is to be one. */
  #retry(error: Error): void {
    const { status } = this
    if (!this.#owner.isNeeded()) {
      this.rest()
      return
    }
    let delay: number | undefined
    let reason: unknown = error
    try {
      delay = this.#policy.nextDelay(status, error)
    } catch (thrown) {
      reason = thrown
    }
    // The user's own `reconnect` may have closed the client.
    if (this.status !== status) return
    if (delay === undefined) {
      this.#giveUp(connectError(`gave up connecting: ${messageOf(reason)}`, reason))
      return
    }
    this.#timer = this.#clock.after(delay, () => {
      this.#timer = undefined
      this.#dial()
    })
  }

  #dial(): void {
    this.#connector.begin({
      limit: (connectTimeout) => this.#policy.boundAttempt(connectTimeout, this.status),
      onSettings: (settings) => {
        this.#connection = this.#connector.dial(settings, this.#owner, this)
      },
      onFailed: (error) => this.#onAttemptFailed(error),
    })
  }

  #giveUp(error: RespiteError): void {
    this.#status.to('idle')
    this.#owner.onGivenUp(error)
  }

  /** Ends the current connection, the current attempt, or the wait for the next attempt. */
  #drop(): readonly LostRequest[] {
    this.#connector.cancel()
    this.#clock.cancel(this.#timer)
    this.#timer = undefined
    const connection = this.#connection
    if (connection === undefined) return []
    const lost = connection.terminate()
    this.#connection = undefined
    this.#owner.onGone(connection)
    return lost
  }
}
