import type { RespiteError } from '../../errors.js'
import type { ErrorReply, Reply } from '../../protocol/types.js'
import { Counters } from '../request/counters.js'
import { Intake } from '../request/intake.js'
import type { LostRequest } from '../request/lost-request.js'
import { RefusalOrder } from '../request/refusal-order.js'
import * as rejections from '../request/rejections.js'
import type { Refusal, Rejection, Request } from '../request/request.js'
import { type LossSummary, settleLost } from '../request/settle-lost.js'
import type { ConnectorSettings } from '../supervisor/connector.js'
import type { Status } from '../supervisor/state.js'
import { type IsThere, Supervisor, type SupervisorOwner } from '../supervisor/supervisor.js'
import type { Clock } from '../timing/clock.js'
import { SendPause } from '../timing/send-pause.js'
import { TickTask } from '../timing/tick-task.js'
import type { Connection } from '../wire/connection.js'
import type { LostConnection } from '../wire/connection-end.js'
import { Backlog } from './backlog.js'
import { Closing } from './closing.js'
import { ConnectWait } from './connect-wait.js'
import { Fencing, type FencingSubject } from './fencing.js'
import type { SharedConnectionObserver } from './observer.js'
import { Suspicion } from './suspicion.js'

/** The connection that most commands share. Its supervisor reconnects; its queue keeps the order when a connection is lost. */
export class SharedConnection implements SupervisorOwner, FencingSubject {
  readonly counters = new Counters()
  /** Whether only the client's own requests are sent. Once no reply is pending, the router's `onQuiet` is called. */
  isHeld = false
  readonly fencing: Fencing
  readonly backlog: Backlog
  readonly #rejectsOffline: boolean
  readonly #clock: Clock
  readonly #observer: SharedConnectionObserver
  readonly #intake: Intake
  readonly #supervisor: Supervisor
  readonly #sendPause: SendPause
  readonly #refusalOrder = new RefusalOrder()
  readonly #suspicion = new Suspicion()
  readonly #connectWait: ConnectWait
  readonly #closing: Closing
  readonly #flushing: TickTask
  #lastError: Error | undefined
  /** The last AUTH of the client. It belongs to the current connection. */
  #auth: Request | undefined
  readonly #whyOffline = (): Error | undefined => (this.status === 'ready' ? undefined : this.#lastError)

  constructor(settings: ConnectorSettings, observer: SharedConnectionObserver) {
    const { clock, options } = settings
    this.#rejectsOffline = options.offline === 'reject'
    this.#clock = clock
    this.#observer = observer
    this.#intake = observer.router?.intake ?? new Intake(clock, this.counters, this.#giveUpOn, this.#whyOffline)
    this.#supervisor = new Supervisor(settings, this)
    this.#connectWait = new ConnectWait(clock, options.connectDeadline, this.#whyOffline)
    this.#closing = new Closing(clock)
    this.#flushing = new TickTask(clock, () => this.#flush())
    this.#sendPause = new SendPause(clock, () => this.#resume())
    this.backlog = new Backlog(options, clock, {
      isFlowing: () =>
        this.connection?.isReady === true && !this.#sendPause.isActive && !this.#refusalOrder.isOpen && !this.isHeld,
      whyOffline: this.#whyOffline,
      counters: this.counters,
    })
    this.fencing = new Fencing(settings.fence, this)
  }

  /** The current connection, ready or not yet. */
  get connection(): Connection | undefined {
    return this.#supervisor.connection
  }

  get status(): Status {
    return this.#supervisor.status
  }

  /** Whether `close()` or `destroy()` was called. */
  get isClosing(): boolean {
    return this.status === 'closing' || this.status === 'closed'
  }

  /** Starts connecting, unless that has already begun. */
  start(): void {
    if (this.status === 'idle') this.#supervisor.start()
  }

  /** Accepts a request, which is settled exactly once. */
  enqueue(request: Request, signal: AbortSignal | undefined): void {
    if (this.#intake.rejectAborted(request, signal) || !this.admit(request)) return
    // A time limit counts from the call, not from the start of a tick in which other code may have run for long.
    this.#intake.watch(request, signal, request.timeout > 0 ? this.#clock.now() : this.#flushing.now)
    this.push(request)
  }

  /** Rejects a new request if it may not wait. @returns whether it may wait */
  admit(request: Request): boolean {
    if (this.status !== 'ready') return this.#admitOffline(request)
    return this.backlog.hasRoomInBytes(request) || this.#makeRoom(request)
  }

  /** Accepts a request that is already watched and admitted. */
  push(request: Request): void {
    this.backlog.queue.push(request)
    if (this.status === 'ready') {
      if (this.backlog.isWorthAWrite) this.#flush()
      this.#flushing.schedule()
      return
    }
    this.backlog.watch()
    this.start()
  }

  /** Accepts a request of the client itself, even while closing if there is a connection. */
  enqueueOwn(request: Request): void {
    if (!this.isClosing || this.connection?.isReady !== true) {
      this.enqueue(request, undefined)
      return
    }
    this.#intake.watch(request, undefined, this.#flushing.now)
    this.backlog.queue.push(request)
    this.#flushing.schedule()
  }

  /** Puts a request of the client itself before all others, even before those that were refused temporarily. */
  enqueueFirst(request: Request): void {
    this.#intake.watch(request, undefined, this.#flushing.now)
    this.backlog.putFirst(request)
    this.#flushing.schedule()
  }

  /** Authenticates the current connection, also if it is not ready yet. The next one gets its own credentials. */
  authenticate(make: () => Request): void {
    if (!this.connection) return
    this.#auth = make()
    this.enqueueFirst(this.#auth)
  }

  /** Sends queued requests at the end of the tick. Called when a held request can be sent now. */
  flushSoon(): void {
    this.#flushing.schedule()
  }

  /** Resolves when the connection is ready. Starts connecting if the status is `idle`. */
  connect(): Promise<void> {
    if (this.status === 'ready') return Promise.resolve()
    if (this.isClosing) return Promise.reject(rejections.clientClosed())
    const promise = this.#connectWait.wait()
    this.start()
    return promise
  }

  /** See {@link Supervisor.moveTo}. */
  moveTo(isThere: IsThere, reason: Error): void {
    this.#supervisor.moveTo(isThere, reason)
  }

  /** Resolves when the backlog is at or below a quarter of its limits. */
  drain(): Promise<void> {
    if (this.status === 'closed') return Promise.reject(rejections.clientClosed())
    return this.backlog.drain()
  }

  /**
   * Closes. New requests are refused, accepted requests can finish, and the client does not reconnect.
   * @param timeout milliseconds, after which it calls `destroy`
   * @param others what must end before the connection, within the same time
   */
  close(timeout: number, others?: Promise<void>): Promise<void> {
    const { status } = this
    if (status === 'closed') return Promise.resolve()
    const promise = this.#closing.wait()
    if (status === 'closing') return promise
    if (status !== 'ready' && others === undefined) {
      this.destroy()
      return promise
    }
    this.#sendPause.isRetiring = false
    this.#supervisor.beginClosing()
    this.#closing.begin(
      timeout,
      () => this.destroy(),
      others,
      () => this.#closeIfDone(),
    )
    if (status === 'ready') this.#resume()
    else this.#abandonWaiting()
    this.#closeIfDone()
    return promise
  }

  /** Ends the connection now. Rejects each request, with its fate. */
  destroy(): void {
    if (this.status === 'closed') return
    const lostRequests = this.#supervisor.end()
    this.#stopTimers()
    this.#intake.stop()
    this.fencing.close()
    this.#closing.finish()
    this.#settleLost(lostRequests)
    this.#abandonWaiting()
  }

  // Reports of the connection.

  onWritable(): void {
    this.#flush()
  }

  onPush(elements: readonly Reply[]): void {
    this.#observer.onPush(elements)
  }

  onUnowed(): boolean {
    return false
  }

  onRefusedForNow(connection: Connection, request: Request, reply: ErrorReply | null, refusal: Refusal): void {
    const { isOpen } = this.#refusalOrder
    if (isOpen && !refusal.mayHaveRun) this.#refusalOrder.note(request, [])
    if (this.#observer.router?.onRefused(request, reply, refusal, isOpen)) return
    const isPassing = refusal.retry !== 'now'
    if (isPassing) this.counters.refusedForNow += 1
    if (isPassing && this.isClosing) {
      request.answer(reply, false)
      return
    }
    this.#refusalOrder.note(request, connection.owed())
    request.state = 'queued'
    request.refusal = reply ?? request.refusal
    this.backlog.setApart(request)
    if (!isPassing) return
    if (request.refusals === 0) request.queuedAt = this.#clock.now()
    request.refusals += 1
    if (refusal.retry === 'elsewhere') this.#sendPause.isRetiring = true
    else this.#sendPause.pause(request.refusals)
  }

  onReadOnly(): void {
    if (!this.isClosing) this.#sendPause.isRetiring = true
  }

  onDrained(connection: Connection): void {
    if (connection !== this.connection) return
    if (this.#refusalOrder.isOpen || this.isHeld) {
      this.#rejectOvertaken([])
      this.#observer.router?.onQuiet()
      if (!this.#sendPause.isActive) this.#resume()
    }
    // The address may lead to another server now.
    if (this.#sendPause.isRetiring) this.#supervisor.renew(new Error('the server has become read-only'))
    // A request that must be sent alone, or one at a time, may have waited until no reply was pending.
    else if (this.backlog.queue.length > 0) this.#flush()
    else this.#closeIfDone()
  }

  // Reports of the supervisor.

  onStatus(status: Status, previous: Status): void {
    this.#observer.onStatus(status, previous)
  }

  onReady(): void {
    this.counters.connections += 1
    this.#connectWait.resolve()
    this.backlog.rejoin()
    this.fencing.ask()
    this.#resume()
  }

  onGone(connection: Connection): void {
    this.#sendPause.isRetiring = false
    this.counters.addEnded(connection)
    if (this.#auth) this.backlog.withdraw(this.#auth, rejections.lost(undefined))
  }

  onLost(connection: Connection, { error, reason, lostRequests }: LostConnection): void {
    if (lostRequests.length > 0) this.#suspicion.noteEnd(connection)
    const { isClosing } = this
    if (error !== undefined) this.#lastError = error
    this.counters.lost += 1
    this.#observer.onError(reason)
    this.#rejectOvertaken(lostRequests)
    const { again, replayed, rejected } = this.#settleLost(lostRequests, isClosing ? undefined : { error })
    this.counters.replayed += replayed
    this.counters.rejectedOnLoss += rejected
    this.backlog.queue.putBack(again)
    if (this.backlog.count > 0) this.backlog.watch()
    this.#observer.onLost({ connection: connection.id, error: reason, replayed, rejected })
    if (isClosing) this.#abandonWaiting()
    this.#closeIfDone()
  }

  onAttemptFailed(error: RespiteError): void {
    this.#lastError = error
    this.#observer.onError(error)
  }

  onGivenUp(error: RespiteError): void {
    this.backlog.rejectAll(rejections.notConnected(error))
    this.#stopTimers()
    this.#connectWait.reject(error)
  }

  isNeeded(): boolean {
    return true
  }

  /** @param loss absent if there will be no new connection */
  #settleLost(lostRequests: readonly LostRequest[], loss?: { readonly error: Error | undefined }): LossSummary {
    const rejection = loss === undefined ? rejections.closed : rejections.lost(loss.error)
    return settleLost(lostRequests, {
      now: this.#clock.now(),
      mayRequeue: (lost) => loss !== undefined && this.fencing.allows(lost),
      rejectionOf: () => rejection,
    })
  }

  // Sending, and its limits.

  #flush(): void {
    const { connection } = this
    if (connection === undefined || !connection.isWritable) return
    const isStopped = this.#sendPause.isActive || this.#refusalOrder.isOpen
    if ((isStopped || this.isHeld) && this.backlog.count > 0) this.backlog.watch()
    if (isStopped) return
    const isSuspicious = this.#suspicion.isActive(connection)
    if (isSuspicious && connection.isBusy) return // `onDrained` sends the next one.
    const limit = this.isHeld ? this.backlog.ownAtHead : isSuspicious ? 1 : Infinity
    this.counters.sent += connection.send(this.backlog.queue, limit)
    this.backlog.noteShorter()
    this.#closeIfDone()
  }

  /** Sends again: refused requests first, then the queue. */
  #resume(): void {
    this.#sendPause.endPause()
    // When no reply is pending, `onDrained` calls this method again.
    if (this.#refusalOrder.isOpen) return
    this.backlog.rejoin()
    this.#flush()
  }

  /** Rejects refused requests that can't be sent again in order. @param lost see RefusalOrder */
  #rejectOvertaken(lost: readonly LostRequest[]): void {
    for (const request of this.#refusalOrder.close(lost)) {
      if (request.refusal !== null) this.backlog.withdraw(request, rejections.refused(request.refusal))
    }
  }

  /** Handles back-pressure by writing as much as possible. Rejects the request if it still doesn't fit. */
  #makeRoom(request: Request): boolean {
    this.#flush()
    return this.backlog.admits(request, this.backlog.hasRoomInBytes(request))
  }

  #admitOffline(request: Request): boolean {
    if (this.isClosing) {
      request.fail('not-executed', rejections.closed)
      return false
    }
    if (this.#rejectsOffline) {
      this.start()
      request.fail('not-executed', rejections.offline(this.#whyOffline()))
      return false
    }
    return this.backlog.admits(request, this.backlog.hasRoom(request))
  }

  // Requests that end without a reply.

  /** Called when the caller of a request no longer waits. */
  readonly #giveUpOn = (request: Request, rejection: Rejection): void => {
    if (request.state === 'sent') {
      request.abandon(rejection)
      return
    }
    this.backlog.withdraw(request, rejection)
    this.#closeIfDone()
  }

  // Closing.

  /** Rejects everything that waits for a connection, because there will be none. */
  #abandonWaiting(): void {
    this.backlog.rejectAll(rejections.closed)
    this.#connectWait.reject(rejections.clientClosed())
  }

  #closeIfDone(): void {
    if (!this.isClosing || this.#closing.isHeld || this.backlog.count > 0) return
    // This rejects the client's own questions that are still pending.
    if (this.connection?.isBusy !== true) this.destroy()
  }

  #stopTimers(): void {
    this.#sendPause.endPause()
    this.backlog.stopWatching()
    this.#intake.rest()
  }
}
