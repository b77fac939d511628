import { connectionSettings } from '../connection/supervisor/connection-settings.js'
import { Connector, type ConnectorSettings } from '../connection/supervisor/connector.js'
import { connectError } from '../connection/wire/connect-failure.js'
import type { ConnectionSettings } from '../connection/wire/settings.js'
import { settingsOf } from '../dispatch/configured-request.js'
import { HandshakeError, ReplyError, type RespiteError } from '../errors.js'
import type { ResolvedOptions } from '../options/options.js'
import { type Address, isSame, type MasterView, textOf } from './address.js'
import { Inquiry, type InquiryDependencies } from './inquiry.js'
import { type Failure, Round, type RoundDependencies } from './round.js'

/** Asks the sentinels for the address of the master, and remembers the newest answer. */
export class Locator {
  readonly #settings: ConnectorSettings
  readonly #name: string
  readonly #inquiries: InquiryDependencies
  /** The sentinels, in the order in which they are asked. */
  #sentinels: Address[]
  /** The sentinel that gave the last address, until `confirm` is called. */
  #unconfirmed: Address | undefined
  /** The pending answer, which concurrent calls of `locate` share. */
  #answer: Promise<Address> | undefined
  readonly #rounds = new Set<Round>()
  /** The newest view. */
  #known: MasterView | undefined

  /**
   * @param settings the settings of the client
   * @param options the options of connections to a sentinel, without its address
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

  /** Called when a connection to the last address has reached the master. */
  confirm(): void {
    this.#unconfirmed = undefined
  }

  /** Moves this sentinel to the end of the list. */
  avoid(sentinel: Address): void {
    this.#sentinels = [...this.#sentinels.filter((other) => !isSame(other, sentinel)), sentinel]
  }

  /**
   * Called when a sentinel has announced this master. This sentinel is asked first from now on, and older answers of other
   * sentinels are ignored.
   */
  onAnnounced(sentinel: Address, address: Address): void {
    this.#prefer(sentinel)
    if (this.#known !== undefined && isSame(address, this.#known)) return
    this.#known = { host: address.host, port: address.port, epoch: (this.#known?.epoch ?? 0) + 0.5 }
  }

  /** The settings of a connection to a sentinel. */
  settingsFor({ host, port }: Address): ConnectionSettings {
    // These options have no credentials provider, so the settings are available immediately, not as a promise.
    const settings = connectionSettings(this.#settings.options, this.#settings.fence) as ConnectionSettings
    return {
      ...settings,
      endpoint: { ...settings.endpoint, host, port },
      handshake: { ...settings.handshake, questions: [] },
    }
  }

  /**
   * Returns the address of the master, from the first sentinel whose answer is not outdated. Each sentinel that does not
   * answer delays the result by 200 ms.
   *
   * @throws HandshakeError with step `SENTINEL` if no sentinel that can be reached knows the name, or if they refuse the
   *   credentials; ConnectError if no sentinel can be reached, or if one that was reached has missed the last failover
   */
  locate(): Promise<Address> {
    // If `confirm` was not called since the last answer, the address in that answer did not lead to the master.
    if (this.#answer === undefined && this.#unconfirmed !== undefined) this.avoid(this.#unconfirmed)
    this.#answer ??= this.#ask('first').finally(() => {
      this.#answer = undefined
    })
    return this.#answer
  }

  /** Returns the newest address that any sentinel gives within 200 ms. @throws see {@link locate} */
  newest(): Promise<Address> {
    return this.#ask('newest')
  }

  /** Stops asking. The promises of pending calls are never settled. */
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
        if (view === undefined) answerer.onFailed(connectError('it gave no address'))
        else answerer.onView(view)
      },
      onFailed: (error) => answerer.onFailed(error),
    })
  }
}

function failureOf(name: string, failures: readonly Failure[], outdated: readonly Address[]): RespiteError {
  const list = [
    ...failures.map(({ sentinel, error }) => `${textOf(sentinel)}: ${error.message}`),
    ...outdated.map((sentinel) => `${textOf(sentinel)}: it names a replaced master`),
  ].join('; ')
  const reached = failures.filter(({ error }) => error instanceof HandshakeError || error instanceof ReplyError)
  const cause = reached[0]?.error ?? failures[0]?.error
  // A sentinel with an outdated view knows the name, and may soon know the new master.
  if (reached.length === 0 || outdated.length > 0) {
    const what = outdated.length > 0 ? ' that knows the master' : ''
    return connectError(`no sentinel${what} can be reached (${list})`, cause)
  }
  const message = `no sentinel names the master '${name}' (${list})`
  return new HandshakeError(message, { fate: 'not-executed', step: 'SENTINEL', cause })
}
