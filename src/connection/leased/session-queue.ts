import { SessionLostError } from '../../errors.js'
import type { ErrorReply, Reply } from '../../protocol/types.js'
import type { Counters } from '../request/counters.js'
import type { Intake } from '../request/intake.js'
import { unsent } from '../request/lost-request.js'
import * as rejections from '../request/rejections.js'
import type { Refusal, Rejection, Request } from '../request/request.js'
import { type LossRules, type ReportLoss, settleLost } from '../request/settle-lost.js'
import type { Clock } from '../timing/clock.js'
import { Waiters } from '../timing/waiters.js'
import type { ConnectionEnd } from '../wire/connection-end.js'
import type { Borrower, DedicatedConnection } from './dedicated-connection.js'
import type { BlockingRequest } from './unblock.js'

/** The dependencies of the queue of a session. */
export interface SessionQueueDependencies {
  readonly clock: Clock
  readonly counters: Counters
  readonly onLost: ReportLoss
  /**
   * Shared by all sessions, so that a signal that several sessions use has one listener. The intake calls `giveUp` of
   * the queue that has the request.
   */
  readonly intake: Intake
  readonly queues: WeakMap<Request, SessionQueue>
}

/**
 * The requests of one session, on one connection. No request is ever sent again, because the state of a lost connection
 * (watched keys, database, open transaction) is lost too.
 */
export class SessionQueue implements Borrower {
  /** Called with each line of MONITOR. Without it, replies that no request is waiting for are an error. */
  onLine: ((line: string) => void) | undefined
  /** Called once, when the connection is lost before the session has ended. */
  onLost: ((error: Error) => void) | undefined
  /** Whether the server replies to each command, and runs it immediately. Set by the session. */
  replies: { readonly isQuiet: boolean } | undefined
  readonly connection: DedicatedConnection
  readonly #dependencies: SessionQueueDependencies
  readonly #drained = new Waiters()
  #lost: Error | undefined
  #isOver = false
  /** Whether the client is closing, so that nothing may wait at the server any more. */
  #mayNotWait = false

  constructor(connection: DedicatedConnection, dependencies: SessionQueueDependencies) {
    this.connection = connection
    this.#dependencies = dependencies
    connection.borrower = this
  }

  get isQuiet(): boolean {
    return this.replies?.isQuiet === true
  }

  /** Called when the caller of a request no longer waits. */
  giveUp(request: Request, rejection: Rejection): void {
    if (this.#lost === undefined) this.connection.giveUp(request, rejection)
    else if (request.state === 'queued') request.fail('not-executed', rejection)
    else request.abandon(rejection)
  }

  /** Accepts a request. From now on, it is settled exactly once. */
  enqueue(request: Request, signal: AbortSignal | undefined): void {
    const { clock, counters, intake, queues } = this.#dependencies
    if (this.#lost !== undefined) {
      request.fail('not-executed', rejections.sessionLost(this.#lost))
      return
    }
    if (this.#mayNotWait && request.serverWait > 0) {
      request.fail('not-executed', rejections.closed)
      return
    }
    if (intake.rejectAborted(request, signal)) return
    intake.watch(request, signal, clock.now())
    if (request.mayBeAbandoned) queues.set(request, this)
    counters.sent += 1
    this.connection.enqueue(request)
  }

  /** Resolves when the connection is drained or lost. */
  drained(): Promise<void> {
    return this.#lost !== undefined || this.connection.isDrained ? Promise.resolve() : this.#drained.wait()
  }

  /** Ends the wait of blocking commands, and refuses new ones, because the client is closing. */
  unblock(): void {
    this.#mayNotWait = true
    for (const request of this.blocking) this.connection.giveUp(request, rejections.closed)
  }

  /** The pending requests that may wait at the server. */
  get blocking(): readonly Request[] {
    return [...this.connection.owed(), ...this.connection.waiting()].filter(({ serverWait }) => serverWait > 0)
  }

  /** Called when the session has ended. */
  leave(): void {
    this.#isOver = true
    this.#dependencies.intake.rest()
    this.onLost = undefined
    this.onLine = undefined
  }

  onDrained(): void {
    this.#drained.resolve()
  }

  onRefusedForNow(request: Request, reply: ErrorReply | null, { retry }: Refusal): void {
    if (retry === 'now') {
      request.state = 'queued'
      this.connection.putBack(request)
      return
    }
    // If the request were sent again, it would run after requests that were called later. The caller must decide about
    // that.
    request.state = 'sent'
    request.answer(reply, false)
  }

  onUnowed(reply: Reply): boolean {
    if (this.onLine === undefined || typeof reply !== 'string') return false
    this.onLine(reply)
    return true
  }

  onEnd(connection: DedicatedConnection, end: ConnectionEnd, neverHanded: readonly Request[]): void {
    const { reason } = end
    this.#lost = reason
    const lostRules: LossRules = {
      now: this.#dependencies.clock.now(),
      mayRequeue: () => false,
      rejectionOf: (request) => givenUp(request) ?? rejections.sessionLost(reason),
    }
    const settle = (): void => {
      const { counters, intake, onLost } = this.#dependencies
      const summary = settleLost(end.lostRequests, lostRules)
      counters.rejectedOnLoss += summary.rejected
      settleLost(neverHanded.map(unsent), lostRules)
      intake.rest()
      // If the session has ended, the pool may have ended a connection that it can't lend again. That is not a loss.
      if (!this.#isOver) onLost(connection, reason, summary)
    }
    // A caller who has given up waits for nothing more, not even for the fence.
    settleLost(
      end.lostRequests.filter((lost) => givenUp(lost.request)),
      lostRules,
    )
    // Requests are rejected only when their connection has been fenced or can't be fenced, so that what their callers
    // do next happens after everything that was sent on that connection.
    if (end.wasReady && end.unfenced !== undefined) end.unfenced.whenAnswered(settle)
    else settle()
    this.onLost?.(
      new SessionLostError(`the connection of the session was lost (${reason.message})`, {
        fate: 'not-executed',
        cause: reason,
      }),
    )
    this.#drained.resolve()
  }
}

/** The error for a blocking request whose caller has given it up. */
const givenUp = (request: Request): Rejection | null | undefined => (request as Partial<BlockingRequest>).giveUp
