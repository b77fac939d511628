import { type RespiteError, TimeoutError } from '../../errors.js'
import type { ResolvedOptions } from '../../options/options.js'
import { clientClosed } from '../request/rejections.js'
import { Connector, type ConnectorSettings } from '../supervisor/connector.js'
import type { IsThere } from '../supervisor/supervisor.js'
import { AgeLimit } from '../timing/age-limit.js'
import { backoffDelay } from '../timing/backoff.js'
import type { Clock, Timer } from '../timing/clock.js'
import { isFatal } from '../wire/connect-failure.js'
import type { Connection } from '../wire/connection.js'
import type { ConnectionEnd } from '../wire/connection-end.js'
import { DedicatedConnection, type PoolOwner } from './dedicated-connection.js'
import type { Unblock } from './unblock.js'

/** The object that waits for a connection. */
export interface Waiter {
  onLease(connection: DedicatedConnection): void
  /**
   * Called if no connection can be lent, because the waiter has waited too long, the server refuses connections, or the
   * pool was closed.
   */
  onRefused(error: RespiteError): void
}

/** The object that a pool reports to. */
export interface PoolObserver {
  /** A connection was lost, or could not be opened. */
  onError(error: Error): void
  onReady(connection: DedicatedConnection): void
  /** A connection that nobody had borrowed was lost. */
  onIdleLost(connection: DedicatedConnection, reason: RespiteError): void
  /** A connection has ended. */
  onGone(connection: DedicatedConnection, end: ConnectionEnd): void
  /** The last borrowed connection was given back after `close`. */
  onAllReturned(): void
}

/**
 * Connections for one borrower at a time. They are opened on demand, up to a limit, lent to waiters in the order of their
 * calls, and closed after a long idle time.
 */
export class Pool implements PoolOwner {
  readonly #connector: Connector
  readonly #unblock: Unblock
  readonly #limits: ResolvedOptions['blocking']
  readonly #clock: Clock
  readonly #observer: PoolObserver
  /** Those that wait for a connection, in order, and since when. */
  readonly #waiting = new Map<Waiter, number>()
  readonly #connections = new Set<DedicatedConnection>()
  /** Connections that are ready and not lent, and since when. The most recently used one is at the end. */
  readonly #free = new Map<DedicatedConnection, number>()
  /** Connections that the pool itself ended. They do not count as lost. */
  readonly #retired = new WeakSet<DedicatedConnection>()
  readonly #patience: AgeLimit<Waiter>
  readonly #idleness: AgeLimit<DedicatedConnection>
  #openings = 0
  #failures = 0
  #lastError: Error | undefined
  /** Whether a connection has ever been ready. If one has, no failure to connect is final. */
  #hasConnected = false
  #isClosed = false
  #backoffTimer: Timer | undefined

  constructor(settings: ConnectorSettings, observer: PoolObserver, unblock: Unblock) {
    this.#unblock = unblock
    this.#connector = new Connector(settings)
    this.#limits = settings.options.blocking
    this.#clock = settings.clock
    this.#observer = observer
    const { acquireTimeout, idleTimeout } = this.#limits
    this.#patience = new AgeLimit(this.#clock, acquireTimeout, this.#waiting, (impatient) => this.#refuse(impatient))
    this.#idleness = new AgeLimit(this.#clock, idleTimeout, this.#free, (idle) => {
      for (const connection of idle) this.#retire(connection, 'idle for too long')
    })
  }

  /** Every connection, lent or not. */
  get connections(): ReadonlySet<DedicatedConnection> {
    return this.#connections
  }

  /** Whether there are connections, or are about to be. */
  get isInUse(): boolean {
    return this.#connections.size + this.#connector.pendingCount + this.#waiting.size > 0
  }

  /**
   * Asks for a connection. `onLease` or `onRefused` follows, perhaps before this method returns.
   * @param isFirst whether it goes before all others, because it has waited before
   */
  lease(waiter: Waiter, isFirst = false): void {
    if (this.#isClosed) {
      waiter.onRefused(clientClosed())
      return
    }
    const others = isFirst ? [...this.#waiting] : []
    if (isFirst) this.#waiting.clear()
    this.#waiting.set(waiter, this.#clock.now())
    for (const [other, since] of others) this.#waiting.set(other, since)
    this.#serve()
    this.#patience.watch()
  }

  /** Called when the waiter no longer waits. */
  cancel(waiter: Waiter): void {
    this.#waiting.delete(waiter)
    this.#patience.watch()
  }

  /** Takes a connection back. If it can't be lent again, it is ended, and the end is reported to its borrower. */
  release(connection: DedicatedConnection): void {
    if (!connection.isReusable) {
      this.#retire(connection, 'the connection can not be reused')
      return
    }
    connection.borrower = undefined
    if (!this.#connections.has(connection)) return
    if (this.#isClosed) {
      connection.end(clientClosed())
      return
    }
    this.#free.set(connection, this.#clock.now())
    this.#serve()
    this.#idleness.watch()
  }

  /** Ends the connections that do not lead to the right server, and immediately opens those that are needed. */
  moveTo(isThere: IsThere, reason: Error): void {
    for (const connection of [...this.#connections]) if (!isThere(connection.endpoint)) connection.end(reason)
    this.#clock.cancel(this.#backoffTimer)
    this.#backoffTimer = undefined
    this.#serve()
  }

  /** Returns why no connection could be opened at the last attempt. */
  whyOffline(): Error | undefined {
    return this.#failures === 0 ? undefined : this.#lastError
  }

  /** Stops lending. Connections that are lent can be used until they are given back. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#patience.stop()
    this.#idleness.stop()
    this.#connector.cancel()
    this.#clock.cancel(this.#backoffTimer)
    this.#refuseAll(clientClosed())
    this.#free.clear()
    // Those that are free, and those that are not ready yet.
    for (const connection of this.#connections) if (connection.borrower === undefined) connection.end(clientClosed())
  }

  /** Ends every connection now. */
  destroy(): void {
    this.close()
    for (const connection of [...this.#connections]) connection.end(clientClosed())
  }

  onReady(connection: DedicatedConnection): void {
    this.#openings -= 1
    this.#failures = 0
    this.#hasConnected = true
    this.#observer.onReady(connection)
    this.release(connection)
  }

  onGone(connection: DedicatedConnection, end: ConnectionEnd): void {
    this.#connections.delete(connection)
    const wasFree = this.#free.delete(connection)
    this.#observer.onGone(connection, end)
    if (!end.wasReady) this.#openings -= 1
    if (this.#isClosed) {
      if (this.#connections.size === 0) this.#observer.onAllReturned()
      return
    }
    if (!end.wasReady) this.#onFailed(end.error)
    else if (!this.#retired.has(connection)) {
      this.#observer.onError(end.reason)
      if (wasFree) this.#observer.onIdleLost(connection, end.reason)
    }
    this.#idleness.watch()
    this.#serve()
  }

  #retire(connection: DedicatedConnection, reason: string): void {
    this.#retired.add(connection)
    connection.end(new Error(reason))
  }

  #onFailed(error: RespiteError): void {
    this.#lastError = error
    this.#observer.onError(error)
    if (!this.#hasConnected && isFatal(error)) {
      this.#refuseAll(error)
      this.#patience.watch()
      return
    }
    this.#failures += 1
    if (this.#backoffTimer !== undefined) return
    this.#backoffTimer = this.#clock.after(backoffDelay(this.#clock, this.#failures), () => {
      this.#backoffTimer = undefined
      this.#serve()
    })
  }

  /** Lends free connections, and opens as many connections as are needed. */
  #serve(): void {
    for (const waiter of this.#waiting.keys()) {
      const connection = [...this.#free.keys()].pop()
      if (connection === undefined) break
      this.#free.delete(connection)
      this.#waiting.delete(waiter)
      waiter.onLease(connection)
    }
    if (this.#waiting.size === 0) this.#patience.watch()
    if (this.#backoffTimer !== undefined || this.#isClosed) return
    const { maxConnections } = this.#limits
    const isFull = (): boolean => this.#connections.size + this.#connector.pendingCount >= maxConnections
    while (this.#openings < this.#waiting.size && !isFull()) this.#open()
  }

  #open(): void {
    const connector = this.#connector
    this.#openings += 1
    connector.begin({
      limit: (connectTimeout) => connectTimeout,
      onSettings: (settings) => {
        const dial = (self: DedicatedConnection): Connection => connector.dial(settings, self, self)
        const dependencies = { dial, clock: this.#clock, pool: this, unblock: this.#unblock }
        this.#connections.add(new DedicatedConnection(dependencies))
      },
      onFailed: (error) => {
        this.#openings -= 1
        this.#onFailed(error)
      },
    })
  }

  #refuseAll(error: RespiteError): void {
    const waiters = [...this.#waiting.keys()]
    this.#waiting.clear()
    for (const waiter of waiters) waiter.onRefused(error)
  }

  /** Refuses waiters that have waited too long. */
  #refuse(impatient: readonly Waiter[]): void {
    const { acquireTimeout, maxConnections } = this.#limits
    for (const waiter of impatient) this.cancel(waiter)
    const why = this.#connections.size >= maxConnections ? 'all are in use' : (this.#lastError?.message ?? '')
    const message = `no pooled connection within ${Math.round(acquireTimeout)} ms${why === '' ? '' : ` (${why})`}`
    for (const waiter of impatient) {
      waiter.onRefused(new TimeoutError(message, { fate: 'not-executed', cause: this.#lastError }))
    }
  }
}
