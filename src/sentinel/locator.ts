import { connectionSettings } from '../connection/supervisor/connection-settings.js'
import { Connector, type ConnectorSettings } from '../connection/supervisor/connector.js'
import type { Timer } from '../connection/timing/clock.js'
import type { ConnectionSettings } from '../connection/wire/settings.js'
import { settingsOf } from '../dispatch/configured-request.js'
import { ConnectError, HandshakeError, ReplyError, type RespiteError } from '../errors.js'
import type { ResolvedOptions } from '../options/options.js'
import { type Address, isSame, type MasterView, textOf } from './address.js'
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
  /** The round of questions under way, for whoever asks meanwhile. */
  #round: Promise<MasterView> | undefined
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
    const settings = connectionSettings(this.#settings.options, this.#settings.fence) as ConnectionSettings
    return {
      ...settings,
      endpoint: { ...settings.endpoint, host, port },
      handshake: { ...settings.handshake, questions: [] },
    }
  }

  /**
   * The address of the master, from the first sentinel that answers. Each silent one costs 200 ms.
   *
   * @throws HandshakeError with step `SENTINEL` if no sentinel that can be reached knows the name, or if they refuse the
   *   credentials; ConnectError if none can be reached
   */
  locate(): Promise<Address> {
    this.#round ??= this.#begin().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  /** The newest view of all sentinels that answer within 200 ms. @throws see {@link locate} */
  newest(): Promise<MasterView> {
    return this.#ask('all')
  }

  #begin(): Promise<MasterView> {
    // The address of the last answer was of no use.
    if (this.#unconfirmed !== undefined) this.avoid(this.#unconfirmed)
    this.#unconfirmed = undefined
    return this.#ask('first')
  }

  #ask(wanted: 'first' | 'all'): Promise<MasterView> {
    return new Promise((resolve, reject) => {
      const round = new Round(wanted, this.#sentinels, this.#epoch, {
        clock: this.#settings.clock,
        ask: (sentinel, observer) =>
          new Inquiry(this.#name, this.settingsFor(sentinel), this.#inquiries, {
            onAnswer: (view) => {
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
    })
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

/**
 * One round of questions. For the first good answer, each sentinel is asked when the ones before it have been silent for a
 * while; for the newest of all answers, all are asked at once.
 */
class Round {
  readonly #wanted: 'first' | 'all'
  readonly #waiting: Address[]
  readonly #count: number
  readonly #epoch: number
  readonly #dependencies: RoundDependencies
  readonly #asked = new Set<{ cancel(): void }>()
  readonly #failures: Failure[] = []
  /** The newest answer so far. */
  #best: { readonly sentinel: Address; readonly view: MasterView } | undefined
  #answers = 0
  #timer: Timer | undefined

  constructor(wanted: 'first' | 'all', sentinels: readonly Address[], epoch: number, dependencies: RoundDependencies) {
    this.#wanted = wanted
    this.#waiting = [...sentinels]
    this.#count = sentinels.length
    this.#epoch = epoch
    this.#dependencies = dependencies
  }

  begin(): void {
    if (this.#wanted === 'first') {
      this.#askNext()
      return
    }
    while (this.#waiting.length > 0) this.#askNext()
    this.#wait(() => this.#best !== undefined && this.#finish())
  }

  #askNext(): void {
    const sentinel = this.#waiting.shift()
    if (sentinel === undefined) return
    if (this.#waiting.length > 0) this.#wait(() => this.#askNext())
    const inquiry = this.#dependencies.ask(sentinel, {
      onView: (view) => {
        this.#asked.delete(inquiry)
        if (this.#best === undefined || view.epoch > this.#best.view.epoch) this.#best = { sentinel, view }
        this.#onAnswered(this.#wanted === 'first' && view.epoch >= this.#epoch)
      },
      onFailed: (error) => {
        this.#asked.delete(inquiry)
        this.#failures.push({ sentinel, error })
        this.#onAnswered(false)
      },
    })
    this.#asked.add(inquiry)
  }

  /**
   * If the answer is of no use, the next sentinel need not wait. A sentinel that missed a failover names the deposed master,
   * with an older epoch; but if all do, their memory was reset.
   */
  #onAnswered(isGood: boolean): void {
    this.#answers += 1
    if (isGood || this.#answers === this.#count) this.#finish()
    else if (this.#wanted === 'first') this.#askNext()
  }

  #wait(then: () => void): void {
    const { clock } = this.#dependencies
    if (this.#timer !== undefined) clock.cancel(this.#timer)
    this.#timer = clock.after(staggerMs, then)
  }

  #finish(): void {
    if (this.#timer !== undefined) this.#dependencies.clock.cancel(this.#timer)
    for (const inquiry of this.#asked) inquiry.cancel()
    this.#asked.clear()
    if (this.#best === undefined) this.#dependencies.onNone(this.#failures)
    else this.#dependencies.onFound(this.#best.sentinel, this.#best.view)
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

const noAddress = (): ConnectError => new ConnectError('its reply has no address of a master', { fate: 'not-executed' })
