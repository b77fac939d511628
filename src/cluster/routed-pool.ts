import type { Lender } from '../connection/leased/blocking.js'
import type { DedicatedConnection } from '../connection/leased/dedicated-connection.js'
import type { Waiter } from '../connection/leased/pool.js'
import type { BlockingRequest } from '../connection/leased/unblock.js'
import { AgeLimit } from '../connection/timing/age-limit.js'
import type { Clock } from '../connection/timing/clock.js'
import { type RespiteError, TimeoutError } from '../errors.js'
import type { Redirect, ResolvedOptions } from '../options/options.js'
import { askFirst } from './asking.js'
import type { Node } from './node.js'
import { RedirectLimit } from './redirect-limit.js'

/** What waits for a connection: a blocking request, or a session, which has the slot of its key. */
export type SlotWaiter = Waiter & ({ readonly request: BlockingRequest } | { readonly slot: number })

/** What the pools of a cluster need from the cluster. */
export interface PoolSubject {
  readonly options: ResolvedOptions
  readonly clock: Clock
  readonly maxRedirects: number
  /** Returns the node whose connection is to be lent; undefined if this node is not known. */
  nodeFor(waiter: SlotWaiter): Node | undefined
  /** Whether the last view is too old for a connection that became ready at this clock time. */
  isOutdated(readyAt: number): boolean
  /** Asks for a newer view. */
  refresh(isNews?: boolean): void
  onRedirected(node: Node, request: BlockingRequest, redirect: Redirect): void
  /** Returns the node at the address of a redirection. */
  targetOf(node: Node, redirect: Redirect): Node
  lastError(): Error | undefined
}

interface Waiting {
  readonly waiter: SlotWaiter
  readonly since: number
  /** The pool that it waits for; undefined while the node that has its slot is not known. */
  place: { readonly node: Node; readonly inPool: Waiter } | undefined
}

/** The error for what was waited for in vain. @param waited milliseconds */
export const lasted = (problem: string, waited: number, cause?: Error): TimeoutError =>
  new TimeoutError(`${problem}, for ${Math.round(waited)} ms`, { fate: 'not-executed', cause })

/** Lends connections to blocking requests and sessions, from the pool of the node that has their slot. */
export class RoutedPool implements Lender {
  readonly #subject: PoolSubject
  readonly #limit: RedirectLimit
  readonly #waiting = new Map<SlotWaiter, Waiting>()
  /** Waiters that wait for a view, in order, and since when. */
  readonly #unplaced = new Map<Waiting, number>()
  readonly #patience: AgeLimit<Waiting>
  /** The nodes of connections, and the clock time when each connection was first lent. */
  readonly #lenders = new WeakMap<WeakKey, { readonly node: Node; readonly since: number }>()
  /** Requests that a server has redirected with ASK, and how to find the node that they are sent to. It may have been removed. */
  readonly #asked = new WeakMap<BlockingRequest, () => Node>()

  constructor(subject: PoolSubject) {
    this.#subject = subject
    this.#limit = new RedirectLimit(subject.maxRedirects)
    const { acquireTimeout } = subject.options.blocking
    this.#patience = new AgeLimit(subject.clock, acquireTimeout, this.#unplaced, (impatient) =>
      this.refuse(lasted('no node has the slot', acquireTimeout, subject.lastError()), impatient),
    )
  }

  lease(waiter: SlotWaiter, isFirst = false): void {
    const waiting: Waiting = { waiter, since: this.#subject.clock.now(), place: undefined }
    this.#waiting.set(waiter, waiting)
    this.#place(waiting, isFirst)
  }

  /** Lends a connection to the node that has a slot. @param begin called as soon as the connection is lent */
  leaseFor<T>(slot: number, begin: (node: Node, connection: DedicatedConnection) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const onLease = (connection: DedicatedConnection): void =>
        resolve(begin(this.lenderOf(connection) as Node, connection))
      this.lease({ slot, onLease, onRefused: reject })
    })
  }

  cancel(waiter: SlotWaiter): void {
    const waiting = this.#waiting.get(waiter)
    if (waiting === undefined) return
    this.#waiting.delete(waiter)
    waiting.place?.node.leased.pool.cancel(waiting.place.inPool)
    this.#unplaced.delete(waiting)
    this.#patience.watch()
  }

  release(connection: DedicatedConnection): void {
    this.lenderOf(connection)?.leased.pool.release(connection)
  }

  /** Returns the node of a lent connection. */
  lenderOf(connection: WeakKey): Node | undefined {
    return this.#lenders.get(connection)?.node
  }

  onRedirected(connection: DedicatedConnection | undefined, request: BlockingRequest, redirect: Redirect): boolean {
    const lender = connection && this.lenderOf(connection)
    if (lender === undefined) return true
    const { to } = redirect
    if ((to === 'ask' || to === 'moved') && !this.#limit.allows(request, this.#subject.clock.now())) return false
    if (to === 'ask') {
      askFirst(request)
      this.#asked.set(request, () => this.#subject.targetOf(lender, redirect))
    } else this.#subject.onRedirected(lender, request, redirect)
    return true
  }

  /** Called when slots may have moved. Requests that wait at a node which no longer has their slot are moved to another node. */
  onMoved(): void {
    for (const waiting of [...this.#waiting.values()]) {
      const { place, waiter } = waiting
      if (place !== undefined && this.#subject.nodeFor(waiter) === place.node) continue
      this.cancel(waiter)
      this.#waiting.set(waiter, waiting)
      this.#place(waiting, false)
    }
  }

  /** Whether a view is needed, because a waiter has no node. */
  get needsView(): boolean {
    return this.#unplaced.size > 0
  }

  /** Refuses those that wait for a view. */
  refuse(error: RespiteError, waiting: readonly Waiting[] = [...this.#unplaced.keys()]): void {
    for (const { waiter } of waiting) {
      this.cancel(waiter)
      waiter.onRefused(error)
    }
  }

  #place(waiting: Waiting, isFirst: boolean): void {
    const { waiter } = waiting
    // A session has none, and no server has redirected it.
    const { request } = waiter as { readonly request: BlockingRequest }
    const node = this.#asked.get(request)?.() ?? this.#subject.nodeFor(waiter)
    this.#asked.delete(request)
    if (node === undefined) {
      this.#waitForView(waiting, false)
      return
    }
    const { clock } = this.#subject
    const { pool } = node.leased
    node.leased.askForProcess()
    // CLIENT UNBLOCK needs the shared connection.
    node.shared.start()
    const inPool: Waiter = {
      onLease: (connection) => {
        const since = this.#lenders.get(connection)?.since ?? clock.now()
        this.#lenders.set(connection, { node, since })
        if (this.#subject.isOutdated(since)) {
          this.#waitForView(waiting, true)
          // Others that wait for it come here one after the other, and then wait for the same view.
          clock.defer(() => pool.release(connection))
          return
        }
        this.#waiting.delete(waiter)
        waiter.onLease(connection)
      },
      onRefused: (error) => {
        this.#waiting.delete(waiter)
        waiter.onRefused(error)
      },
    }
    waiting.place = { node, inPool }
    pool.lease(inPool, isFirst)
  }

  #waitForView(waiting: Waiting, isNews: boolean): void {
    waiting.place = undefined
    this.#unplaced.set(waiting, waiting.since)
    this.#patience.watch()
    this.#subject.refresh(isNews)
  }
}
