import { Fence } from '../connection/fence/fence.js'
import type { Request } from '../connection/request/request.js'
import type { Router } from '../connection/shared/router.js'
import { SharedConnection } from '../connection/shared/shared-connection.js'
import { connectionSettings } from '../connection/supervisor/connection-settings.js'
import type { ConnectorSettings } from '../connection/supervisor/connector.js'
import type { Status } from '../connection/supervisor/state.js'
import type { Clock } from '../connection/timing/clock.js'
import type { Dial } from '../connection/transport/transport.js'
import { Diagnostics } from '../dispatch/diagnostics.js'
import { ReplyError } from '../errors.js'
import type { ResolvedOptions } from '../options/options.js'
import { ErrorReply } from '../protocol/types.js'
import { LeasedConnections } from '../sessions/leased-connections.js'
import { OwnQuestion } from './own-question.js'
import { type Address, type View, viewOf } from './view.js'

const asked = { command: 'CLUSTER SLOTS', attempts: 1 }

/** What the nodes of a cluster have in common. */
export interface NodeDependencies {
  readonly options: ResolvedOptions
  readonly dial: Dial
  readonly clock: Clock
  /** Numbers the connections of the cluster. */
  nextId(): number
}

/** Whoever is told about a node. */
export interface NodeObserver {
  onStatus(node: Node, status: Status): void
  /** A connection was lost. What was to be sent again is in the backlog. */
  onLost(node: Node): void
  onError(node: Node, error: Error): void
}

/** A node of a cluster: its connections, made when they are needed. It is known by its id; its address may change. */
export class Node {
  /** Of a node that no view has named yet: its address. */
  id: string
  /** The address that servers announce. */
  announced: Address
  /** Where it is dialed. */
  address: Address
  role: 'master' | 'replica' | 'unknown' = 'unknown'
  /** Of a replica: the id of its master. */
  masterId: string | undefined
  /** Views since the last one that named it. */
  missed = 0
  /** It may have been deposed: a view that was asked for at this clock time or later must name it as a master. */
  confirmedFrom: number | undefined
  /** It has said that a slot is at its own address so many times, one after the other. */
  selfRedirects = 0
  readonly settings: ConnectorSettings
  readonly shared: SharedConnection
  readonly diagnostics: Diagnostics
  readonly #clock: Clock
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
    const { options, dial, clock, nextId } = dependencies
    this.#clock = clock
    this.diagnostics = new Diagnostics({ ...options, ...places.address }, clock)
    const fence = new Fence(clock, options, (connection, result) =>
      this.diagnostics.publish({ event: 'fence', connection, result }),
    )
    this.settings = {
      options,
      connectionSettings: () => connectionSettings({ ...options, ...this.address }, fence),
      provider: 'the credentials provider',
      dial,
      clock,
      fence,
      nextId,
    }
    this.#onError = (error) => observer.onError(this, error)
    this.shared = new SharedConnection(this.settings, {
      router: router(this),
      onStatus: (status) => {
        this.diagnostics.status(status)
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

  /** Nothing but questions is sent. */
  get isHeld(): boolean {
    return this.shared.isHeld
  }

  get isReady(): boolean {
    return this.shared.status === 'ready'
  }

  /** Requests can be sent at once. */
  get isUsable(): boolean {
    return this.isReady && this.confirmedFrom === undefined && !this.isHeld
  }

  /** Milliseconds without data while replies are pending. */
  get silence(): number {
    return this.shared.connection?.silence ?? 0
  }

  /** Replies are pending. */
  get isBusy(): boolean {
    return this.shared.connection?.isBusy === true
  }

  /** Pooled connections. */
  get leased(): LeasedConnections {
    this.#leased ??= new LeasedConnections(this.settings, {
      shared: this.shared,
      diagnostics: this.diagnostics,
      onError: this.#onError,
    })
    return this.#leased
  }

  /** The same, if there are any. */
  get leasedIfAny(): LeasedConnections | undefined {
    return this.#leased
  }

  /** Takes a request that is watched and admitted. */
  push(request: Request): void {
    const { status } = this.shared
    if (status === 'closing' || status === 'closed') throw new Error('the node has been left')
    this.shared.push(request)
    if (this.isHeld) this.shared.backlog.watch()
  }

  hold(): void {
    if (this.isHeld) return
    this.shared.isHeld = true
    this.shared.backlog.watch()
  }

  release(): void {
    if (!this.isHeld) return
    this.shared.isHeld = false
    this.shared.flushSoon()
  }

  /** Ends the connection, and makes another. */
  renew(reason: Error): void {
    this.shared.moveTo(() => false, reason)
  }

  /**
   * Asks how it sees the cluster.
   * @param patience milliseconds
   * @returns rejects if there is no answer
   */
  ask(patience: number): Promise<View> {
    return new Promise((resolve, reject) => {
      const question = new OwnQuestion(
        ['CLUSTER', 'SLOTS'],
        (reply) => {
          this.#clock.cancel(timer)
          const view = viewOf(reply, this.address.host)
          if (view !== undefined) resolve(view)
          else reject(new ReplyError(reply instanceof ErrorReply ? reply.message : 'ERR no list of slots', asked))
        },
        (error) => {
          this.#clock.cancel(timer)
          reject(error)
        },
      )
      const timer = this.#clock.after(patience, () => {
        const late = new Error(`no answer within ${Math.round(patience)} ms`)
        if (question.state === 'queued') this.shared.backlog.withdraw(question, () => late as never)
        reject(late)
      })
      if (this.shared.status === 'closing' || this.shared.status === 'closed') {
        question.fail('not-executed', () => new Error('the node has been left') as never)
        return
      }
      this.shared.start()
      this.shared.enqueueFirst(question)
    })
  }

  /** Ends all connections. */
  destroy(): void {
    this.#leased?.destroy()
    this.shared.destroy()
  }
}
