import { Subscriber } from '../connection/pubsub/subscriber.js'
import type { Topic, TopicListener } from '../connection/pubsub/topics.js'
import { clientClosed } from '../connection/request/rejections.js'
import type { ConnectorSettings } from '../connection/supervisor/connector.js'
import type { Status } from '../connection/supervisor/state.js'
import type { Timer } from '../connection/timing/clock.js'
import type { ResolvedOptions } from '../options/options.js'
import { type Address, isSame, promotionOf, switchMessage, textOf } from './address.js'
import { Locator } from './locator.js'

/** What `Sentinels` needs from its client. */
export interface SentinelClient {
  /** Milliseconds without data on the shared connection while replies are pending. */
  silence(): number
  /** Whether any connection to the master exists, or is wanted. */
  isInUse(): boolean | undefined
  /** Ends every connection to another address, and immediately connects to this one. */
  moveTo(address: Address, reason: Error): void
}

/** Milliseconds between two PINGs to the sentinel of the subscription, and the longest wait for each reply. */
const heartbeatMs = 1_000

/** Milliseconds between questions for a new master while the current one is lost or silent. */
const searchMs = 250

/** Milliseconds until a subscription that was refused is tried again. */
const retryMs = 1_000

const switchChannel = Buffer.from('+switch-master')
/**
 * The sentinel that leads a failover sends this message when it promotes a replica. From then on, it names the new master in its
 * replies. It announces the new master on +switch-master about a second later.
 */
const promotionChannel = Buffer.from('+promoted-slave')

/**
 * Finds the master with the help of the sentinels, and notices when another server becomes the master. The client asks for the
 * address before it opens a connection, leaves a demoted master as soon as a sentinel announces the new one, and asks again
 * whenever it may have missed the announcement.
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
  /** The address that connections are opened to. */
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
      if (promotionOf(String(message)) === this.#options.name) this.#ask('a sentinel promoted')
    },
    // A user without the right to this channel still gets the announcement on +switch-master.
    onFailed: () => {},
  }

  constructor(settings: ConnectorSettings, client: SentinelClient) {
    this.#settings = settings
    this.#options = sentinelOptions(settings.options)
    this.#client = client
    this.#locator = new Locator(settings, this.#options)
  }

  /** The address of the master, as currently known; undefined until `locate` has resolved. */
  get master(): Address | undefined {
    return this.#master
  }

  /** Asks where the master is. From then on, the client watches for a change of the master. @throws see Locator */
  async locate(): Promise<void> {
    if (this.#isClosed) throw clientClosed()
    this.#move(await this.#locator.locate())
    // The client may have been closed while this method was waiting.
    if (this.#isClosed || this.#subscriber !== undefined) return
    this.#listen()
    this.#watchSilence()
  }

  /** Called with each new status of the shared connection to the master. */
  onStatus(status: Status): void {
    this.#settings.clock.cancel(this.#searching)
    if (status === 'ready') this.#locator.confirm()
    else if (status === 'closed') this.close()
    else if (!this.#client.isInUse()) this.rest()
    else if (status !== 'idle' && status !== 'closing') this.#search()
  }

  /** Stops permanently. */
  close(): void {
    this.#isClosed = true
    this.rest()
    this.#locator.close()
  }

  /** Stops watching until `locate` is called. */
  rest(): void {
    this.#subscriber?.close()
    this.#subscriber = undefined
    this.#listensTo = undefined
    for (const timer of [this.#searching, this.#suspicion, this.#retry]) this.#settings.clock.cancel(timer)
  }

  /** The subscription is active, perhaps after an interruption in which an announcement was missed. */
  onConfirmed(): void {
    this.#ask()
  }

  onMessage(_channel: string, message: string | Buffer, _topic: Topic): void {
    const switched = switchMessage(String(message))
    if (switched === undefined || switched.name !== this.#options.name) return
    if (this.#listensTo !== undefined) this.#locator.onAnnounced(this.#listensTo, switched)
    this.#move(switched, 'a sentinel announced')
  }

  /** The sentinel refused the subscription, or its credentials. */
  onFailed(): void {
    this.#retry = this.#settings.clock.after(retryMs, () => this.#subscribe())
  }

  #listen(): void {
    this.#subscriber = new Subscriber(
      {
        ...this.#settings,
        options: this.#options,
        connectionSettings: () => {
          // After a loss or a failure, another sentinel is used.
          if (this.#listensTo !== undefined) this.#locator.avoid(this.#listensTo)
          this.#listensTo = this.#locator.first
          return this.#locator.settingsFor(this.#listensTo)
        },
        provider: 'the sentinel',
      },
      // A lost sentinel needs no handling here: `onConfirmed` asks again once the next one has confirmed the subscription.
      { onReady: () => {}, onEnded: () => {}, onError: () => {}, onLost: () => {} },
    )
    this.#subscribe()
  }

  #subscribe(): void {
    this.#subscriber?.add('channel', [switchChannel], this)
    this.#subscriber?.add('channel', [promotionChannel], this.#promotions)
  }

  /**
   * If the master is silent, it may have been demoted, and the announcement may not have reached the client. If the client is no
   * longer in use, because its last subscription has ended for example, nothing is watched any more.
   */
  #watchSilence(): void {
    this.#suspicion = this.#settings.clock.after(searchMs, () => {
      const isSilent = this.#client.silence() >= this.#options.suspectAfter
      if (isSilent) this.#ask('the master is silent, and the sentinels name')
      if (this.#client.isInUse()) this.#watchSilence()
      else this.rest()
    })
  }

  /**
   * Perhaps the master is lost, and the sentinel that would announce a new one is lost too, or learns of it late. So all
   * sentinels are asked repeatedly until the status of the shared connection changes.
   */
  #search(): void {
    this.#searching = this.#settings.clock.after(searchMs, () => {
      this.#ask()
      this.#search()
    })
  }

  /** Asks all sentinels, since some learn of a new master later than others. Leaves the master if they name another. */
  #ask(reason?: string): void {
    if (this.#isAsking) return
    this.#isAsking = true
    this.#locator
      .newest()
      .then((address) => {
        this.#locator.confirm()
        this.#move(address, reason)
      })
      // No sentinel gave a usable answer, so the current connection stays in use.
      .catch(() => {})
      .then(() => {
        this.#isAsking = false
      })
  }

  /** Whichever part of the client learns of a new master, all connections leave the previous one. */
  #move({ host, port }: Address, reason = 'the sentinels name'): void {
    const before = this.#master
    const address = { host, port }
    this.#master = address
    if (before === undefined || isSame(address, before)) return
    this.#client.moveTo(address, new Error(`${reason} another master: ${textOf(address)}`))
  }
}

/** The options of connections to a sentinel. */
function sentinelOptions(options: ResolvedOptions): ResolvedOptions {
  const { username, password, tls } = options.sentinel ?? {}
  return {
    ...options,
    username,
    // A user without a password must not become the default user.
    password: password || (username === undefined ? undefined : ''),
    tls,
    credentials: undefined,
    // These options are for the replies that the caller gets.
    buffers: false,
    maps: 'object',
    database: 0,
    keyPrefix: '',
    // A connection to a sentinel never gives up. The client's own option `reconnect` decides when the search ends.
    reconnect: { baseDelay: 50, maxDelay: heartbeatMs, maxAttempts: Infinity },
    connectDeadline: Infinity,
    connectTimeout: Math.min(options.connectTimeout, heartbeatMs),
    pingInterval: heartbeatMs,
    stallTimeout: heartbeatMs,
    timeout: 0,
    retry: 'read',
  }
}
