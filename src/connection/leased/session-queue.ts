import { type Fate, SessionLostError } from '../../errors.js'
import type { ErrorReply, Reply } from '../../protocol/types.js'
import type { Counters } from '../request/counters.js'
import { Intake } from '../request/intake.js'
import { unsent } from '../request/lost-request.js'
import * as rejections from '../request/rejections.js'
import type { Refusal, Rejection, Request } from '../request/request.js'
import { type LossRules, settleLost } from '../request/settle-lost.js'
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
  readonly #intake: Intake
  readonly #drained = new Waiters()
  readonly #unblockings = new Map<Request, Unblocking>()
  #lost: Error | undefined

  constructor(connection: DedicatedConnection, dependencies: SessionDependencies) {
    this.connection = connection
    this.#dependencies = dependencies
    connection.borrower = this
    const { clock, counters } = dependencies
    this.#intake = new Intake(clock, counters, (request, rejection) => this.#giveUp(request, rejection))
  }

  get isLost(): boolean {
    return this.#lost !== undefined
  }

  /** Takes a request in; from here on it is settled exactly once. */
  enqueue(request: Request, signal: AbortSignal | undefined): void {
    const { clock, counters } = this.#dependencies
    if (this.#lost !== undefined) {
      request.fail('not-executed', rejections.sessionLost(this.#lost))
      return
    }
    if (this.#intake.rejectAborted(request, signal)) return
    this.#intake.watch(request, signal, clock.now())
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
        this.#giveUp(request, rejections.closed)
      }
    }
  }

  /** Lets go of the connection: the session is over. */
  leave(): void {
    this.#intake.stop()
    this.onLost = undefined
    this.onLine = undefined
  }

  onDrained(): void {
    for (const [request, unblocking] of this.#unblockings) if (request.state === 'settled') unblocking.noteSettled()
    if (this.#isQuiet) this.#drained.resolve()
  }

  onRefusedForNow(request: Request, reply: ErrorReply | null, { retry }: Refusal): void {
    if (retry === 'now') {
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

  onEnd(_: DedicatedConnection, end: ConnectionEnd, neverHanded: readonly Request[]): void {
    const { reason } = end
    this.#lost = reason
    this.#intake.stop()
    const lostRules: LossRules = {
      now: this.#dependencies.clock.now(),
      mayRequeue: () => false,
      rejectionOf: (request) => givenUp(request) ?? rejections.sessionLost(reason),
    }
    this.#dependencies.counters.rejectedOnLoss += settleLost(end.lostRequests, lostRules).rejected
    settleLost(neverHanded.map(unsent), lostRules)
    for (const unblocking of [...this.#unblockings.values()]) unblocking.noteSettled()
    this.onLost?.(new SessionLostError(`the connection of the session was lost (${reason.message})`, about(reason)))
    this.#drained.resolve()
  }

  /** Nothing is owed, and nothing asked for that could strike whoever has the connection next. */
  get #isQuiet(): boolean {
    return this.connection.isDrained && this.#unblockings.size === 0
  }

  #giveUp(request: Request, rejection: Rejection): void {
    if (this.#unblockings.has(request)) return
    if (request.state === 'queued') {
      request.fail('not-executed', rejection)
      this.connection.withdrawn(request)
      return
    }
    if (request.serverWait === 0) {
      request.abandon(rejection)
      return
    }
    const blocking = request as BlockingRequest
    blocking.giveUp = rejection
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

/** What a blocking request is rejected with that its caller has given up. */
const givenUp = (request: Request): Rejection | null =>
  'giveUp' in request ? (request as BlockingRequest).giveUp : null

const about = (cause: Error): { readonly fate: Fate; readonly cause: Error } => ({ fate: 'not-executed', cause })
