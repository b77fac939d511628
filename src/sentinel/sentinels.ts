import { Subscriber } from '../connection/pubsub/subscriber.js'
import type { Topic, TopicListener } from '../connection/pubsub/topics.js'
import { clientClosed } from '../connection/request/rejections.js'
import type { ConnectorSettings } from '../connection/supervisor/connector.js'
import type { Timer } from '../connection/timing/clock.js'
import type { ResolvedOptions } from '../options/options.js'
import { type Address, isSame, promotionOf, switchMessage, textOf } from './address.js'
import { Locator } from './locator.js'

/** The client whose master the sentinels watch. */
export interface SentinelClient {
  /** Milliseconds without data on the shared connection while replies are pending. */
  silence(): number
  /** Leaves every connection that does not lead to this address, and connects again at once. */
  moveTo(address: Address, reason: Error): void
}

/** Milliseconds between signs of life of the sentinel that is listened to, and to wait for each. */
const heartbeatMs = 1_000

/** Milliseconds between questions for a new master while the current one is lost or silent. */
const searchMs = 250

/** Milliseconds until sentinels that refused to be listened to are tried again. */
const retryMs = 1_000

const switchChannel = Buffer.from('+switch-master')
/** The sentinel that leads a failover names the new master from then on. It announces it about a second later. */
const promotionChannel = Buffer.from('+promoted-slave')

/**
 * A master that sentinels watch: where it is, and when another takes its place. The client asks for each connection, leaves
 * a deposed master as soon as a sentinel announces it, and asks again whenever it may have missed the announcement.
 *
 * Redis documentation: guidelines for Redis clients with support for Redis Sentinel.
 */
export class Sentinels implements TopicListener {
  readonly wantsBuffers = false
  readonly #settings: ConnectorSettings
  readonly #options: ResolvedOptions
  readonly #client: SentinelClient
  readonly #locator: Locator
  #subscriber: Subscriber | undefined
  /** Where connections lead. */
  #master: Address | undefined
  /** The sentinel of the subscription. */
  #listensTo: Address | undefined
  #suspicion: Timer | undefined
  #searching: Timer | undefined
  #retry: Timer | undefined
  #isAsking = false
  #isClosed = false
  readonly #promotions: TopicListener = {
    wantsBuffers: false,
    onConfirmed: () => {},
    onMessage: (_, message) => {
      if (promotionOf(String(message)) === this.#options.name) this.#ask('a sentinel promoted another master')
    },
    // Without the right to this channel, the announcement is what counts.
    onFailed: () => {},
  }

  constructor(settings: ConnectorSettings, client: SentinelClient) {
    this.#settings = settings
    this.#options = sentinelOptions(settings.options)
    this.#client = client
    this.#locator = new Locator(settings, this.#options)
  }

  /** Where the master is, as far as is known now. It is known once `locate` has resolved. */
  get master(): Address | undefined {
    return this.#master
  }

  /** Asks where the master is. From then on its place is watched, whatever the connection is for. @throws see Locator */
  async locate(): Promise<void> {
    if (this.#isClosed) throw clientClosed()
    this.#move(await this.#locator.locate(), 'the sentinels name another master')
    if (this.#subscriber !== undefined) return
    this.#listen()
    this.#watchSilence()
  }

  /** The shared connection to the master is ready. */
  onReady(): void {
    this.#locator.confirm()
    this.#endSearch()
  }

  /**
   * The shared connection is to be made, or was lost. The master may be lost, and the sentinel that would announce another too, or
   * learn of it late.
   */
  onNeeded(): void {
    this.#endSearch()
    this.#searching = this.#settings.clock.after(searchMs, () => {
      this.#ask('the sentinels name another master')
      this.onNeeded()
    })
  }

  /** Ends all that it does. */
  close(): void {
    this.#isClosed = true
    this.rest()
    this.#locator.close()
  }

  /** Watches no more, until `locate` is called. */
  rest(): void {
    this.#endSearch()
    this.#subscriber?.close()
    this.#subscriber = undefined
    this.#listensTo = undefined
    for (const timer of [this.#suspicion, this.#retry]) if (timer !== undefined) this.#settings.clock.cancel(timer)
  }

  /** It listens, perhaps after a while in which it did not: an announcement may have been missed. */
  onConfirmed(): void {
    this.#ask('the sentinels name another master')
  }

  onMessage(_channel: string, message: string | Buffer, _topic: Topic): void {
    const switched = switchMessage(String(message))
    if (switched === undefined || switched.name !== this.#options.name) return
    if (this.#listensTo !== undefined) this.#locator.onAnnounced(this.#listensTo, switched)
    this.#move(switched, 'a sentinel announced another master')
  }

  /** The sentinel refused the subscription, or its credentials. */
  onFailed(): void {
    this.#retry = this.#settings.clock.after(retryMs, () => this.#subscribe())
  }

  #listen(): void {
    const { nextId, dial, clock, fence } = this.#settings
    this.#subscriber = new Subscriber(
      {
        options: this.#options,
        connectionSettings: () => {
          // After a loss or a failure, another one.
          if (this.#listensTo !== undefined) this.#locator.avoid(this.#listensTo)
          this.#listensTo = this.#locator.first
          return this.#locator.settingsFor(this.#listensTo)
        },
        provider: 'the sentinel',
        dial,
        clock,
        fence,
        nextId,
      },
      // What matters of a sentinel that is lost is asked of the next one.
      { onReady: () => {}, onEnded: () => {}, onError: () => {}, onLost: () => {} },
    )
    this.#subscribe()
  }

  #subscribe(): void {
    this.#subscriber?.add('channel', [switchChannel], this)
    this.#subscriber?.add('channel', [promotionChannel], this.#promotions)
  }

  /** A master that has gone silent may have been deposed, and nobody may have said so. */
  #watchSilence(): void {
    this.#suspicion = this.#settings.clock.after(searchMs, () => {
      const isSilent = this.#client.silence() >= this.#options.suspectAfter
      if (isSilent) this.#ask('the master is silent, and the sentinels name another')
      this.#watchSilence()
    })
  }

  #endSearch(): void {
    if (this.#searching !== undefined) this.#settings.clock.cancel(this.#searching)
    this.#searching = undefined
  }

  /** Asks all sentinels, since some learn of a new master later than others. Leaves the master if they name another. */
  #ask(reason: string): void {
    if (this.#isAsking) return
    this.#isAsking = true
    this.#locator
      .newest()
      .then((address) => {
        this.#locator.confirm()
        this.#move(address, reason)
      })
      // No sentinel knows better: the current connection stays.
      .catch(() => {})
      .finally(() => {
        this.#isAsking = false
      })
  }

  /** Whoever learns of another master, everybody leaves the one before. */
  #move({ host, port }: Address, reason: string): void {
    const before = this.#master
    const address = { host, port }
    this.#master = address
    if (before === undefined || isSame(address, before)) return
    this.#client.moveTo(address, new Error(`${reason}: ${textOf(address)}`))
  }
}

/** The options of connections to a sentinel. */
function sentinelOptions(options: ResolvedOptions): ResolvedOptions {
  const { username, password, tls } = options.sentinel ?? {}
  return {
    ...options,
    username,
    password,
    tls,
    path: undefined,
    credentials: undefined,
    database: 0,
    keyPrefix: '',
    // Only the client's own rule ends its connections.
    reconnect: { baseDelay: 50, maxDelay: heartbeatMs, maxAttempts: Infinity },
    connectDeadline: Infinity,
    connectTimeout: Math.min(options.connectTimeout, heartbeatMs),
    pingInterval: heartbeatMs,
    stallTimeout: heartbeatMs,
    timeout: 0,
    retry: 'read',
  }
}
