import { connectionSettings } from '../connection/supervisor/connection-settings.js'
import { Connector, type ConnectorSettings } from '../connection/supervisor/connector.js'
import type { ConnectionSettings } from '../connection/wire/settings.js'
import { settingsOf } from '../dispatch/configured-request.js'
import { ConnectError, HandshakeError, ReplyError, type RespiteError } from '../errors.js'
import type { ResolvedOptions } from '../options/options.js'
import { type Address, isSame, type MasterView, textOf } from './address.js'
import { Inquiry, type InquiryDependencies } from './inquiry.js'
import { type Failure, Round, type RoundDependencies } from './round.js'

/** Asks the sentinels where the master is, and remembers what is known of it. */
export class Locator {
  readonly #settings: ConnectorSettings
  readonly #name: string
  readonly #inquiries: InquiryDependencies
  /** The one to be asked first is the first. */
  #sentinels: Address[]
  /** The sentinel that gave the last address, until `confirm`. */
  #unconfirmed: Address | undefined
  /** The answer that is under way, for whoever asks meanwhile. */
  #answer: Promise<Address> | undefined
  readonly #rounds = new Set<Round>()
  /** The newest view. */
  #known: MasterView | undefined

  /**
   * @param settings those of the client
   * @param options those of connections to a sentinel, except for its address
   */
  constructor(settings: ConnectorSettings, options: ResolvedOptions) {
    this.#settings = { ...settings, options }
    this.#name = options.name ?? ''
    this.#sentinels = [...(options.sentinels ?? [])]
    this.#inquiries = {
      connector: new Connector(this.#settings),
      clock: settings.clock,
      callOptions: settingsOf(options),
      timeout: options.connectTimeout,
    }
  }

  /** The sentinel to be asked first. */
  get first(): Address {
    return this.#sentinels[0] as Address
  }

  /** The address that was given last leads to the master. */
  confirm(): void {
    this.#unconfirmed = undefined
  }

  /** Asks this sentinel last. */
  avoid(sentinel: Address): void {
    this.#sentinels = [...this.#sentinels.filter((other) => !isSame(other, sentinel)), sentinel]
  }

  /** A sentinel has announced this master: it is asked first, and sentinels that have not heard of it yet are not believed. */
  onAnnounced(sentinel: Address, address: Address): void {
    this.#prefer(sentinel)
    if (this.#known !== undefined && isSame(address, this.#known)) return
    this.#known = { host: address.host, port: address.port, epoch: (this.#known?.epoch ?? 0) + 0.5 }
  }

  /** The settings of a connection to a sentinel. */
  settingsFor({ host, port }: Address): ConnectionSettings {
    // Without a credentials provider, they are there at once.
    const settings = connectionSettings(this.#settings.options, this.#settings.fence) as ConnectionSettings
    return {
      ...settings,
      endpoint: { ...settings.endpoint, host, port },
      handshake: { ...settings.handshake, questions: [] },
    }
  }

  /**
   * The address of the master, from the first sentinel whose answer is not outdated. Each silent one costs 200 ms.
   *
   * @throws HandshakeError with step `SENTINEL` if no sentinel that can be reached knows the name, or if they refuse the
   *   credentials; ConnectError if none can be reached, or those that can have missed the last failover
   */
  locate(): Promise<Address> {
    // The address of the last answer was of no use.
    if (this.#answer === undefined && this.#unconfirmed !== undefined) this.avoid(this.#unconfirmed)
    this.#answer ??= this.#ask('first').finally(() => {
      this.#answer = undefined
    })
    return this.#answer
  }

  /** The newest view of all sentinels that answer within 200 ms. @throws see {@link locate} */
  newest(): Promise<Address> {
    return this.#ask('newest')
  }

  /** Asks no more. What was asked is not answered. */
  close(): void {
    for (const round of this.#rounds) round.cancel()
    this.#rounds.clear()
  }

  #prefer(sentinel: Address): void {
    this.#sentinels = [sentinel, ...this.#sentinels.filter((other) => !isSame(other, sentinel))]
  }

  #ask(wanted: 'first' | 'newest'): Promise<Address> {
    this.#unconfirmed = undefined
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#rounds.delete(round)
      }
      const round = new Round(wanted, this.#sentinels, {
        clock: this.#settings.clock,
        known: () => this.#known,
        ask: (sentinel, answerer) => this.#inquire(sentinel, answerer),
        onFound: (sentinel, view) => {
          end()
          this.#prefer(sentinel)
          this.#unconfirmed = sentinel
          this.#known = view
          resolve(view)
        },
        onNone: (failures, outdated) => {
          end()
          reject(failureOf(this.#name, failures, outdated))
        },
      })
      this.#rounds.add(round)
      round.begin()
    })
  }

  #inquire(sentinel: Address, answerer: Parameters<RoundDependencies['ask']>[1]): Inquiry {
    return new Inquiry(this.#name, this.settingsFor(sentinel), this.#inquiries, {
      onAnswer: (view) => {
        if (view === undefined) answerer.onFailed(noAddress())
        else answerer.onView(view)
      },
      onFailed: (error) => answerer.onFailed(error),
    })
  }
}

function failureOf(name: string, failures: readonly Failure[], outdated: readonly Address[]): RespiteError {
  const list = [
    ...failures.map(({ sentinel, error }) => `${textOf(sentinel)}: ${error.message}`),
    ...outdated.map((sentinel) => `${textOf(sentinel)}: it names a master that was replaced`),
  ].join('; ')
  const reached = failures.filter(({ error }) => error instanceof HandshakeError || error instanceof ReplyError)
  const cause = reached[0]?.error ?? failures[0]?.error
  // An outdated one knows the name, and may soon know the master.
  if (reached.length === 0 || outdated.length > 0) {
    const what = outdated.length > 0 ? 'no sentinel that knows the master can be reached' : 'no sentinel can be reached'
    return new ConnectError(`${what} (${list})`, { fate: 'not-executed', cause })
  }
  const message = `no sentinel names the master '${name}' (${list})`
  return new HandshakeError(message, { fate: 'not-executed', step: 'SENTINEL', cause })
}

const noAddress = (): ConnectError => new ConnectError('its reply has no address of a master', { fate: 'not-executed' })
