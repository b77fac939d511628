import { table } from '../commands/table.js'
import { BlockingQueue } from '../connection/leased/blocking.js'
import { Pool } from '../connection/leased/pool.js'
import { SessionQueue } from '../connection/leased/session-queue.js'
import type { Request } from '../connection/request/request.js'
import type { SharedConnection } from '../connection/shared/shared-connection.js'
import type { DialerSettings } from '../connection/supervisor/dialer.js'
import { Waiters } from '../connection/timing/waiters.js'
import { CommandRequest } from '../dispatch/command-request.js'
import { settingsOf } from '../dispatch/configured-request.js'
import type { Diagnostics } from '../dispatch/diagnostics.js'
import type { WaitingRequest } from '../dispatch/waiting-request.js'
import { ConnectError } from '../errors.js'
import { resolveCallOptions } from '../options/options.js'
import { Session } from './session.js'

/** What the rest of a client gives to its connections of their own. */
interface Dependencies {
  readonly shared: SharedConnection
  readonly diagnostics: Diagnostics
  onError(error: Error): void
}

/** Milliseconds that CLIENT UNBLOCK may take. */
const unblockTimeout = 1_000

/** The connections that a client lends: to blocking commands one by one, and to sessions. */
export class LeasedConnections {
  readonly #settings: DialerSettings
  readonly #around: Dependencies
  readonly #pool: Pool
  readonly #blocking: BlockingQueue
  readonly #sessions = new Set<SessionQueue>()
  readonly #allReturned = new Waiters()
  #isClosing = false
  readonly #unblockSettings: ReturnType<typeof settingsOf>

  constructor(settings: DialerSettings, around: Dependencies) {
    this.#settings = settings
    this.#around = around
    const { clock, options } = settings
    const { counters } = around.shared
    this.#pool = new Pool(settings, {
      onError: around.onError,
      onGone: ({ traffic }) => {
        counters.answered += traffic.answered
        counters.bytesRead += traffic.bytesRead
        counters.bytesWritten += traffic.bytesWritten
      },
      onAllReturned: () => this.#allReturned.resolve(),
    })
    this.#blocking = new BlockingQueue({
      options,
      clock,
      pool: this.#pool,
      counters,
      unblock: (id) => this.#unblock(id),
    })
    // Repeated, it does no harm: its connection is given to nobody as long as it may still be done.
    this.#unblockSettings = resolveCallOptions({ timeout: unblockTimeout, retry: 'always' }, settingsOf(options))
  }

  enqueueBlocking(request: WaitingRequest, signal: AbortSignal | undefined): void {
    const { shared } = this.#around
    // By the shared connection its wait can be ended. Failing is told by events, and to whoever needs it.
    if (shared.status() === 'idle') shared.connect().catch(() => {})
    this.#blocking.enqueue(request, signal)
  }

  /** As `Client.session`. */
  async session<T, Bulk extends string | Buffer>(work: (session: Session<Bulk>) => T | Promise<T>): Promise<T> {
    const { options, clock } = this.#settings
    const { diagnostics, shared } = this.#around
    const dependencies = { clock, counters: shared.counters, unblock: (id: number) => this.#unblock(id) }
    const queue = await new Promise<SessionQueue>((resolve, reject) => {
      this.#pool.lease({
        // At once, not when the promise is looked at: the connection may be lost in between, and somebody must be told.
        onLease: (connection) => resolve(new SessionQueue(connection, dependencies)),
        onRefused: reject,
      })
    })
    const session = new Session<Bulk>(queue, settingsOf(options), {
      diagnostics,
      keyPrefix: options.keyPrefix,
      database: options.database,
    })
    this.#sessions.add(queue)
    try {
      return await work(session)
    } finally {
      const isReusable = await session.finish()
      queue.leave()
      this.#sessions.delete(queue)
      if (isReusable) this.#pool.release(queue.connection)
      else queue.connection.end(new Error('the session has left something behind'))
    }
  }

  /** Commands that have not been answered. */
  *inFlight(): Generator<{
    readonly request: Request
    readonly state: 'queued' | 'sent' | 'abandoned'
    readonly connection: number | undefined
  }> {
    for (const { request, connection } of this.#blocking.calls) {
      if (request.state === 'settled') continue
      yield { request, state: request.state === 'queued' ? 'queued' : 'sent', connection: connection?.id }
    }
    for (const { connection } of this.#sessions) {
      for (const request of connection.owed()) {
        yield { request, state: request.state === 'settled' ? 'abandoned' : 'sent', connection: connection.id }
      }
      for (const request of connection.waiting()) yield { request, state: 'queued', connection: undefined }
    }
  }

  /** Of the connections there are now. */
  traffic(): { connections: number; answered: number; bytesRead: number; bytesWritten: number; owedCount: number } {
    const sum = { connections: 0, answered: 0, bytesRead: 0, bytesWritten: 0, owedCount: 0 }
    for (const { traffic } of this.#pool.connections) {
      sum.connections += 1
      sum.answered += traffic.answered
      sum.bytesRead += traffic.bytesRead
      sum.bytesWritten += traffic.bytesWritten
      sum.owedCount += traffic.owedCount
    }
    return sum
  }

  /**
   * Lends no more, and ends the wait of blocking commands.
   * @returns resolves when the last connection has been given back; undefined when there is none to wait for
   */
  close(): Promise<void> | undefined {
    this.#isClosing = true
    this.#blocking.close()
    for (const queue of this.#sessions) queue.unblock()
    this.#pool.close()
    return this.#pool.connections.size === 0 ? undefined : this.#allReturned.wait()
  }

  /** Ends everything now. */
  destroy(): void {
    this.#blocking.destroy()
    this.#pool.destroy()
  }

  async #unblock(serverId: number): Promise<boolean> {
    const { shared } = this.#around
    if (this.#isClosing && shared.status() !== 'ready' && shared.status() !== 'closing') {
      throw new ConnectError('there is no connection, and none is made while closing', { fate: 'not-executed' })
    }
    const args = ['CLIENT', 'UNBLOCK', serverId, 'ERROR']
    const unblocked = await new Promise((resolve, reject) => {
      shared.enqueueOwn(new CommandRequest(resolve, reject, this.#unblockSettings, table['CLIENT UNBLOCK'], args))
    })
    return unblocked === 1
  }
}
