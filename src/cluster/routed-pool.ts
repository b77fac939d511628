import type { Lender } from '../connection/leased/blocking.js'
import type { DedicatedConnection } from '../connection/leased/dedicated-connection.js'
import type { Pool, Waiter } from '../connection/leased/pool.js'
import type { BlockingRequest } from '../connection/leased/unblock.js'
import { AgeLimit } from '../connection/timing/age-limit.js'
import type { Clock } from '../connection/timing/clock.js'
import { type RespiteError, TimeoutError } from '../errors.js'
import type { Redirect, ResolvedOptions } from '../options/options.js'
import { askFirst } from './asking.js'
import type { Node } from './node.js'

/** What waits for a connection: a blocking request, or a session, which has the slot of its key. */
export type SlotWaiter = Waiter & ({ readonly request: BlockingRequest } | { readonly slot: number })

/** What the pools of a cluster need from the cluster. */
export interface PoolSubject {
  readonly options: ResolvedOptions
  readonly clock: Clock
  /** Returns the node whose connection is to be lent; undefined if this node is not known. */
  nodeFor(waiter: SlotWaiter): Node | undefined
  /** Asks for a newer view. */
  refresh(): void
  onRedirected(node: Node, request: BlockingRequest, redirect: Redirect): void
  /** Returns the node at the address of a redirection. */
  nodeAt(node: Node, redirect: Redirect): Node
  lastError(): Error | undefined
}

interface Waiting {
  readonly waiter: SlotWaiter
  readonly since: number
  /** The pool that it waits for; undefined while the node that has its slot is not known. */
  place: { readonly node: Node; readonly pool: Pool; readonly inPool: Waiter } | undefined
}

/** The error for what was waited for in vain. @param waited milliseconds */
export const lasted = (problem: string, waited: number, cause: Error | undefined): TimeoutError =>
  new TimeoutError(`${problem}, for ${Math.round(waited)} ms`, { fate: 'not-executed', cause })

/** Lends connections to blocking requests and sessions, from the pool of the node that has their slot. */
export class RoutedPool implements Lender {
  readonly #subject: PoolSubject
  readonly #waiting = new Map<SlotWaiter, Waiting>()
  /** Waiters that wait for a view, in order. */
  readonly #unplaced: Waiting[] = []
  readonly #patience: AgeLimit<Waiting>
  readonly #lenders = new WeakMap<WeakKey, { readonly pool: Pool; readonly node: Node }>()
  /** Requests that a server has redirected with ASK, and the node that they are sent to. */
  readonly #asked = new WeakMap<BlockingRequest, Node>()

  constructor(subject: PoolSubject) {
    this.#subject = subject
    const { acquireTimeout } = subject.options.blocking
    this.#patience = new AgeLimit(subject.clock, acquireTimeout, this.#unplaced, (impatient) => {
      for (const { waiter } of impatient) {
        this.cancel(waiter)
        waiter.onRefused(lasted('no node is known to have the slot', acquireTimeout, subject.lastError()))
      }
    })
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
    waiting.place?.pool.cancel(waiting.place.inPool)
    const index = this.#unplaced.indexOf(waiting)
    if (index !== -1) this.#unplaced.splice(index, 1)
    this.#patience.watch()
  }

  release(connection: DedicatedConnection): void {
    this.#lenders.get(connection)?.pool.release(connection)
  }

  /** Returns the node of a lent connection. */
  lenderOf(connection: WeakKey): Node | undefined {
    return this.#lenders.get(connection)?.node
  }

  onRedirected(connection: DedicatedConnection | undefined, request: BlockingRequest, redirect: Redirect): void {
    const lender = connection && this.#lenders.get(connection)
    if (lender === undefined) return
    if (redirect.to === 'ask') {
      askFirst(request)
      this.#asked.set(request, this.#subject.nodeAt(lender.node, redirect))
    } else this.#subject.onRedirected(lender.node, request, redirect)
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
  get isWaiting(): boolean {
    return this.#unplaced.length > 0
  }

  /** Refuses all that wait for a view. */
  refuse(error: RespiteError): void {
    for (const { waiter } of [...this.#unplaced]) {
      this.cancel(waiter)
      waiter.onRefused(error)
    }
  }

  #place(waiting: Waiting, isFirst: boolean): void {
    const { waiter } = waiting
    const request = 'request' in waiter ? waiter.request : undefined
    const node = (request && this.#asked.get(request)) ?? this.#subject.nodeFor(waiter)
    if (request !== undefined) this.#asked.delete(request)
    waiting.place = undefined
    if (node === undefined) {
      this.#unplaced.push(waiting)
      this.#patience.watch()
      this.#subject.refresh()
      return
    }
    const { pool } = node.leased
    node.leased.askForProcess()
    // CLIENT UNBLOCK needs the shared connection.
    node.shared.start()
    const inPool: Waiter = {
      onLease: (connection) => {
        this.#waiting.delete(waiter)
        this.#lenders.set(connection, { pool, node })
        waiter.onLease(connection)
      },
      onRefused: (error) => {
        this.#waiting.delete(waiter)
        waiter.onRefused(error)
      },
    }
    waiting.place = { node, pool, inPool }
    pool.lease(inPool, isFirst)
  }
}
