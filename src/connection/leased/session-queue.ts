import { type Fate, type RespiteError, SessionLostError } from '../../errors.js'
import type { ErrorReply, Reply } from '../../protocol/types.js'
import { Cancellation } from '../request/cancellation.js'
import type { Counters } from '../request/counters.js'
import { Deadlines } from '../request/deadlines.js'
import { verdictOnLoss } from '../request/fate.js'
import * as rejections from '../request/rejections.js'
import type { RefusalAdvice, Request } from '../request/request.js'
import type { Clock } from '../timing/clock.js'
import { Waiters } from '../timing/waiters.js'
import type { ConnectionEnd } from '../wire/connection-owner.js'
import type { Borrower, DedicatedConnection } from './dedicated-connection.js'
import { type BlockingRequest, type Unblock, Unblocking } from './unblock.js'

/** What a session stands on. */
export interface SessionDependencies {
  readonly clock: Clock
  readonly counters: Counters
  readonly unblock: Unblock
}

/**
 * The requests of one session, on the one connection that the session is. Nothing is ever sent again: what the connection
 * knew (watched keys, a database, an open transaction) is gone with it.
 */
export class SessionQueue implements Borrower {
  /** Told of what a monitor sees; replies that no request is owed are out of order while there is none. */
  onLine: ((line: string) => void) | undefined
  /** Called once, when the connection is lost before the session has ended. */
  onLost: ((error: Error) => void) | undefined
  readonly connection: DedicatedConnection
  readonly #dependencies: SessionDependencies
  readonly #deadlines: Deadlines
  readonly #cancellation: Cancellation
  readonly #drained = new Waiters()
  readonly #unblockings = new Map<Request, Unblocking>()
  #lost: Error | undefined

  constructor(connection: DedicatedConnection, dependencies: SessionDependencies) {
    this.connection = connection
    this.#dependencies = dependencies
    connection.borrower = this
    const { clock, counters } = dependencies
    this.#deadlines = new Deadlines(clock, (request) => {
      counters.timedOut += 1
      this.#giveUp(request, (fate, outcome) =>
        fate === undefined
          ? rejections.timedOut(request, request.timeout, outcome)
          : rejections.timedOutWaiting(request, fate),
      )
    })
    this.#cancellation = new Cancellation((request, { reason }) => {
      counters.aborted += 1
      this.#giveUp(request, (fate, outcome) =>
        fate === undefined
          ? rejections.aborted(request, reason, outcome)
          : rejections.abortedWaiting(request, fate, reason),
      )
    })
  }

  get isLost(): boolean {
    return this.#lost !== undefined
  }

  /** Takes a request in; from here on it is settled exactly once. */
  enqueue(request: Request, signal: AbortSignal | undefined): void {
    const { clock, counters } = this.#dependencies
    if (this.#lost !== undefined) {
      request.fail(rejections.sessionLost(request, 'not-executed', this.#lost))
      return
    }
    if (signal?.aborted) {
      counters.aborted += 1
      request.fail(rejections.aborted(request, signal.reason))
      return
    }
    request.calledAt = clock.now()
    if (request.timeout > 0) this.#deadlines.add(request)
    if (signal !== undefined) this.#cancellation.watch(request, signal)
    counters.sent += 1
    this.connection.enqueue(request)
  }

  /** Resolves when nothing waits and no reply is owed, or the connection is lost. */
  drained(): Promise<void> {
    return this.isLost || this.#isQuiet ? Promise.resolve() : this.#drained.wait()
  }

  /** Ends the wait of blocking commands: the client is closing. */
  unblock(): void {
    for (const request of this.connection.owed()) {
      if (request.serverWait > 0 && request.state === 'sent') {
        this.#giveUp(request, (fate) => rejections.closed(request, fate ?? 'unknown'))
      }
    }
  }

  /** Lets go of the connection: the session is over. */
  leave(): void {
    this.#deadlines.stop()
    this.onLost = undefined
    this.onLine = undefined
  }

  onDrained(): void {
    for (const [request, unblocking] of this.#unblockings) if (request.state === 'settled') unblocking.noteSettled()
    if (this.#isQuiet) this.#drained.resolve()
  }

  onRefusedForNow(request: Request, reply: ErrorReply, advice: RefusalAdvice): void {
    if (advice === 'now') {
      request.state = 'queued'
      this.connection.putBack(request)
      return
    }
    // To run it later would be to run it after those that were called after it: the caller decides.
    request.state = 'sent'
    request.answer(reply, false)
  }

  onUnowed(reply: Reply): boolean {
    if (this.onLine === undefined || typeof reply !== 'string') return false
    this.onLine(reply)
    return true
  }

  onEnd(_: DedicatedConnection, end: ConnectionEnd, unsent: readonly Request[]): void {
    const reason = end.error ?? new Error('the server closed the connection')
    this.#lost = reason
    this.#deadlines.stop()
    for (const { request, neverSent, replySeen } of end.lostRequests) {
      if (request.state !== 'settled') this.#dependencies.counters.rejectedOnLoss += 1
      const { fate } = verdictOnLoss({ ...unrepeatable, neverSent, replySeen })
      request.fail(this.#errorOf(request, fate, reason))
    }
    for (const request of unsent) request.fail(this.#errorOf(request, 'not-executed', reason))
    for (const unblocking of [...this.#unblockings.values()]) unblocking.noteSettled()
    this.onLost?.(new SessionLostError(`the connection of the session was lost (${reason.message})`, about(reason)))
    this.#drained.resolve()
  }

  #errorOf(request: Request, fate: Fate, reason: Error): unknown {
    const giveUp = 'giveUp' in request ? (request as BlockingRequest).giveUp : null
    return giveUp?.(fate) ?? rejections.sessionLost(request, fate, reason)
  }

  /** Nothing is owed, and nothing asked for that could strike whoever has the connection next. */
  get #isQuiet(): boolean {
    return this.connection.isDrained && this.#unblockings.size === 0
  }

  #giveUp(request: Request, makeError: (fate: Fate | undefined, outcome?: Promise<unknown>) => RespiteError): void {
    if (this.#unblockings.has(request)) return
    if (request.state === 'queued') {
      request.fail(makeError(undefined))
      this.connection.withdrawn(request)
      return
    }
    if (request.serverWait === 0) {
      request.abandon((outcome) => makeError(undefined, outcome))
      return
    }
    const blocking = request as BlockingRequest
    blocking.giveUp = (fate) => makeError(fate)
    const { connection } = this
    const { clock, unblock } = this.#dependencies
    const unblocking = new Unblocking(clock, { connection, request }, unblock, () => {
      this.#unblockings.delete(request)
      if (this.#isQuiet) this.#drained.resolve()
    })
    this.#unblockings.set(request, unblocking)
    // To ask the server may have led to the end of all, before anybody knew of the asking.
    if (request.state === 'settled') unblocking.noteSettled()
  }
}

/** For the fate alone: nothing is sent again. */
const unrepeatable = { abandoned: false, mayReplay: false, attempts: 1, maxAttempts: 1 } as const

const about = (cause: Error): { readonly fate: Fate; readonly cause: Error } => ({ fate: 'not-executed', cause })
