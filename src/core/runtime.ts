import { EventEmitter } from 'node:events'
import { Fence } from '../connection/fence/fence.js'
import type { Traffic } from '../connection/request/counters.js'
import type { Request } from '../connection/request/request.js'
import { SharedConnection } from '../connection/shared/shared-connection.js'
import { connectionSettings } from '../connection/supervisor/connection-settings.js'
import type { ConnectorSettings } from '../connection/supervisor/connector.js'
import type { Status } from '../connection/supervisor/state.js'
import type { IsThere } from '../connection/supervisor/supervisor.js'
import { connectError } from '../connection/wire/connect-failure.js'
import type { ConnectionSettings } from '../connection/wire/settings.js'
import { OnDemandRenewal } from '../credentials/on-demand-renewal.js'
import type { MakeAuth } from '../credentials/renewal.js'
import { Diagnostics } from '../dispatch/diagnostics.js'
import { notifyAll } from '../notify.js'
import type { ResolvedOptions } from '../options/options.js'
import type { SentinelClient, Sentinels } from '../sentinel/sentinels.js'
import { type Environment, systemEnvironment } from './environment.js'
import { addTraffic, type ClientEvents, type ClientStats, describe, type InFlightCommand } from './observation.js'

/** The parts that a client may have besides its shared connection: pooled connections and subscriptions. */
export interface Companions {
  /** @returns resolves when they have closed; undefined if there is nothing to wait for */
  close(): Promise<void> | undefined
  destroy(): void
  /** See {@link SharedConnection.moveTo}. */
  moveTo(isThere: IsThere, reason: Error): void
  inFlight(): Iterable<{
    readonly request: Request
    readonly state: InFlightCommand['state']
    readonly connection: number | undefined
  }>
  /** Returns the traffic of the open connections. */
  traffic(): readonly Traffic[]
  subscriptionCount(): number
  /** Whether there are connections or subscriptions, or are about to be. */
  isInUse(): boolean
  /** Makes every connection authenticate, also those that are being opened. */
  authenticate(make: MakeAuth): void
  /** Called when the shared connection is ready, before anything is sent on it. */
  onReady(): void
}

/** The code for sentinels is loaded when it is first needed. */
function loadSentinels(settings: ConnectorSettings, client: SentinelClient): Promise<Sentinels> {
  return import('../sentinel/sentinels.js').then(({ Sentinels }) => new Sentinels(settings, client))
}

/** The core of every client: the shared connection, its events and its counters. */
export class Runtime {
  readonly settings: ConnectorSettings
  readonly shared: SharedConnection
  readonly diagnostics: Diagnostics
  readonly keepAlive: Environment['keepAlive']
  /** Set by the constructor of a client that has companions. */
  companions: Companions | undefined
  readonly events = new EventEmitter<ClientEvents>()
  #sentinels: Promise<Sentinels> | undefined
  readonly renewal: OnDemandRenewal

  readonly #withCredentials = (): ConnectionSettings | Promise<ConnectionSettings> =>
    connectionSettings(this.settings.options, this.settings.fence, (expiresAt) => this.renewal.schedule(expiresAt))

  constructor(options: ResolvedOptions, { dial, clock, keepAlive }: Environment = systemEnvironment()) {
    this.keepAlive = keepAlive
    this.diagnostics = new Diagnostics(options, clock)
    const fence = new Fence(clock, options, (connection, result) =>
      this.diagnostics.publish({ event: 'fence', connection, result }),
    )
    let lastId = 0
    this.settings = {
      options,
      connectionSettings: options.sentinels === undefined ? this.#withCredentials : () => this.#atMaster(),
      provider: `${options.sentinels === undefined ? '' : 'the sentinels or '}the credentials provider`,
      dial,
      clock,
      fence,
      nextId: () => ++lastId,
    }
    this.renewal = new OnDemandRenewal({
      clock,
      patience: options.connectTimeout,
      settings: this.#withCredentials,
      authenticate: (make) => {
        this.shared.authenticate(make)
        this.companions?.authenticate(make)
      },
      isInUse: this.#isInUse,
      onError: this.onError,
    })
    this.shared = new SharedConnection(this.settings, {
      onStatus: (status, previous) => this.#onStatus(status, previous),
      onLost: (loss) => this.diagnostics.publish({ event: 'lost', ...loss }),
      onError: this.onError,
      // Subscriptions use another connection, and no command on this one can ask for pushes, such as invalidations.
      onPush: () => {},
    })
  }

  /** The settings of a connection to the master that the sentinels name. */
  async #atMaster(): Promise<ConnectionSettings> {
    let sentinels: Sentinels
    try {
      sentinels = await this.#loadSentinels()
    } catch (cause) {
      this.#sentinels = undefined
      throw connectError("the code for sentinels can't be loaded", cause)
    }
    await sentinels.locate()
    // Credentials are asked for last, because they may be renewed while the sentinels are asked.
    const settings = await this.#withCredentials()
    // The address is read now, not when the sentinels answered, because fetching the credentials may have taken longer.
    const { master } = sentinels
    this.diagnostics.server = { ...this.diagnostics.server, ...master }
    return {
      ...settings,
      endpoint: { ...settings.endpoint, ...master },
      handshake: { ...settings.handshake, wantsMaster: true },
    }
  }

  /** Whether any connection exists, or is wanted. */
  readonly #isInUse = (): boolean | undefined => this.shared.status !== 'idle' || this.companions?.isInUse()

  #loadSentinels(): Promise<Sentinels> {
    this.#sentinels ??= loadSentinels(this.settings, {
      silence: () => this.shared.connection?.silence ?? 0,
      isInUse: this.#isInUse,
      moveTo: ({ host, port }, reason) => {
        const isThere: IsThere = (endpoint) => endpoint.host === host && endpoint.port === port
        this.shared.moveTo(isThere, reason)
        this.companions?.moveTo(isThere, reason)
      },
    })
    return this.#sentinels
  }

  /** Reports that a connection was lost or could not be made. */
  readonly onError = (error: Error): void => this.#emit('error', error)

  close(timeout: number): Promise<void> {
    return this.shared.close(timeout, this.companions?.close())
  }

  inFlight(): InFlightCommand[] {
    const now = this.settings.clock.now()
    const list: InFlightCommand[] = []
    const { connection } = this.shared
    for (const request of connection?.owed() ?? []) {
      list.push(describe(request, request.state === 'settled' ? 'abandoned' : 'sent', now, connection?.id))
    }
    for (const request of this.shared.backlog) list.push(describe(request, 'queued', now, undefined))
    for (const { request, state, connection: id } of this.companions?.inFlight() ?? []) {
      list.push(describe(request, state, now, id))
    }
    return list
  }

  stats(): ClientStats {
    const { connection, counters, backlog } = this.shared
    const pooled = this.companions?.traffic() ?? []
    const stats = {
      ...counters,
      ...this.settings.fence.counts,
      queued: backlog.count,
      queuedBytes: backlog.bytes,
      inFlight: 0,
      ownConnections: pooled.length,
      subscriptions: this.companions?.subscriptionCount() ?? 0,
    }
    addTraffic(stats, connection === undefined ? pooled : [connection, ...pooled])
    return stats
  }

  #onStatus(status: Status, previous: Status): void {
    this.diagnostics.publish({ event: status })
    this.#emit('status', status, previous)
    if (status === 'ready') this.companions?.onReady()
    else if (status === 'closed') {
      this.renewal.stop()
      this.companions?.destroy()
    }
    if (this.settings.options.sentinels === undefined) return
    // If the code can't be loaded, the attempt to connect reports this.
    this.#loadSentinels().then(
      (sentinels) => sentinels.onStatus(status),
      () => {},
    )
  }

  #emit<Name extends keyof ClientEvents>(name: Name, ...args: ClientEvents[Name]): void {
    notifyAll(this.events, name, ...args)
  }
}
