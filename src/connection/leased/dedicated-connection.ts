import type { ErrorReply, Reply } from '../../protocol/types.js'
import { RequestQueue } from '../request/queue.js'
import type { Refusal, Request } from '../request/request.js'
import type { Clock } from '../timing/clock.js'
import { TickTask } from '../timing/tick-task.js'
import type { Connection, ConnectionLifecycle, ConnectionOwner } from '../wire/connection.js'
import type { ConnectionEnd } from '../wire/connection-owner.js'

/** Who has a dedicated connection for the time being. */
export interface Borrower {
  /** Nothing waits to be sent, and no reply is owed. */
  onDrained(connection: DedicatedConnection): void
  onRefusedForNow(request: Request, reply: ErrorReply | null, refusal: Refusal): void
  /** As of {@link ConnectionOwner}. */
  onUnowed(reply: Reply): boolean
  /** It is over. @param unsent what had not been handed to the socket, in order */
  onEnd(connection: DedicatedConnection, end: ConnectionEnd, unsent: readonly Request[]): void
}

/** Who makes dedicated connections and gives them to tenants. */
export interface PoolOwner {
  onReady(connection: DedicatedConnection): void
  /** It is over; its borrower has been told. */
  onGone(connection: DedicatedConnection, end: ConnectionEnd): void
}

/** A connection that one borrower at a time has for itself. It is not made anew when lost: what it knew is gone with it. */
export class DedicatedConnection implements ConnectionOwner, ConnectionLifecycle {
  borrower: Borrower | undefined
  readonly #poolOwner: PoolOwner
  readonly #flushing: TickTask
  readonly #connection: Connection
  readonly #queue = new RequestQueue()

  /** @param dial opens the connection, for this owner */
  constructor(dial: (self: DedicatedConnection) => Connection, clock: Clock, poolOwner: PoolOwner) {
    this.#poolOwner = poolOwner
    this.#flushing = new TickTask(clock, () => this.#flush())
    this.#connection = dial(this)
  }

  get id(): number {
    return this.#connection.id
  }

  /** Number that the server gave it, by which its wait can be ended. */
  get serverId(): number | undefined {
    return this.#connection.serverId
  }

  /** The request whose reply comes next. */
  get oldest(): Request | undefined {
    return this.#connection.oldest
  }

  get isDrained(): boolean {
    return this.#queue.length === 0 && !this.#connection.isBusy
  }

  get traffic(): Pick<Connection, 'answered' | 'bytesRead' | 'bytesWritten' | 'owedCount'> {
    return this.#connection
  }

  /** Requests that are owed a reply, oldest first. */
  owed(): Iterable<Request> {
    return this.#connection.owed()
  }

  /** Requests that have not been handed to the socket, in order. */
  waiting(): Iterable<Request> {
    return this.#queue
  }

  /** Sends the request with all others of this tick. */
  enqueue(request: Request): void {
    this.#queue.push(request)
    this.#flushing.schedule()
  }

  /** Takes back a request that has not been sent, and has just been settled. */
  withdrawn(request: Request): void {
    this.#queue.withdrawn(request)
  }

  /** Puts a request before all that wait. */
  putBack(request: Request): void {
    this.#queue.putBack([request])
    this.#flush()
  }

  /** Ends it now; borrower and poolOwner are told. */
  end(error: Error): void {
    this.#connection.end(error)
  }

  onReady(): void {
    this.#poolOwner.onReady(this)
  }

  onWritable(): void {
    this.#flush()
  }

  onDrained(): void {
    // One that is sent alone may have waited for that.
    if (this.#queue.length > 0) this.#flush()
    else this.borrower?.onDrained(this)
  }

  onRefusedForNow(_: Connection, request: Request, reply: ErrorReply | null, refusal: Refusal): void {
    if (this.borrower === undefined) request.answer(reply, false)
    else this.borrower.onRefusedForNow(request, reply, refusal)
  }

  onPush(): void {
    // What is pushed here (an invalidation, say) was asked for in a session, which has no place for it.
  }

  onUnowed(reply: Reply): boolean {
    return this.borrower?.onUnowed(reply) ?? false
  }

  onEnd(_: Connection, end: ConnectionEnd): void {
    const { borrower } = this
    this.borrower = undefined
    borrower?.onEnd(this, end, this.#queue.takeAll())
    this.#poolOwner.onGone(this, end)
  }

  #flush(): void {
    if (this.#connection.isWritable && this.#queue.length > 0) this.#connection.send(this.#queue)
    // Requests that get no reply leave nothing to wait for.
    if (this.isDrained) this.borrower?.onDrained(this)
  }
}
