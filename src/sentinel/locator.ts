import { Connector, type ConnectorSettings } from '../connection/supervisor/connector.js'
import { connectionSettings } from '../connection/supervisor/connection-settings.js'
import type { Timer } from '../connection/timing/clock.js'
import type { ConnectionSettings } from '../connection/wire/settings.js'
import { settingsOf } from '../dispatch/configured-request.js'
import { ConnectError, HandshakeError, ReplyError, type RespiteError } from '../errors.js'
import type { ResolvedOptions } from '../options/options.js'
import { type Address, isSame, type MasterView, masterView, textOf } from './address.js'
import { Inquiry, type InquiryDependencies } from './inquiry.js'

/** A sentinel that has not answered within this many milliseconds is silent: the next is asked, too. */
export const staggerMs = 200

/** Asks the sentinels where the master is. */
export class Locator {
  readonly #settings: ConnectorSettings
  readonly #name: string
  readonly #inquiries: InquiryDependencies
  /** The one to be asked first is the first. */
  #sentinels: Address[]
  /** The sentinel that gave the last address, until `confirm`. */
  #unconfirmed: Address | undefined
  /** The highest epoch of an answer. */
  #epoch = 0

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

  /** Asks this sentinel first. */
  prefer(sentinel: Address): void {
    this.#sentinels = [sentinel, ...this.#sentinels.filter((other) => !isSame(other, sentinel))]
  }

  /** Asks this sentinel last. */
  avoid(sentinel: Address): void {
    this.#sentinels = [...this.#sentinels.filter((other) => !isSame(other, sentinel)), sentinel]
  }

  /** The settings of a connection to a sentinel. */
  settingsFor({ host, port }: Address): ConnectionSettings {
    // Without a credentials provider, they are there at once.
    const settings = connectionSettings(this.#settings.options) as ConnectionSettings
    return { ...settings, endpoint: { ...settings.endpoint, host, port } }
  }

  /**
   * The address of the master, from the first sentinel that answers. Each silent one costs 200 ms.
   *
   * @throws HandshakeError with step `SENTINEL` if no sentinel that can be reached knows the name, or if they refuse the
   *   credentials; ConnectError if none can be reached
   */
  locate(): Promise<Address> {
    // The address of the last answer was of no use.
    if (this.#unconfirmed !== undefined) this.avoid(this.#unconfirmed)
    this.#unconfirmed = undefined
    const { promise, resolve, reject } = withResolvers<Address>()
    const round = new Round(this.#sentinels, this.#epoch, {
      clock: this.#settings.clock,
      ask: (sentinel, observer) =>
        new Inquiry(this.#name, this.settingsFor(sentinel), this.#inquiries, {
          onAnswer: (reply) => {
            const view = masterView(reply)
            if (view === undefined) observer.onFailed(noAddress())
            else observer.onView(view)
          },
          onFailed: (error) => observer.onFailed(error),
        }),
      onFound: (sentinel, view) => {
        this.prefer(sentinel)
        this.#unconfirmed = sentinel
        this.#epoch = view.epoch
        resolve(view)
      },
      onNone: (failures) => reject(failureOf(this.#name, failures)),
    })
    round.begin()
    return promise
  }
}

interface Failure {
  readonly sentinel: Address
  readonly error: RespiteError
}

interface RoundDependencies {
  readonly clock: ConnectorSettings['clock']
  readonly ask: (
    sentinel: Address,
    observer: { onView(view: MasterView): void; onFailed(error: RespiteError): void },
  ) => { cancel(): void }
  readonly onFound: (sentinel: Address, view: MasterView) => void
  readonly onNone: (failures: readonly Failure[]) => void
}

/** One round of questions, each sentinel asked when the ones before it have been silent for a while. */
class Round {
  readonly #waiting: Address[]
  readonly #count: number
  readonly #epoch: number
  readonly #dependencies: RoundDependencies
  readonly #asked = new Set<{ cancel(): void }>()
  readonly #failures: Failure[] = []
  /** The newest of the answers that are older than what is known. */
  #outdated: { readonly sentinel: Address; readonly view: MasterView } | undefined
  #answers = 0
  #timer: Timer | undefined

  constructor(sentinels: readonly Address[], epoch: number, dependencies: RoundDependencies) {
    this.#waiting = [...sentinels]
    this.#count = sentinels.length
    this.#epoch = epoch
    this.#dependencies = dependencies
  }

  begin(): void {
    this.#askNext()
  }

  #askNext(): void {
    const { clock, ask } = this.#dependencies
    if (this.#timer !== undefined) clock.cancel(this.#timer)
    this.#timer = undefined
    const sentinel = this.#waiting.shift()
    if (sentinel === undefined) return
    if (this.#waiting.length > 0) this.#timer = clock.after(staggerMs, () => this.#askNext())
    const inquiry = ask(sentinel, {
      onView: (view) => {
        this.#asked.delete(inquiry)
        this.#onView(sentinel, view)
      },
      onFailed: (error) => {
        this.#asked.delete(inquiry)
        this.#failures.push({ sentinel, error })
        this.#onAnswered()
      },
    })
    this.#asked.add(inquiry)
  }

  #onView(sentinel: Address, view: MasterView): void {
    if (view.epoch >= this.#epoch) {
      this.#end()
      this.#dependencies.onFound(sentinel, view)
      return
    }
    // A sentinel that missed a failover names the deposed master. But if all say so, their memory was reset.
    if (this.#outdated === undefined || view.epoch > this.#outdated.view.epoch) this.#outdated = { sentinel, view }
    this.#onAnswered()
  }

  /** One was of no use: the next need not wait. */
  #onAnswered(): void {
    this.#answers += 1
    if (this.#answers < this.#count) {
      this.#askNext()
      return
    }
    this.#end()
    if (this.#outdated !== undefined) this.#dependencies.onFound(this.#outdated.sentinel, this.#outdated.view)
    else this.#dependencies.onNone(this.#failures)
  }

  #end(): void {
    if (this.#timer !== undefined) this.#dependencies.clock.cancel(this.#timer)
    for (const inquiry of this.#asked) inquiry.cancel()
    this.#asked.clear()
  }
}

function failureOf(name: string, failures: readonly Failure[]): RespiteError {
  const list = failures.map(({ sentinel, error }) => `${textOf(sentinel)}: ${error.message}`).join('; ')
  const reached = failures.filter(({ error }) => error instanceof HandshakeError || error instanceof ReplyError)
  const cause = reached[0]?.error ?? failures[0]?.error
  if (reached.length === 0) {
    return new ConnectError(`no sentinel can be reached (${list})`, { fate: 'not-executed', cause })
  }
  const message = `no sentinel names the master '${name}' (${list})`
  return new HandshakeError(message, { fate: 'not-executed', step: 'SENTINEL', cause })
}

const noAddress = (): ConnectError =>
  new ConnectError('its reply has no address of a master', { fate: 'not-executed' })

function withResolvers<T>(): {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
} {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}
