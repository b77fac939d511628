import { Fence } from '../connection/fence/fence.js'
import type { Request } from '../connection/request/request.js'
import type { SharedConnectionObserver } from '../connection/shared/observer.js'
import type { Router } from '../connection/shared/router.js'
import { SharedConnection } from '../connection/shared/shared-connection.js'
import { connectionSettings } from '../connection/supervisor/connection-settings.js'
import type { ConnectorSettings } from '../connection/supervisor/connector.js'
import type { Status } from '../connection/supervisor/state.js'
import type { Clock, Timer } from '../connection/timing/clock.js'
import type { Dial } from '../connection/transport/transport.js'
import type { MakeAuth } from '../credentials/renewal.js'
import { Diagnostics } from '../dispatch/diagnostics.js'
import { ReplyError } from '../errors.js'
import type { ResolvedOptions } from '../options/options.js'
import { type Argument, ErrorReply, type Reply } from '../protocol/types.js'
import { LeasedConnections } from '../sessions/leased-connections.js'
import { OwnQuestion } from './own-question.js'
import { type OwnSlot, ownSlotIn } from './own-slot.js'
import { type Address, isSame, type View, viewOf } from './view.js'

const asked = { command: 'CLUSTER SLOTS', attempts: 1 }

/**
 * A node that this many consecutive views do not contain is no longer kept for the client's own requests, such as fences. With the
 * pauses of `Topology`, this takes about as long as the default of `fenceTimeout`.
 */
const patientViews = 40

/** What all nodes of a cluster share. */
export interface NodeDependencies {
  readonly options: ResolvedOptions
  readonly dial: Dial
  readonly clock: Clock
  /** Returns the number of the next connection of the cluster. */
  nextId(): number
  /** Called if the credentials of a connection expire, see `connectionSettings`. */
  onExpiry(expiresAt: number): void
}

/** Receives the events of a node. */
export interface NodeObserver {
  onStatus(node: Node, status: Status): void
  /** A connection was lost. The requests to be sent again are in the backlog. */
  onLost(node: Node): void
  onError(node: Node, error: Error): void
  /** The user's code has failed. */
  report(error: Error): void
}

/** A node of a cluster, with connections that are opened when they are needed. Its id identifies it; its address may change. */
export class Node {
  /** The id of the node; its address until a view contains the node. */
  id: string
  /** The address that servers announce. */
  announced: Address
  /** The address to which this client connects. */
  address: Address
  role: 'master' | 'replica' | 'unknown' = 'unknown'
  /** For a replica, the id of its master. */
  masterId: string | undefined
  /** The number of views since the last one that contained the node. */
  missed = 0
  /** Set if the node may have been demoted: only a view that was asked for at this clock time or later can confirm it. */
  confirmedFrom: number | undefined
  /** Whether a connection was ever lost, or could not be opened. */
  wasLost = false
  /** How many times in a row the node has named its own address in a redirection, counted at most once for each view. */
  selfRedirects = 0
  #selfRedirectedAt = -1
  #isRenewalDue = false
  /** The reply to CLUSTER NODES, until the end of the tick in which it was asked for. */
  #asked: Promise<Reply> | undefined
  /** For a replica, the connection for reads, if there is one. */
  reader: SharedConnection | undefined
  /** For a replica, the clock time before which no reads are sent to it; 0 if there is none. */
  restsUntil = 0
  readonly settings: ConnectorSettings
  readonly shared: SharedConnection
  readonly diagnostics: Diagnostics
  readonly #dependencies: NodeDependencies
  readonly #onError: (error: Error) => void
  #leased: LeasedConnections | undefined

  constructor(
    id: string,
    places: { readonly announced: Address; readonly address: Address },
    dependencies: NodeDependencies,
    router: (node: Node) => Router,
    observer: NodeObserver,
  ) {
    this.id = id
    this.announced = places.announced
    this.address = places.address
    const { options, clock } = dependencies
    this.#dependencies = dependencies
    this.diagnostics = new Diagnostics({ ...options, ...places.address }, clock)
    this.settings = this.#settingsWith(options, (connection, result) =>
      this.diagnostics.publish({ event: 'fence', connection, result }),
    )
    this.#onError = (error) => observer.onError(this, error)
    this.shared = new SharedConnection(this.settings, {
      router: router(this),
      onStatus: (status) => {
        this.diagnostics.publish({ event: status })
        observer.onStatus(this, status)
      },
      onLost: (loss) => {
        this.diagnostics.publish({ event: 'lost', ...loss })
        observer.onLost(this)
      },
      onError: this.#onError,
      onPush: () => {},
    })
  }

  get isReady(): boolean {
    return this.shared.status === 'ready'
  }

  get isConnecting(): boolean {
    return this.shared.status.endsWith('connecting')
  }

  /** Whether requests can be sent immediately. */
  get isUsable(): boolean {
    return this.isReady && this.confirmedFrom === undefined && !this.shared.isHeld
  }

  /** Milliseconds since the last data, while replies are pending; otherwise 0. */
  get silence(): number {
    return this.shared.connection?.silence ?? 0
  }

  /** Whether replies are pending. */
  get isBusy(): boolean {
    return this.shared.connection?.isBusy === true
  }

  /** The pooled connections, which are created if there are none yet. */
  get leased(): LeasedConnections {
    this.#leased ??= new LeasedConnections(this.settings, {
      shared: this.shared,
      diagnostics: this.diagnostics,
      onError: this.#onError,
    })
    return this.#leased
  }

  /** The pooled connections, if there are any. */
  get leasedIfAny(): LeasedConnections | undefined {
    return this.#leased
  }

  /** Creates another shared connection to this node, for reads. Reads change nothing, so this connection needs no fence. */
  openReader(observer: SharedConnectionObserver): SharedConnection {
    return new SharedConnection(
      this.#settingsWith({ ...this.settings.options, fence: 'off' }, () => {}),
      observer,
    )
  }

  #settingsWith(options: ResolvedOptions, onFenced: ConstructorParameters<typeof Fence>[2]): ConnectorSettings {
    const { onExpiry, ...others } = this.#dependencies
    const fence = new Fence(others.clock, options, onFenced)
    return {
      ...others,
      options,
      connectionSettings: () => connectionSettings({ ...options, ...this.address }, fence, onExpiry),
      provider: 'the credentials provider',
      fence,
    }
  }

  /** Accepts a request that is already watched and admitted. */
  push(request: Request): void {
    if (this.shared.isClosing) throw new Error('the node was removed')
    this.shared.push(request)
    if (this.shared.isHeld) this.shared.backlog.watch()
  }

  /** Accepts a request that has waited elsewhere. Its wait goes on. */
  take(request: Request): void {
    this.push(request)
    this.shared.backlog.watch(request.queuedAt)
  }

  /** The node may have been lost. @param from see `confirmedFrom` */
  suspend(from: number): void {
    this.confirmedFrom = Math.max(this.confirmedFrom ?? 0, from)
    this.wasLost = true
    this.hold()
  }

  hold(): void {
    if (this.shared.isHeld) return
    this.shared.isHeld = true
    this.shared.backlog.watch()
  }

  /**
   * Ends the connection, if there is a reason. If an attempt to connect is planned for later, it is made now.
   * @param mayStay whether a connection to the node's address is kept
   */
  renew(reason?: Error, mayStay = false): void {
    this.shared.moveTo(
      (endpoint) => reason === undefined || (mayStay && isSame(endpoint, this.address)),
      reason as Error,
    )
  }

  /**
   * The node has named its own address in a redirection. This happens behind a proxy, or if the host name leads to another server
   * now. If it happens again after a newer view, another connection is opened as soon as no reply is pending.
   * @param viewedAt the clock time when the last view was asked for
   */
  onSelfRedirect(viewedAt: number): void {
    if (this.#selfRedirectedAt > viewedAt) return
    this.#selfRedirectedAt = this.settings.clock.now()
    this.selfRedirects += 1
    this.#isRenewalDue = this.selfRedirects % 2 === 0
  }

  /** Called when no reply is pending. */
  onQuiet(): void {
    if (this.confirmedFrom === undefined && this.shared.isHeld) {
      this.shared.isHeld = false
      this.shared.flushSoon()
    }
    if (!this.#isRenewalDue || this.shared.isClosing) return
    this.#isRenewalDue = false
    this.renew(new Error('the node redirects to itself'))
  }

  /**
   * Asks the node for its view of the cluster.
   * @param patience milliseconds to wait for the answer
   * @returns rejects if there is no answer
   */
  async ask(patience: number): Promise<View> {
    const reply = await this.question(this.shared, ['CLUSTER', 'SLOTS'], patience)
    const view = viewOf(reply, this)
    if (view !== undefined) return view
    throw new ReplyError(reply instanceof ErrorReply ? reply.message : 'ERR no list of slots', asked)
  }

  /**
   * Asks the node whether it has a slot itself, see `ownSlotIn`. Calls for replies that arrived together share one question, which is
   * sent afterwards. A later call does not: its reply may have arrived together with the answer, which would be too old for it.
   * @returns rejects if there is no answer within 5 seconds; replies that were pending come before it
   */
  async askForSlot(slot: number, wasAsked: boolean): Promise<OwnSlot | undefined> {
    const asked = this.#asked ?? this.question(this.shared, ['CLUSTER', 'NODES'], 5_000)
    this.#asked = asked
    await undefined
    this.#asked = undefined
    return ownSlotIn(String(await asked), slot, wasAsked)
  }

  /** Asks a question before anything else is sent. @returns rejects if there is no answer */
  question(shared: SharedConnection, args: readonly Argument[], patience: number): Promise<Reply> {
    const { clock } = this.settings
    let timer: Timer | undefined
    const answer = new Promise<Reply>((resolve, reject) => {
      const question = new OwnQuestion(args, resolve, reject)
      timer = clock.after(patience, () => {
        const late = new Error(`no answer within ${Math.round(patience)} ms`)
        if (question.state === 'queued') shared.backlog.withdraw(question, () => late as never)
        reject(late)
      })
      if (shared.isClosing) reject(new Error('the node was removed'))
      else {
        shared.start()
        shared.enqueueFirst(question)
      }
    })
    return answer.finally(() => clock.cancel(timer))
  }

  /** The connections that calls share. */
  get connections(): readonly SharedConnection[] {
    return [this.shared, this.reader ?? []].flat()
  }

  /**
   * Whether replies are pending, requests wait, or a pooled connection is lent. A node that was lost may be silent there too. The
   * client's own requests may wait for ever, at an address where no server listens any more.
   */
  get isInUse(): boolean {
    if (this.confirmedFrom === undefined)
      for (const { borrower } of this.#leased?.pool.connections ?? []) if (borrower !== undefined) return true
    return this.connections.some(
      ({ connection, backlog }) =>
        connection?.isBusy === true || [...backlog].some(({ isOwn }) => !isOwn || this.missed < patientViews),
    )
  }

  /** See {@link Companions.authenticate}. */
  authenticate(make: MakeAuth): void {
    for (const each of this.connections) each.authenticate(make)
    this.#leased?.authenticate(make)
  }

  /** Ends all connections. */
  destroy(): void {
    this.#leased?.destroy()
    this.reader?.destroy()
    this.shared.destroy()
  }
}
