import { table } from '../commands/catalogue.js'
import type { ReplyOptions } from '../commands/types/replies.js'
import type { Identity } from '../connection/fence/identity.js'
import { BlockingQueue } from '../connection/leased/blocking.js'
import type { DedicatedConnection } from '../connection/leased/dedicated-connection.js'
import { Pool, type PoolObserver } from '../connection/leased/pool.js'
import { SessionQueue, type SessionQueueDependencies } from '../connection/leased/session-queue.js'
import type { Traffic } from '../connection/request/counters.js'
import { Intake } from '../connection/request/intake.js'
import type { Request } from '../connection/request/request.js'
import type { ReportLoss } from '../connection/request/settle-lost.js'
import type { SharedConnection } from '../connection/shared/shared-connection.js'
import type { ConnectorSettings } from '../connection/supervisor/connector.js'
import { Waiters } from '../connection/timing/waiters.js'
import { settingsOf } from '../dispatch/configured-request.js'
import type { Diagnostics } from '../dispatch/diagnostics.js'
import type { WaitingRequest } from '../dispatch/waiting-request.js'
import { ConnectError } from '../errors.js'
import { resolveCallOptions } from '../options/resolve.js'
import { checkFunction } from './check-function.js'
import { Session } from './session.js'
import { UnblockRequest } from './unblock-request.js'

/** The parts of the client that its dedicated connections need. */
interface Dependencies {
  readonly shared: SharedConnection
  readonly diagnostics: Diagnostics
  onError(error: Error): void
}

/** Time limit of CLIENT UNBLOCK, in milliseconds. */
const unblockTimeout = 1_000

/** A client's pool of dedicated connections, leased to blocking commands and to sessions. */
export class LeasedConnections {
  readonly #settings: ConnectorSettings
  readonly #dependencies: Dependencies
  readonly pool: Pool
  readonly #blocking: BlockingQueue
  readonly #allReturned = new Waiters()
  readonly #sessionDependencies: SessionQueueDependencies
  #isClosing = false
  readonly #unblockSettings: ReturnType<typeof settingsOf>

  constructor(settings: ConnectorSettings, dependencies: Dependencies) {
    this.#settings = settings
    this.#dependencies = dependencies
    const { clock, options } = settings
    const { shared, diagnostics } = dependencies
    const { counters } = shared
    const onLost: ReportLoss = ({ id: connection }, error, { replayed, rejected }) => {
      // A connection that the client itself ends does not count as lost.
      if (!this.#isClosing) diagnostics.publish({ event: 'lost', connection, error, replayed, rejected })
    }
    const queues = new WeakMap<Request, SessionQueue>()
    const intake = new Intake(clock, counters, (request, rejection) => queues.get(request)?.giveUp(request, rejection))
    this.#sessionDependencies = { clock, counters, onLost, intake, queues }
    const observer: PoolObserver = {
      onError: dependencies.onError,
      onReady: (connection) => diagnostics.connection('pool', connection),
      onIdleLost: (connection, reason) => onLost(connection, reason, { replayed: 0, rejected: 0 }),
      onGone: (connection, { wasReady, reason }) => {
        if (wasReady) diagnostics.connection('pool', connection, reason)
        counters.addEnded(connection.traffic)
      },
      onAllReturned: () => this.#allReturned.resolve(),
    }
    this.pool = new Pool(settings, observer, (identity) => this.#unblock(identity))
    this.#blocking = new BlockingQueue({
      options,
      clock,
      pool: this.pool,
      counters,
      onLost,
      isFenceRequired: settings.fence.isRequired,
    })
    // CLIENT UNBLOCK may be repeated, because the connection is not leased again while an UNBLOCK for it may still run.
    this.#unblockSettings = resolveCallOptions({ timeout: unblockTimeout, retry: 'always' }, settingsOf(options))
  }

  enqueueBlocking(request: WaitingRequest, signal: AbortSignal | undefined): void {
    const { shared } = this.#dependencies
    this.askForProcess()
    // CLIENT UNBLOCK needs the shared connection. If it can't be connected, events and CLIENT UNBLOCK report this.
    shared.start()
    this.#blocking.enqueue(request, signal)
  }

  /** See `Client.session`. @param given the work, or a key and the work */
  async session<T, O extends ReplyOptions>(given: readonly unknown[]): Promise<T> {
    const work = (given.length > 1 ? given[1] : given[0]) as (session: Session<O>) => T | Promise<T>
    checkFunction('session', given.length > 1 ? 2 : 1, work)
    this.askForProcess()
    const queue = await new Promise<SessionQueue>((resolve, reject) => {
      this.pool.lease({ onLease: (connection) => resolve(this.begin(connection)), onRefused: reject })
    })
    return this.run(queue, work)
  }

  /**
   * Gives a connection to a session. Called as soon as the connection is leased, because the session must be informed if the
   * connection is lost.
   */
  begin(connection: DedicatedConnection): SessionQueue {
    return new SessionQueue(connection, this.#sessionDependencies)
  }

  /** Runs a session. @param onRejected called with the error of each command that is rejected; default: nothing is done */
  async run<T, O extends ReplyOptions>(
    queue: SessionQueue,
    work: (session: Session<O>) => T | Promise<T>,
    onRejected?: (error: unknown) => void,
  ): Promise<T> {
    const { options } = this.#settings
    const session = new Session<O>(queue, settingsOf(options), {
      diagnostics: this.#dependencies.diagnostics,
      keyPrefix: options.keyPrefix,
      database: options.database,
      onRejected,
    })
    try {
      return await work(session)
    } finally {
      try {
        await session.finish()
      } finally {
        queue.leave()
        this.pool.release(queue.connection)
      }
    }
  }

  /** From now on, connections ask for the identity of the server process, because CLIENT UNBLOCK needs it. */
  askForProcess(): void {
    const { fence } = this.#settings
    const { connection, fencing } = this.#dependencies.shared
    if (!fence.isOff || fence.hasBlocking) return
    fence.hasBlocking = true
    if (connection === undefined || !fence.allows(connection.identity.user, 'INFO')) return
    connection.identity.unanswered.add('INFO')
    if (connection.isReady) fencing.ask()
  }

  /** Lists commands that have not been answered. */
  *inFlight(): Generator<{
    readonly request: Request
    readonly state: 'queued' | 'sent' | 'abandoned'
    readonly connection: number | undefined
  }> {
    for (const { request, connection } of this.#blocking.calls) {
      if (request.state === 'settled') continue
      yield { request, state: request.state === 'queued' ? 'queued' : 'sent', connection: connection?.id }
    }
    for (const connection of this.pool.connections) {
      if (!(connection.borrower instanceof SessionQueue)) continue
      for (const request of connection.owed()) {
        yield { request, state: request.state === 'settled' ? 'abandoned' : 'sent', connection: connection.id }
      }
      for (const request of connection.waiting()) yield { request, state: 'queued', connection: undefined }
    }
  }

  /** Returns the traffic of the open connections. */
  traffic(): Traffic[] {
    return Array.from(this.pool.connections, ({ traffic }) => traffic)
  }

  /**
   * Stops leasing connections, and ends the waits of blocking commands.
   * @returns resolves when the last connection has been returned; undefined if there are no connections
   */
  close(): Promise<void> | undefined {
    this.#isClosing = true
    this.#blocking.close()
    for (const { borrower } of this.pool.connections) if (borrower instanceof SessionQueue) borrower.unblock()
    this.pool.close()
    return this.pool.connections.size === 0 ? undefined : this.#allReturned.wait()
  }

  /** See {@link Pool.moveTo}. */
  moveTo(...move: Parameters<Pool['moveTo']>): void {
    this.pool.moveTo(...move)
  }

  /**
   * Makes every connection authenticate, except the connections of sessions, because they may be in a transaction. When a session
   * ends, its connection is closed instead of leased again.
   */
  authenticate(make: (isAwaited: boolean) => Request): void {
    for (const connection of this.pool.connections) {
      if (connection.borrower instanceof SessionQueue) connection.spoil()
      else connection.authenticate(make)
    }
  }

  /** Closes all connections immediately. */
  destroy(): void {
    this.#isClosing = true
    this.#blocking.destroy()
    this.pool.destroy()
    this.#sessionDependencies.intake.stop()
  }

  async #unblock(identity: Identity): Promise<boolean> {
    const { shared } = this.#dependencies
    if (this.#isClosing && shared.status !== 'ready' && shared.status !== 'closing') {
      throw new ConnectError('a closing client does not connect', { fate: 'not-executed' })
    }
    const args = ['CLIENT', 'UNBLOCK', identity.id ?? 0, 'ERROR']
    let sends = 0
    const unblocked = await new Promise((resolve, reject) => {
      const request = new UnblockRequest(resolve, reject, this.#unblockSettings, table['CLIENT UNBLOCK'], args, () => {
        // `attempts` is not used for this, because some lost connections are not counted as attempts. After a temporary refusal,
        // the one before has not run.
        if (request.refusal === null) sends += 1
        const { connection } = shared
        return connection !== undefined && this.#settings.fence.isSameServer(connection.identity, identity)
      })
      shared.enqueueOwn(request)
    })
    // Bytes of a lost connection can arrive after bytes of the next one. So the first CLIENT UNBLOCK may still end the wait of
    // another command.
    if (sends > 1) throw new Error('CLIENT UNBLOCK was sent twice, and the server may still run the first one')
    return unblocked === 1
  }
}
