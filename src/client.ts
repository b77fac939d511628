import { EventEmitter } from 'node:events'
import { listOf, type Text } from './commands/sender.js'
import type { Request } from './connection/request/request.js'
import { SharedConnection } from './connection/shared/shared-connection.js'
import { connectionSettings } from './connection/supervisor/connection-settings.js'
import type { DialerSettings } from './connection/supervisor/dialer.js'
import type { Status } from './connection/supervisor/state.js'
import { type Clock, systemClock } from './connection/timing/clock.js'
import { dialSocket } from './connection/transport/socket.js'
import type { Dial } from './connection/transport/transport.js'
import { settingsOf } from './dispatch/configured-request.js'
import { Diagnostics } from './dispatch/diagnostics.js'
import { ScopedClient } from './dispatch/scoped-client.js'
import { type ClientOptions, type ResolvedOptions, resolveOptions } from './options/options.js'
import { longestDelay } from './options/rules.js'
import type { AsBuffers, AsText, SubscribeOptions, Subscription } from './pubsub/subscription.js'
import { Subscriptions } from './pubsub/subscriptions.js'
import { LeasedConnections } from './sessions/leased-connections.js'
import { optimistic, type Prepare } from './sessions/optimistic-locking.js'
import type { Session } from './sessions/session.js'

/** A command that has not been answered: one line of the ledger. */
export interface InFlightCommand {
  readonly command: string
  /** `abandoned`: its caller was told (abort, time-out), its reply is still owed. */
  readonly state: 'queued' | 'sent' | 'abandoned'
  /** Milliseconds since the call. */
  readonly age: number
  /** How often it was handed to a socket. */
  readonly attempts: number
  /** Number of the connection that owes its reply; undefined while queued. */
  readonly connection: number | undefined
}

/** Counters since the client was made. */
export interface ClientStats {
  /** Connections that became ready, and those of them that were lost. */
  readonly connections: number
  readonly lost: number
  /** Commands handed to sockets, replays included. */
  readonly sent: number
  /** Replies given to commands. */
  readonly answered: number
  /** Commands sent again, and commands rejected, because their connection was lost. */
  readonly replayed: number
  readonly rejectedOnLoss: number
  /** Answers of a server that could not run a command just then (LOADING, READONLY ...). */
  readonly refusedForNow: number
  readonly aborted: number
  readonly timedOut: number
  readonly bytesRead: number
  readonly bytesWritten: number
  /** Commands that wait for a socket now, and the size of their arguments. */
  readonly queued: number
  readonly queuedBytes: number
  /** Commands whose reply is owed now. */
  readonly inFlight: number
  /** Connections of the pool now, for blocking commands and sessions. */
  readonly ownConnections: number
  /** Subscriptions that have not ended. */
  readonly subscriptions: number
}

/** What the client emits, and what the listeners are given. */
export interface ClientEvents {
  status: [status: Status, previous: Status]
  error: [error: Error]
}

// For the overloads by what messages are decoded to: which of them holds, the option says that is looked at when it runs.
type AnySubscribeOptions<Bulk extends string | Buffer> =
  | SubscribeOptions<string>
  | SubscribeOptions<Buffer>
  | SubscribeOptions<Bulk>
type AnySubscription<Bulk extends string | Buffer> = Subscription<string> | Subscription<Buffer> | Subscription<Bulk>

/** The machine's ground, which a simulation replaces. */
export interface Environment {
  readonly dial: Dial
  readonly clock: Clock
}

const realEnvironment: Environment = { dial: dialSocket, clock: systemClock }

/**
 * A client of one Redis or Valkey server: one shared connection, made when first needed and made anew when lost, and further
 * ones for what would disturb others: blocking commands, sessions, subscriptions.
 *
 * Every command settles once: with its reply, or with an error that says what became of it (`fate`).
 */
export class Client<Bulk extends string | Buffer = string> extends ScopedClient<Bulk> {
  readonly #shared: SharedConnection
  readonly #own: LeasedConnections
  readonly #subscriptions: Subscriptions
  readonly #clock: Clock
  readonly #events: EventEmitter<ClientEvents>

  /** Use {@link createClient}. */
  constructor(options: ResolvedOptions, environment: Environment = realEnvironment) {
    const { dial, clock } = environment
    const events = new EventEmitter<ClientEvents>()
    const diagnostics = new Diagnostics(options)
    let lastId = 0
    const settings: DialerSettings = {
      options,
      connectionSettings: () => connectionSettings(options),
      dial,
      clock,
      nextId: () => {
        lastId += 1
        return lastId
      },
    }
    // An EventEmitter throws an 'error' that nobody listens for: here it is a report, not an accident.
    const onError = (error: Error): void => {
      if (events.listenerCount('error') > 0) notify(events, 'error', error)
    }
    const shared = new SharedConnection(settings, {
      onStatus: (status, previous) => {
        if (status === 'closed') {
          own.destroy()
          subscriptions.close()
        }
        diagnostics.status(status)
        notify(events, 'status', status, previous)
      },
      onLost: (loss) => diagnostics.lost(loss),
      onError,
      // Subscriptions have a connection of their own; what is pushed here (an invalidation, say) was asked for by nobody.
      onPush: () => {},
    })
    const own = new LeasedConnections(settings, { shared, diagnostics, onError })
    const subscriptions = new Subscriptions(settings, onError)
    super(
      {
        diagnostics,
        keyPrefix: options.keyPrefix,
        enqueue: (request, signal) => shared.enqueue(request, signal),
        enqueueBlocking: (request, signal) => own.enqueueBlocking(request, signal),
      },
      settingsOf(options),
    )
    this.#shared = shared
    this.#own = own
    this.#subscriptions = subscriptions
    this.#clock = clock
    this.#events = events
  }

  /** Where the shared connection is in its life; changes arrive as the `status` event. */
  get status(): Status {
    return this.#shared.status()
  }

  /**
   * Connects now instead of with the first command. Concurrent calls share one attempt.
   *
   * @returns resolves when commands can be sent
   * @throws ConnectError when that did not succeed within `connectDeadline`: the client is `idle` then, and the next call
   *   or command tries anew
   * @throws HandshakeError at once when another try can't help: wrong password, no such database, certificate refused
   * @throws ClientClosedError after `close` or `destroy`
   */
  connect(): Promise<void> {
    return this.#shared.connect()
  }

  /**
   * Waits until the queue is short again: back-pressure for producers that do not await each reply.
   *
   * @returns resolves when what is queued is below a quarter of `maxQueued` and of `maxQueuedBytes`, or the client ends
   * @throws ClientClosedError when the client is closed already
   */
  drain(): Promise<void> {
    return this.#shared.drain()
  }

  /**
   * Listens to channels, on a connection that all subscriptions of this client share. Server documentation: SUBSCRIBE.
   *
   * @param channels one, or several
   * @param options `onMessage` for messages by callback, else they are read by `for await`; see SubscribeOptions
   * @returns the subscription: its `ready` resolves when the server has confirmed it, its `close()` ends it
   *
   * @example
   * const subscription = client.subscribe('news', { onMessage: ({ message }) => console.log(message) })
   * await subscription.ready
   */
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions<Buffer> & AsBuffers): Subscription<Buffer>
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions<string> & AsText): Subscription<string>
  subscribe(channels: Text | readonly Text[], options?: SubscribeOptions<Bulk>): Subscription<Bulk>
  subscribe(channels: Text | readonly Text[], options?: AnySubscribeOptions<Bulk>): AnySubscription<Bulk> {
    return this.#subscriptions.subscribe('channel', channels, options as SubscribeOptions<Bulk>)
  }

  /** As {@link subscribe}, to all channels that match patterns. Server documentation: PSUBSCRIBE. */
  psubscribe(patterns: Text | readonly Text[], options: SubscribeOptions<Buffer> & AsBuffers): Subscription<Buffer>
  psubscribe(patterns: Text | readonly Text[], options: SubscribeOptions<string> & AsText): Subscription<string>
  psubscribe(patterns: Text | readonly Text[], options?: SubscribeOptions<Bulk>): Subscription<Bulk>
  psubscribe(patterns: Text | readonly Text[], options?: AnySubscribeOptions<Bulk>): AnySubscription<Bulk> {
    return this.#subscriptions.subscribe('pattern', patterns, options as SubscribeOptions<Bulk>)
  }

  /** As {@link subscribe}, to shard channels. Server documentation: SSUBSCRIBE. */
  ssubscribe(channels: Text | readonly Text[], options: SubscribeOptions<Buffer> & AsBuffers): Subscription<Buffer>
  ssubscribe(channels: Text | readonly Text[], options: SubscribeOptions<string> & AsText): Subscription<string>
  ssubscribe(channels: Text | readonly Text[], options?: SubscribeOptions<Bulk>): Subscription<Bulk>
  ssubscribe(channels: Text | readonly Text[], options?: AnySubscribeOptions<Bulk>): AnySubscription<Bulk> {
    return this.#subscriptions.subscribe('shard', channels, options as SubscribeOptions<Bulk>)
  }

  /**
   * Runs a function with a connection of its own, on which it may do what would disturb others: WATCH, SELECT, MULTI by
   * hand, MONITOR, CLIENT REPLY ... The connection comes from the pool of the option `blocking`, and goes back there when
   * it can be made as good as new.
   *
   * @param work given the session, which is of no use after its end
   * @returns what `work` returns
   * @throws TimeoutError when no connection was free within `blocking.acquireTimeout`; ConnectError, HandshakeError,
   *   ClientClosedError when there is none to be had. Else what `work` throws: commands of a session whose connection is
   *   lost reject with SessionLostError
   *
   * @example
   * const size = await client.session(async (session) => {
   *   await session.select(1)
   *   return session.dbsize()
   * })
   */
  session<T>(work: (session: Session<Bulk>) => T | Promise<T>): Promise<T> {
    return this.#own.session(work)
  }

  /**
   * Optimistic locking: watches keys, lets a function read them and put a transaction together, and begins anew when
   * somebody else has changed them before it was carried out. Server documentation: WATCH.
   *
   * @param keys to be watched
   * @param prepare given a session in which the keys are watched; returns the transaction, not yet executed, or null to
   *   leave all as it is
   * @param options.maxTries how often it begins at most; default 16
   * @returns the results of the transaction; null when `prepare` returned null
   * @throws TransactionError with code `TRANSACTION_CONFLICT` and fate `not-executed` when the keys were changed each time
   * @throws SessionLostError with fate `unknown` when the connection was lost after EXEC had been sent; when it was lost
   *   before, it begins anew
   *
   * @example
   * await client.transaction('stock', async (session) => {
   *   const left = Number(await session.get('stock'))
   *   return left > 0 ? session.multi().decr('stock').incr('sold') : null
   * })
   */
  transaction<Results extends readonly unknown[]>(
    keys: Text | readonly Text[],
    prepare: Prepare<Bulk, Results>,
    options: { readonly maxTries?: number } = {},
  ): Promise<Results | null> {
    return optimistic((work) => this.session(work), listOf(keys), prepare, options.maxTries ?? 16)
  }

  /**
   * Ends in good order: refuses new commands, lets those under way finish, ends the wait of blocking commands and the
   * subscriptions, waits for sessions, then closes the connections. While disconnected it does not dial: what is queued is
   * rejected. May be called again; the first call counts.
   *
   * @param options.timeout milliseconds, default 5000: what is left then is destroyed
   * @returns resolves when nothing is left: no socket, no timer, no listener; within the timeout, never rejects
   */
  close(options: { readonly timeout?: number } = {}): Promise<void> {
    const { timeout = 5_000 } = options
    if (!(timeout >= 0)) throw new TypeError('close: timeout must be a number of milliseconds, 0 or more')
    this.#subscriptions.close()
    // Without an end, or for longer than a timer can hold: as long as a timer can.
    return this.#shared.close(Math.min(timeout, longestDelay), this.#own.close())
  }

  /** Ends now. Every pending command is rejected with a ClientClosedError that tells its fate. */
  destroy(): void {
    this.#shared.destroy()
  }

  /** `await using client = createClient()`: closes at the end of the block, as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** The ledger: every command that has not been answered, oldest first. */
  inFlight(): InFlightCommand[] {
    const now = this.#clock.now()
    const list: InFlightCommand[] = []
    const { connection } = this.#shared
    for (const request of connection?.owed() ?? []) {
      list.push(describe(request, request.state === 'settled' ? 'abandoned' : 'sent', now, connection?.id))
    }
    for (const request of this.#shared.backlog) list.push(describe(request, 'queued', now, undefined))
    for (const { request, state, connection: id } of this.#own.inFlight()) list.push(describe(request, state, now, id))
    return list
  }

  /** Counters since the client was made, and the length of its queues now. */
  stats(): ClientStats {
    const { connection, counters, backlog } = this.#shared
    const own = this.#own.traffic()
    return {
      ...counters,
      answered: counters.answered + (connection?.answered ?? 0) + own.answered,
      bytesRead: counters.bytesRead + (connection?.bytesRead ?? 0) + own.bytesRead,
      bytesWritten: counters.bytesWritten + (connection?.bytesWritten ?? 0) + own.bytesWritten,
      queued: backlog.count,
      queuedBytes: backlog.bytes,
      inFlight: (connection?.owedCount ?? 0) + own.owedCount,
      ownConnections: own.connections,
      subscriptions: this.#subscriptions.count,
    }
  }

  /**
   * Listens to what happens to the connection. A listener that throws disturbs nothing else: its error is raised as an
   * uncaught exception of its own.
   *
   * @param event `status` (new, previous) or `error` (a connection was lost or could not be made); without a listener
   *   for `error` nothing is thrown
   */
  on<Name extends keyof ClientEvents>(event: Name, listener: (...args: ClientEvents[Name]) => void): this {
    this.#events.on(event, listener as never)
    return this
  }

  /** As {@link on}, for the next time only. */
  once<Name extends keyof ClientEvents>(event: Name, listener: (...args: ClientEvents[Name]) => void): this {
    this.#events.once(event, listener as never)
    return this
  }

  /** Takes a listener away. */
  off<Name extends keyof ClientEvents>(event: Name, listener: (...args: ClientEvents[Name]) => void): this {
    this.#events.off(event, listener as never)
    return this
  }
}

/**
 * Makes a client. No I/O happens before the first command or `connect()`.
 *
 * @param url `redis://user:password@host:port/database`, also `rediss:`, `valkey:`, `valkeys:`, `unix:`; options may
 *   stand in its query
 * @param options see ClientOptions; they win over the URL
 * @throws TypeError naming an option that is unknown or impossible
 *
 * @example
 * const client = createClient('redis://localhost:6379', { timeout: 1_000 })
 * await client.set('greeting', 'hello')
 * await client.close()
 */
export function createClient(options: ClientOptions & { readonly buffers: true }): Client<Buffer>
export function createClient(url: string | URL, options: ClientOptions & { readonly buffers: true }): Client<Buffer>
export function createClient(urlOrOptions?: string | URL | ClientOptions, options?: ClientOptions): Client
export function createClient(
  urlOrOptions?: string | URL | ClientOptions,
  options?: ClientOptions,
): Client<string> | Client<Buffer> {
  return new Client<string>(resolveOptions(urlOrOptions, options))
}

function describe(
  request: Request,
  state: InFlightCommand['state'],
  now: number,
  connection: number | undefined,
): InFlightCommand {
  return { command: request.name, state, age: now - request.calledAt, attempts: request.attempts, connection }
}

/** Listeners are guests: one that throws must not unwind the code that keeps replies and commands paired. */
function notify<Name extends keyof ClientEvents>(
  events: EventEmitter<ClientEvents>,
  name: Name,
  ...args: ClientEvents[Name]
): void {
  for (const listener of events.rawListeners(name)) {
    try {
      Reflect.apply(listener, events, args)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
