import type { RespiteError } from '../../errors.js'
import type { Redirect, ResolvedOptions } from '../../options/options.js'
import type { ErrorReply } from '../../protocol/types.js'
import type { Counters } from '../request/counters.js'
import { Intake } from '../request/intake.js'
import { unsent } from '../request/lost-request.js'
import * as rejections from '../request/rejections.js'
import type { Refusal, Rejection, Request } from '../request/request.js'
import { type ReportLoss, settleLost } from '../request/settle-lost.js'
import { backoffDelay } from '../timing/backoff.js'
import type { Clock, Timer } from '../timing/clock.js'
import type { ConnectionEnd } from '../wire/connection-end.js'
import type { Borrower, DedicatedConnection } from './dedicated-connection.js'
import type { Waiter } from './pool.js'
import type { BlockingRequest } from './unblock.js'

/** Lends connections for blocking requests: a pool, or the pools of a cluster. */
export interface Lender {
  /** Asks for a connection. `onLease` or `onRefused` follows. @param isFirst whether to go before all others */
  lease(waiter: BlockingWaiter, isFirst?: boolean): void
  /** Called when the waiter no longer waits. */
  cancel(waiter: BlockingWaiter): void
  /** Takes a connection back. */
  release(connection: DedicatedConnection): void
  /** Returns why no connection could be opened at the last attempt. */
  whyOffline?(): Error | undefined
  /**
   * In a cluster, called when the server of this connection says that the request belongs to another node.
   * @returns false if it was redirected too many times; in that case, it is rejected
   */
  onRedirected?(connection: DedicatedConnection | undefined, request: BlockingRequest, redirect: Redirect): boolean
}

/** A blocking request that waits for a connection. */
export interface BlockingWaiter extends Waiter {
  readonly request: BlockingRequest
}

/** The dependencies of blocking requests. */
export interface BlockingDependencies {
  readonly options: ResolvedOptions
  readonly clock: Clock
  readonly pool: Lender
  readonly counters: Counters
  readonly onLost: ReportLoss
  /** Whether a request that changes data may be sent again only after its lost connection was fenced. */
  readonly isFenceRequired: boolean
}

/** Sends blocking requests. Each uses a pooled connection that nothing else uses at the same time. */
export class BlockingQueue {
  readonly #dependencies: BlockingDependencies
  readonly #calls = new Map<BlockingRequest, BlockingCall>()
  readonly #intake: Intake
  #isClosed = false

  constructor(dependencies: BlockingDependencies) {
    this.#dependencies = dependencies
    const { clock, counters, pool } = dependencies
    const giveUp = (request: Request, rejection: Rejection): void => {
      this.#calls.get(request as BlockingRequest)?.giveUp(rejection)
    }
    this.#intake = new Intake(clock, counters, giveUp, () => pool.whyOffline?.())
  }

  /** Requests in the order of their calls, with their connections. */
  get calls(): IterableIterator<BlockingCall> {
    return this.#calls.values()
  }

  /** Accepts a request. From now on, it is settled exactly once. */
  enqueue(request: BlockingRequest, signal: AbortSignal | undefined): void {
    if (this.#isClosed) {
      request.fail('not-executed', rejections.closed)
      return
    }
    if (this.#intake.rejectAborted(request, signal)) return
    this.#intake.watch(request, signal, this.#dependencies.clock.now())
    const call = new BlockingCall(request, this.#dependencies, () => {
      this.#calls.delete(request)
      if (this.#calls.size === 0) this.#intake.stop()
    })
    this.#calls.set(request, call)
    call.begin()
  }

  /** Refuses further requests, and ends the waits of the current ones, which are settled by their replies. */
  close(): void {
    this.#isClosed = true
    for (const call of [...this.#calls.values()]) call.giveUp(rejections.closed)
  }

  /** Ends every request now. */
  destroy(): void {
    this.#isClosed = true
    for (const call of [...this.#calls.values()]) call.destroy(rejections.closed)
  }
}

/** A lent connection that was lost, and how it ended. */
interface Loss {
  readonly connection: DedicatedConnection
  readonly end: ConnectionEnd
}

/**
 * One blocking request.
 *
 * ```
 *   waiting ──▶ lent ──▶ finished    waiting: waits for a connection, or pauses before it asks for one again
 *      ▲  └───────┬───────▲          lent: has a connection, which reports when it is drained or has ended
 *      └──────────┴───────┘
 * ```
 */
class BlockingCall implements BlockingWaiter, Borrower {
  readonly request: BlockingRequest
  /** Undefined unless the state is `lent`. */
  connection: DedicatedConnection | undefined
  readonly #dependencies: BlockingDependencies
  readonly #onOver: () => void
  #sentAt: number | undefined
  /** Clock time of the first loss of a connection before the request was sent on it. */
  #neverSentSince: number | undefined
  #pause: Timer | undefined
  /** The connection that was lost, while it is being fenced. */
  #loss: Loss | undefined

  constructor(request: BlockingRequest, dependencies: BlockingDependencies, onOver: () => void) {
    this.request = request
    this.#dependencies = dependencies
    this.#onOver = onOver
  }

  begin(): void {
    this.#dependencies.pool.lease(this)
  }

  onLease(connection: DedicatedConnection): void {
    const now = this.#dependencies.clock.now()
    this.#sentAt ??= now
    this.request.waited = now - this.#sentAt
    this.connection = connection
    connection.borrower = this
    connection.enqueue(this.request)
    this.#dependencies.counters.sent += 1
  }

  onRefused(error: RespiteError): void {
    this.#settle(rejections.notConnected(error))
  }

  /** Called when the caller no longer waits. */
  giveUp(rejection: Rejection): void {
    if (this.connection !== undefined) {
      this.connection.giveUp(this.request, rejection)
      return
    }
    if (this.#loss !== undefined) {
      this.request.giveUp = rejection
      this.#settleLoss(this.#loss)
      return
    }
    this.#dependencies.pool.cancel(this)
    this.#settle(rejection)
  }

  /** Settles the request now, without asking the server. */
  destroy(rejection: Rejection): void {
    this.request.giveUp ??= rejection
    if (this.connection === undefined) this.giveUp(rejection)
    else this.connection.end(new Error('the client was destroyed'))
  }

  onDrained(): void {
    if (this.request.state !== 'settled') return
    this.#leaveConnection()
    this.#finish()
  }

  onRefusedForNow(_: unknown, reply: ErrorReply | null, { redirect }: Refusal): void {
    const { request } = this
    const { clock, counters, options, pool } = this.#dependencies
    counters.refusedForNow += 1
    request.state = 'queued'
    request.refusal = reply
    const now = clock.now()
    if (redirect && pool.onRedirected?.(this.connection, request, redirect) === false) return
    // Before it is redirected, the request may wait at the server, which does not count here, and makes up for earlier pauses.
    const inFlight = now - request.waited - (this.#sentAt as number)
    if (request.refusals === 0) request.queuedAt = now
    else if (redirect) request.queuedAt = Math.min(now, request.queuedAt + inFlight * 2)
    request.refusals += 1
    if (request.giveUp !== null) {
      request.fail('not-executed', request.giveUp)
      return
    }
    const waited = now - request.queuedAt
    if (options.queueTimeout > 0 && waited >= options.queueTimeout) {
      request.fail('not-executed', rejections.waitedTooLong(request, waited, undefined))
      return
    }
    this.#leaveConnection()
    this.#applyLater()
  }

  onUnowed(): boolean {
    return false
  }

  onEnd(connection: DedicatedConnection, end: ConnectionEnd): void {
    this.connection = undefined
    const loss = { connection, end }
    this.#loss = loss
    const { request } = this
    const unfenced = end.wasReady && request.giveUp === null && !request.isRead ? end.unfenced : undefined
    if (unfenced === undefined) this.#settleLoss(loss)
    else unfenced.whenAnswered(() => this.#settleLoss(loss))
  }

  /**
   * Rejects the request, or sends it again. Called only when its connection has been fenced or can't be fenced, so that
   * what the caller does next happens after everything that was sent on that connection.
   */
  #settleLoss(loss: Loss): void {
    if (this.#loss !== loss) return
    this.#loss = undefined
    const { request } = this
    const { connection, end } = loss
    const { counters, clock, isFenceRequired } = this.#dependencies
    if (request.state !== 'settled') {
      const lost = end.lostRequests.find((candidate) => candidate.request === request) ?? unsent(request)
      const summary = settleLost([lost], {
        now: clock.now(),
        mayRequeue: ({ doubt }) =>
          request.giveUp === null && !(isFenceRequired && doubt?.isFenced === false && !request.isRead),
        rejectionOf: () => request.giveUp ?? rejections.lost(end.error),
      })
      counters.replayed += summary.replayed
      counters.rejectedOnLoss += summary.rejected
      this.#dependencies.onLost(connection, end.reason, summary)
      if (summary.again.length > 0) {
        if (lost.neverSent) this.#leaseAgain(end.error)
        else {
          this.#neverSentSince = undefined
          this.#dependencies.pool.lease(this, true)
        }
        return
      }
    }
    this.#finish()
  }

  /** Called when the connection was lost before the request was sent. */
  #leaseAgain(error: Error | undefined): void {
    const { clock, options, pool } = this.#dependencies
    const isFirst = this.#neverSentSince === undefined
    this.#neverSentSince ??= clock.now()
    const waited = clock.now() - this.#neverSentSince
    if (waited >= options.blocking.acquireTimeout) this.#settle(rejections.waitedTooLong(this.request, waited, error))
    // The idle connection may have been dead already, so one immediate retry makes sense. More would be a reconnect
    // loop.
    else if (isFirst) pool.lease(this, true)
    else this.#applyLater()
  }

  #applyLater(): void {
    const { clock, pool } = this.#dependencies
    this.#pause = clock.after(backoffDelay(clock, this.request.refusals), () => pool.lease(this, true))
  }

  #leaveConnection(): void {
    const { connection } = this
    this.connection = undefined
    if (connection === undefined) return
    connection.borrower = undefined
    this.#dependencies.pool.release(connection)
  }

  #settle(rejection: Rejection): void {
    this.request.fail('not-executed', rejection)
    this.#finish()
  }

  #finish(): void {
    this.#dependencies.clock.cancel(this.#pause)
    this.#onOver()
  }
}
