import type { ErrorReply, Reply } from '../../protocol/types.js'
import type { Identity } from '../fence/identity.js'
import type { Traffic } from '../request/counters.js'
import { RequestQueue } from '../request/queue.js'
import { lost } from '../request/rejections.js'
import type { Refusal, Rejection, Request } from '../request/request.js'
import type { Clock } from '../timing/clock.js'
import { TickTask } from '../timing/tick-task.js'
import type { Endpoint } from '../transport/transport.js'
import type { Connection, ConnectionLifecycle, ConnectionOwner } from '../wire/connection.js'
import type { ConnectionEnd } from '../wire/connection-end.js'
import { type BlockingRequest, type Unblock, Unblocking } from './unblock.js'

/** The object that has borrowed a dedicated connection. */
export interface Borrower {
  /** See {@link ConnectionOwner}. */
  readonly isQuiet?: boolean
  /** The connection is drained. See {@link DedicatedConnection.isDrained}. */
  onDrained(connection: DedicatedConnection): void
  onRefusedForNow(request: Request, reply: ErrorReply | null, refusal: Refusal): void
  /** See {@link ConnectionOwner}. */
  onUnowed(reply: Reply): boolean
  /** The connection has ended. @param unsent requests that were not passed to the socket, in order */
  onEnd(connection: DedicatedConnection, end: ConnectionEnd, unsent: readonly Request[]): void
}

/** The pool that opens dedicated connections and lends them. */
export interface PoolOwner {
  onReady(connection: DedicatedConnection): void
  /** The connection has ended. This was already reported to its borrower. */
  onGone(connection: DedicatedConnection, end: ConnectionEnd): void
}

/** The dependencies of a dedicated connection. */
export interface DedicatedDependencies {
  readonly clock: Clock
  readonly pool: PoolOwner
  readonly unblock: Unblock
  /** Opens the connection for this owner. */
  readonly dial: (self: DedicatedConnection) => Connection
}

/**
 * A connection for one borrower at a time. It does not reconnect, because the state that the server keeps for a
 * connection is lost with it.
 */
export class DedicatedConnection implements ConnectionOwner, ConnectionLifecycle {
  borrower: Borrower | undefined
  readonly #dependencies: DedicatedDependencies
  readonly #connection: Connection
  readonly #flushing: TickTask
  readonly #queue = new RequestQueue()
  /**
   * Blocking requests that were given up. Each is kept until its CLIENT UNBLOCK can no longer end the wait of a later
   * request by mistake.
   */
  readonly #unblockings = new Map<Request, Unblocking>()
  #isSpoiled = false
  /** The last AUTH of the client. */
  #auth: Request | undefined

  constructor(dependencies: DedicatedDependencies) {
    this.#dependencies = dependencies
    this.#flushing = new TickTask(dependencies.clock, () => this.#flush())
    this.#connection = dependencies.dial(this)
  }

  get id(): number {
    return this.#connection.id
  }

  /** The address that the connection leads to. */
  get endpoint(): Endpoint {
    return this.#connection.endpoint
  }

  /** See {@link Connection.identity}. */
  get identity(): Identity {
    return this.#connection.identity
  }

  /** The request whose reply comes next. */
  get oldest(): Request | undefined {
    return this.#connection.oldest
  }

  /** Whether no request waits to be sent, and neither a reply nor a CLIENT UNBLOCK for this connection is pending. */
  get isDrained(): boolean {
    return this.#queue.length === 0 && !this.#connection.isBusy && this.#unblockings.size === 0
  }

  /** Whether the connection can be lent again. */
  get isReusable(): boolean {
    return this.isDrained && !this.#isSpoiled
  }

  /** See {@link ConnectionOwner}. */
  get isQuiet(): boolean {
    return this.borrower?.isQuiet === true
  }

  get traffic(): Traffic {
    return this.#connection
  }

  /** Requests whose replies are pending, oldest first. */
  owed(): Iterable<Request> {
    return this.#connection.owed()
  }

  /** Requests that were not passed to the socket, in order. */
  waiting(): Iterable<Request> {
    return this.#queue
  }

  /** Sends the request, together with all other requests of this tick. */
  enqueue(request: Request): void {
    this.#queue.push(request)
    this.#flushing.schedule()
  }

  /** Puts a request before all waiting requests. */
  putBack(request: Request): void {
    this.#queue.putBack([request])
    this.#flush()
  }

  /**
   * Called when the caller of a request no longer waits. A request that waits at the server is not settled yet. Its
   * wait is ended, and then its reply decides.
   */
  giveUp(request: Request, rejection: Rejection): void {
    if (request.state === 'settled' || this.#unblockings.has(request)) return
    if (request.state === 'queued') {
      request.fail('not-executed', rejection)
      this.#queue.withdrawn(request)
      this.#tellIfDrained()
    } else if (request.serverWait === 0) {
      request.abandon(rejection)
    } else {
      this.#unblock(request as BlockingRequest, rejection)
    }
  }

  /** Authenticates after the pending requests; before all requests if the connection is still being opened. */
  authenticate(make: (isAwaited: boolean) => Request): void {
    this.#auth = make(false)
    if (this.#connection.isReady) this.enqueue(this.#auth)
  }

  /**
   * Records that the state that the server keeps for the connection can't be restored. The connection is not lent
   * again.
   */
  spoil(): void {
    this.#isSpoiled = true
  }

  /** Ends the connection. The end is reported to its borrower and the pool. */
  end(error: Error): void {
    this.#connection.end(error)
  }

  onReady(): void {
    const auth = this.#auth
    this.#dependencies.pool.onReady(this)
    if (auth !== undefined) this.putBack(auth)
  }

  onWritable(): void {
    this.#flush()
  }

  onDrained(): void {
    // A request that is sent alone may have waited until no reply was pending.
    this.#flush()
  }

  onRefusedForNow(_: Connection, request: Request, reply: ErrorReply | null, refusal: Refusal): void {
    if (this.borrower === undefined) request.answer(reply, false)
    else this.borrower.onRefusedForNow(request, reply, refusal)
  }

  onReadOnly(): void {
    this.spoil()
  }

  onPush(): void {
    // A session may have requested pushes, such as invalidations, but there is no interface for them.
  }

  onUnowed(reply: Reply): boolean {
    return this.borrower?.onUnowed(reply) ?? false
  }

  onEnd(_: Connection, end: ConnectionEnd): void {
    const { borrower } = this
    this.borrower = undefined
    this.#auth?.fail('not-executed', lost(end.error))
    borrower?.onEnd(this, end, this.#queue.takeAll())
    for (const unblocking of this.#unblockings.values()) unblocking.noteSettled()
    this.#unblockings.clear()
    this.#dependencies.pool.onGone(this, end)
  }

  #flush(): void {
    for (const [request, unblocking] of this.#unblockings) {
      if (request.state === 'settled' && unblocking.noteSettled()) this.#unblockings.delete(request)
    }
    // CLIENT UNBLOCK for a request that is settled could end the wait of the next one.
    if (this.#unblockings.size === 0) this.#connection.send(this.#queue)
    // Requests without a reply leave nothing to wait for.
    this.#tellIfDrained()
  }

  #tellIfDrained(): void {
    if (this.isDrained) this.borrower?.onDrained(this)
  }

  #unblock(request: BlockingRequest, rejection: Rejection): void {
    request.giveUp = rejection
    const { clock, unblock } = this.#dependencies
    const unblocking = new Unblocking(clock, { connection: this, request }, unblock, () => {
      this.#unblockings.delete(request)
      this.#flush()
    })
    this.#unblockings.set(request, unblocking)
    unblocking.begin()
  }
}
