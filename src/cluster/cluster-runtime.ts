import { EventEmitter } from 'node:events'
import { Fence } from '../connection/fence/fence.js'
import { BlockingQueue } from '../connection/leased/blocking.js'
import * as rejections from '../connection/request/rejections.js'
import { ConnectWait } from '../connection/shared/connect-wait.js'
import { connectionSettings } from '../connection/supervisor/connection-settings.js'
import { type Status, StatusMachine } from '../connection/supervisor/state.js'
import type { Clock } from '../connection/timing/clock.js'
import { type Environment, systemEnvironment } from '../core/environment.js'
import type { ClientStats } from '../core/observation.js'
import { OnDemandRenewal } from '../credentials/on-demand-renewal.js'
import { Diagnostics } from '../dispatch/diagnostics.js'
import type { WaitingRequest } from '../dispatch/waiting-request.js'
import type { RespiteError } from '../errors.js'
import { notifyAll } from '../notify.js'
import type { Redirect, ResolvedOptions } from '../options/options.js'
import type { ClusterEvents } from './cluster-observation.js'
import type { ResolvedClusterOptions } from './cluster-options.js'
import { addStats, statsOfNode } from './cluster-stats.js'
import { ClusterSubscriptions } from './cluster-subscriptions.js'
import { EarliestTimer } from './earliest-timer.js'
import type { Node, NodeDependencies } from './node.js'
import { Nodes } from './nodes.js'
import { lasted, RoutedPool } from './routed-pool.js'
import { Router } from './router.js'
import { anySlot, slotOfRequest } from './slots-of-requests.js'
import { Topology } from './topology.js'
import { recentMs, type View } from './view.js'
import { ViewWaiters } from './view-waiters.js'

/** The parts of a cluster: its nodes, the owners of its slots, the routing of requests, its status, its events, and closing. */
export class ClusterRuntime {
  readonly keepAlive: Environment['keepAlive']
  readonly options: ResolvedOptions
  readonly clock: Clock
  readonly diagnostics: Diagnostics
  readonly nodes: Nodes
  readonly router: Router
  readonly blocking: BlockingQueue
  readonly subscriptions: ClusterSubscriptions
  /** Called when connections to nodes become ready or are lost, and with each view. */
  onConnections: () => void = () => {}
  /** The summed counters of nodes that are no longer part of the cluster. */
  readonly departed: Partial<Record<keyof ClientStats, number>> = {}
  readonly pool: RoutedPool
  /** A new one for each attempt of the first connect. */
  #topology: Topology | undefined
  readonly #status: StatusMachine
  readonly events = new EventEmitter<ClusterEvents>()
  readonly renewal: OnDemandRenewal
  readonly #connectWait: ConnectWait
  readonly #viewWaiters = new ViewWaiters()
  /** The clock time when a server last redirected a session to another node. Later sessions need a view from after that. */
  #redirectedAt = -Infinity
  #lastError: Error | undefined
  readonly #again: EarliestTimer
  readonly #suspicion: EarliestTimer
  #closing: Promise<void> | undefined
  readonly #report = (error: Error): void => {
    this.#lastError = error
    this.#emit('error', error)
  }

  constructor(
    { seeds, options, mapAddress, maxRedirects }: ResolvedClusterOptions,
    { dial, clock, keepAlive }: Environment = systemEnvironment(),
  ) {
    this.keepAlive = keepAlive
    this.options = options
    this.clock = clock
    this.#again = new EarliestTimer(clock, () => void this.#topology?.begin())
    this.#suspicion = new EarliestTimer(clock, () => this.#lookForSilence())
    this.diagnostics = new Diagnostics(options, clock)
    this.#connectWait = new ConnectWait(clock, options.connectDeadline, () => this.#lastError)
    this.#status = new StatusMachine((status, previous) => this.#emit('status', status, previous))
    let lastId = 0
    const dependencies: NodeDependencies = {
      options,
      dial,
      clock,
      nextId: () => ++lastId,
      onExpiry: (expiresAt) => this.renewal.schedule(expiresAt),
    }
    const noFence = new Fence(clock, options, () => {})
    this.renewal = new OnDemandRenewal({
      clock,
      patience: options.connectTimeout,
      settings: () => connectionSettings(options, noFence, dependencies.onExpiry),
      authenticate: (make) => {
        for (const node of this.nodes) node.authenticate(make)
        this.subscriptions.authenticate(make)
      },
      isInUse: () => this.status !== 'idle',
      onError: this.#report,
    })
    this.nodes = new Nodes(
      seeds,
      mapAddress,
      dependencies,
      (node) => ({
        intake: this.router.intake,
        onRefused: (request, reply, { redirect, mayHaveRun }, isOpen) => {
          if (redirect === undefined || reply === null) return false
          return this.router.onRedirected(node, { request, reply, redirect, mayHaveRun }, !isOpen)
        },
        onQuiet: () => this.router.onQuiet(node),
      }),
      {
        onStatus: (node) => {
          // Since the last view, and while it was connected, another node may have taken its place.
          const from = clock.now() - recentMs
          if (this.router.viewedAt < from && this.router.ownership.isOwner(node)) this.router.onLost(node, true, from)
          this.onConnections()
        },
        onLost: (node) => this.router.onLost(node, true),
        onError: (node, error) => this.#onError(node, error),
        report: this.#report,
      },
    )
    const common = {
      options,
      clock,
      maxRedirects,
      refresh: (isNews?: boolean) => this.refresh(isNews),
      lastError: () => this.#lastError,
    }
    this.router = new Router({ ...common, onSent: () => this.#watchSilence(), onError: this.#report }, this.nodes)
    this.pool = new RoutedPool({
      ...common,
      nodeFor: (waiter) => {
        if ('request' in waiter) return this.settledOwnerOf(this.router.slotOf(waiter.request) ?? anySlot)
        return this.router.viewedAt < this.#redirectedAt ? undefined : this.settledOwnerOf(waiter.slot)
      },
      isOutdated: (readyAt) => this.router.viewedAt < readyAt - recentMs,
      onRedirected: (node, request, redirect) => this.router.onRedirectedLeased(node, request, redirect),
      targetOf: (node, redirect) => this.nodes.targetOf(node, redirect),
    })
    this.blocking = new BlockingQueue({
      ...common,
      pool: this.pool,
      counters: this.router.counters,
      onLost: (connection, error, { replayed, rejected }) => {
        if (!this.isOpen) return
        const { diagnostics } = this.pool.lenderOf(connection) ?? this
        diagnostics.publish({ event: 'lost', connection: connection.id, error, replayed, rejected })
      },
      isFenceRequired: options.fence === 'require',
    })
    this.subscriptions = new ClusterSubscriptions({
      dependencies,
      nodes: () => [...this.nodes],
      ownerOf: (slot) => this.settledOwnerOf(slot),
      nodeWith: (slot, patience) => this.whenViewed(() => this.settledOwnerOf(slot), patience) as Promise<Node>,
      // If the first connect has failed, only a call begins the next one.
      onMoved: () => this.status === 'ready' && this.refresh(),
      diagnostics: this.diagnostics,
      onError: this.#report,
    })
  }

  /** The nodes that have slots. */
  get owners(): Node[] {
    return [...this.nodes].filter((node) => this.router.slots.has(node))
  }

  get status(): Status {
    return this.#status.status
  }

  /** Begins to find the nodes, unless this has already begun. */
  start(): void {
    if (this.status !== 'idle') return
    this.#status.to('connecting')
    this.#topology = new Topology(this.clock, this.nodes, {
      onView: (view, askedAt) => this.#onView(view, askedAt),
      isNeeded: () => this.#needsView,
      onNoView: (error) => {
        this.#lastError = error
        if (error.code === 'CONNECT_FAILED') this.#again.setFor(this.clock.now() + 100)
        else this.#connectWait.reject(error)
      },
    })
    void this.#topology.begin()
    // This is rejected when the deadline has passed, too.
    this.#connectWait.wait().catch((error) => this.#giveUp(error))
  }

  async connect(): Promise<void> {
    if (this.status === 'ready') return
    this.requireOpen()
    this.start()
    await this.#connectWait.wait()
  }

  /** Asks for a newer view. */
  refresh(isNews = false): void {
    if (this.status === 'ready') this.#topology?.refresh(isNews)
    else this.start()
  }

  enqueueBlocking(request: WaitingRequest, signal: AbortSignal | undefined): void {
    // Throws before the request waits, if its keys have different slots, or if it is for one node and none is named.
    slotOfRequest(request, this.options.keyPrefix)
    this.start()
    this.blocking.enqueue(request, signal)
  }

  /** Called when a server has redirected a command of a session. After ASK and TRYAGAIN, the node still has the slot. */
  onSessionRedirected(node: Node, redirect: Redirect): void {
    const { to, slot } = redirect
    if (to === 'moved' || to === 'owner') this.#redirectedAt = this.clock.now()
    // MOVED is applied immediately, because the next views may come from nodes that do not know the new owner yet.
    if (to === 'moved' && slot >= 0) this.router.onRedirectedLeased(node, undefined, redirect)
    this.refresh(true)
  }

  /**
   * Waits for a view with which this function returns a value.
   * @param patience milliseconds
   * @param signal ends the wait: the result is undefined
   * @throws TimeoutError, ClientClosedError, or the error with which the first connect has ended
   */
  async whenViewed<Value>(
    find: () => Value | undefined,
    patience: number,
    signal?: AbortSignal,
  ): Promise<Value | undefined> {
    const until = this.clock.now() + patience
    for (;;) {
      this.requireOpen()
      const value = find()
      if (value !== undefined || signal?.aborted) return value
      const left = until - this.clock.now()
      if (left <= 0) throw lasted('no new view', patience, this.#lastError)
      await this.nextView(left, signal)
    }
  }

  async close(timeout: number): Promise<void> {
    if (this.status === 'closed') return
    this.#closing ??= this.#close(timeout)
    await this.#closing
  }

  destroy(): void {
    if (this.status === 'closed') return
    this.#end()
    this.blocking.destroy()
    for (const node of this.nodes) node.destroy()
    this.router.intake.end()
    this.#status.to('closed')
  }

  async #close(timeout: number): Promise<void> {
    this.#end()
    this.#status.to('closing')
    this.blocking.close()
    // Each pool closes before its shared connection, which it needs for CLIENT UNBLOCK.
    await Promise.all(
      [...this.nodes].flatMap(({ shared, reader, leasedIfAny }) => [
        shared.close(timeout, leasedIfAny?.close()),
        reader?.close(timeout),
      ]),
    )
    // This ends nodes that were never connected, and anything else that is left.
    this.destroy()
  }

  /** From now on, no view is asked for, and no request is redirected. */
  #end(): void {
    this.renewal.stop()
    this.router.close()
    this.subscriptions.close()
    this.#suspicion.stop()
    this.#stopAsking(rejections.clientClosed())
  }

  /** Ends what waits for a view. Answers that are still to come are ignored. */
  #stopAsking(error: RespiteError): void {
    this.#topology?.stop()
    this.#again.stop()
    this.pool.refuse(error)
    this.#connectWait.reject(error)
    this.#viewWaiters.wake(error)
  }

  get isOpen(): boolean {
    return this.status !== 'closing' && this.status !== 'closed'
  }

  /** @throws ClientClosedError */
  requireOpen(): void {
    if (!this.isOpen) throw rejections.clientClosed()
  }

  /** Returns the owner of a slot, unless it may have been demoted, or the slot is leaving it. */
  settledOwnerOf(slot: number): Node | undefined {
    const owner = slot === anySlot ? this.router.ownerOf(slot) : this.router.ownership.settledOwnerOf(slot)
    return owner?.confirmedFrom === undefined ? owner : undefined
  }

  get #needsView(): boolean {
    return (
      this.router.needsView ||
      this.#viewWaiters.size > 0 ||
      this.pool.needsView ||
      this.subscriptions.needsView ||
      [...this.nodes].some(
        (node) =>
          // One view may be too old to contain a replica that was a master until now. After two, the node is removed.
          node.missed > 0 ||
          node.confirmedFrom !== undefined ||
          (node.wasLost && node.isConnecting && this.router.ownership.isOwner(node)),
      )
    )
  }

  #onView(view: View, askedAt: number): boolean {
    const missing = this.nodes.update(view)
    // `mapAddress` may have closed the cluster.
    if (!this.isOpen) return false
    const isNew = this.router.apply(view, askedAt)
    // When a node is removed, it refuses those that wait for a connection to it.
    this.pool.onMoved()
    const gone = missing.filter((node) => !node.isInUse && !this.router.ownership.isOwner(node))
    for (const node of gone) this.#remove(node)
    if (this.status === 'connecting') this.#status.to('ready')
    this.#connectWait.resolve()
    this.#viewWaiters.wake()
    const added = [...this.nodes.added]
    this.nodes.added.clear()
    const hasChanged = isNew || added.length > 0 || gone.length > 0
    this.router.reads?.onView(hasChanged)
    this.subscriptions.onView()
    this.onConnections()
    if (hasChanged) this.#emit('topology', { slotsMoved: isNew, added, gone: gone.map(({ id }) => id) })
    return hasChanged
  }

  #remove(node: Node): void {
    this.nodes.delete(node)
    this.router.forget(node)
    addStats(this.departed, statsOfNode(node))
    node.destroy()
  }

  /** Ends the first connect. The next one asks the seeds again, on new connections. */
  #giveUp(error: RespiteError): void {
    if (this.status !== 'connecting') return
    this.#stopAsking(error)
    this.router.waiting.rejectAll(rejections.notConnected(error))
    for (const node of this.nodes) this.#remove(node)
    this.#status.to('idle')
  }

  #onError(node: Node, error: Error): void {
    this.#report(error)
    this.#topology?.askNext(1)
    // An attempt to connect has failed. If a connection was lost, `onLost` informs the router once the requests were handled.
    if (node.isConnecting) {
      this.#topology?.noteUnreachable(node)
      this.router.onLost(node, false)
    }
    // If only pooled connections fail, the node may be lost too.
    else this.refresh()
  }

  /** Checks regularly whether a node has become silent. Stops when no reply is pending. */
  #watchSilence(): void {
    if (!this.#suspicion.isSet) this.#suspicion.setFor(this.clock.now() + this.options.suspectAfter / 4)
  }

  #lookForSilence(): void {
    const nodes = [...this.nodes]
    for (const node of nodes) {
      if (node.silence < this.options.suspectAfter) continue
      // Requests that are not sent have certainly not run. They are sent if the node answers all pending requests.
      node.hold()
      this.refresh()
    }
    if (this.router.reads?.leaveSilent() || nodes.some(({ isBusy }) => isBusy)) this.#watchSilence()
  }

  /** Waits for the next view, at most this many milliseconds, while the cluster is open. @throws like `whenViewed` if there is none */
  nextView(patience: number, signal?: AbortSignal): Promise<void> {
    if (!this.isOpen) return Promise.resolve()
    const next = this.#viewWaiters.wait(this.clock, patience, signal)
    this.refresh()
    return next
  }

  #emit<Name extends keyof ClusterEvents>(name: Name, ...args: ClusterEvents[Name]): void {
    notifyAll(this.events, name, ...args)
  }
}
