import type { Text } from './commands/types/arguments.js'
import type { Bulk, DefaultReplies, Only, RepliesOf, ReplyOptions } from './commands/types/replies.js'
import { companionsOf } from './companions.js'
import type { Status } from './connection/supervisor/state.js'
import { clientBrand } from './core/client-brand.js'
import type { Environment } from './core/environment.js'
import type { ClientEvents, ClientStats, InFlightCommand } from './core/observation.js'
import { onceClientOf } from './core/once-client.js'
import type { ClientOptionsOf, DefaultsOf } from './core/options-of.js'
import { Runtime } from './core/runtime.js'
import { inspect, summaryOf } from './core/summary.js'
import { settingsOf } from './dispatch/configured-request.js'
import { OnceCalls } from './dispatch/once-calls.js'
import { ScopedClient } from './dispatch/scoped-client.js'
import { ScriptRequest } from './dispatch/script-request.js'
import type { RespiteError } from './errors.js'
import type { Receipt } from './once/receipt.js'
import type { ClientOptions } from './options/options.js'
import { closeTimeout, copyOf, joinOptions, overridden, resolveOptions } from './options/resolve.js'
import type {
  AnySubscription,
  AsBuffers,
  AsClient,
  AsText,
  SubscribeOptions,
  Subscription,
} from './pubsub/subscription.js'
import { type SubscribeArguments, Subscriptions } from './pubsub/subscriptions.js'
import { LeasedConnections } from './sessions/leased-connections.js'
import { optimistic, type Prepare } from './sessions/optimistic-locking.js'
import type { Session } from './sessions/session.js'

/**
 * A client for one Redis or Valkey server. It has one shared connection, which is opened when it is first needed, and opened
 * again when it is lost. Blocking commands, sessions and subscriptions use other connections. Every command settles once: with
 * its reply, or with an error whose `fate` shows what became of the command.
 */
export class Client<O extends ReplyOptions = DefaultReplies> extends ScopedClient<O> {
  readonly #runtime: Runtime
  readonly #given: readonly [ClientOptions, Environment | undefined]
  readonly #own: LeasedConnections
  readonly #subscriptions: Subscriptions
  readonly #once: OnceCalls<Receipt>
  /** @internal See `isClient`. */
  readonly [clientBrand] = true

  /**
   * Like {@link createClient}, for classes that extend this class with further methods.
   *
   * @param given a URL, options, or both: see {@link createClient}. If `O` is not the default, the options must give the
   *   replies of `O`: for `RepliesOf<{ buffers: true }>`, they must contain `buffers: true`
   * @throws TypeError that names an unknown or invalid option
   *
   * @example
   * import { Client } from 'respite'
   * class Shop extends Client {
   *   async stockOf(item: string): Promise<number> {
   *     return Number(await this.hget('stock', item))
   *   }
   * }
   * const shop = new Shop('redis://localhost:6379')
   */
  constructor(...given: DefaultsOf<O>)
  /** Creates a client with a URL, and with options that result in the replies of `O`. */
  constructor(url: string | URL | undefined, options: ClientOptionsOf<O>)
  /** Creates a client with options that contain the URL or the address. */
  constructor(options: ClientOptionsOf<O>)
  /** @internal Creates a client that uses the network and the clock of a test. */
  constructor(
    url: string | URL | ClientOptionsOf<O> | undefined,
    options: ClientOptionsOf<O> | undefined,
    environment: Environment,
  )
  constructor(url?: string | URL | ClientOptionsOf<O>, given?: ClientOptionsOf<O>, environment?: Environment) {
    const joined = joinOptions(url as string | URL | ClientOptions | undefined, given as ClientOptions | undefined)
    const options = resolveOptions(joined)
    const runtime = new Runtime(options, environment)
    const { settings, shared, diagnostics, onError } = runtime
    const own = new LeasedConnections(settings, { shared, diagnostics, onError })
    const subscriptions = new Subscriptions(settings, {
      onReady: (connection) => diagnostics.connection('subscriptions', connection),
      onEnded: (connection, error) => diagnostics.connection('subscriptions', connection, error),
      onError,
    })
    runtime.companions = companionsOf(own, subscriptions, () => this.#once.onReady())
    const callOptions = settingsOf(options)
    const once = new OnceCalls<Receipt>(
      onceClientOf(runtime, callOptions),
      async (client) => new (await import('./once/once.js')).Once(client),
    )
    super(
      {
        diagnostics,
        keyPrefix: options.keyPrefix,
        once,
        scripts: ScriptRequest,
        enqueue: (request, signal) => shared.enqueue(request, signal),
        enqueueBlocking: (request, signal) => own.enqueueBlocking(request, signal),
      },
      callOptions,
    )
    // Copies, because the caller may change its objects later, for example to wipe a password.
    this.#given = [copyOf(joined), environment]
    this.#once = once
    this.#runtime = runtime
    this.#own = own
    this.#subscriptions = subscriptions
  }

  /**
   * Creates a client with the same options, except for those that are passed, for example with other types of replies.
   *
   * @param options override the options of this client; undefined resets an option to its default, or to what the URL says. A
   *   `url` replaces the address of this client, and what it says overrides the options of this client, except `tls`
   * @throws TypeError that names an unknown or invalid option
   *
   * @example
   * const images = client.duplicate({ buffers: true })
   */
  duplicate<const Given extends ClientOptions = Record<never, never>>(
    options?: Only<ClientOptions, Given>,
  ): Client<RepliesOf<Given, O>>
  duplicate(options: ClientOptions = {}): Client<ReplyOptions> {
    const [given, environment] = this.#given
    return new Client<ReplyOptions>(overridden(given, options), undefined, environment as Environment)
  }

  /** The status of the shared connection. A change emits the `status` event. */
  get status(): Status {
    return this.#runtime.shared.status
  }

  /**
   * Connects now instead of with the first command. Concurrent calls share one attempt.
   *
   * @returns resolves when commands can be sent
   * @throws ConnectError, fate `not-executed`, if this does not succeed within `connectDeadline`. After a first connect, the
   *   client is then `idle`, and the next call or command tries again; while it is `reconnecting`, it stays so, and keeps trying
   * @throws HandshakeError, fate `not-executed`, immediately, if a first connect can't succeed: wrong password, no such
   *   database, certificate refused
   * @throws ClientClosedError, fate `not-executed`, after `close` or `destroy`
   */
  connect(): Promise<void> {
    return this.#runtime.shared.connect()
  }

  /**
   * Authenticates every connection with the credentials that `credentials` returns now, or with the password again. Each
   * connection sends AUTH when it has no reply pending, and then continues; no command is lost. The connection of a session is
   * closed when the session ends. With RESP2, the connection of subscriptions is replaced, and a gap is reported, because RESP2
   * does not allow AUTH on a connection with subscriptions. Server documentation: AUTH.
   *
   * @returns resolves when the shared connection and the connection of subscriptions have authenticated; pooled connections may
   *   authenticate later
   * @throws HandshakeError, fate `not-executed`, if `credentials` fails or the server refuses; connections stay as they are
   * @throws UsageError if the client has neither `credentials` nor a password, ClientClosedError; both with fate `not-executed`
   *
   * @example
   * await client.reauthenticate()
   */
  reauthenticate(): Promise<void> {
    return this.#runtime.renewal.renew()
  }

  /**
   * Waits until the queue is short again: back-pressure for producers that do not await each reply.
   *
   * @returns resolves when the queue is below a quarter of `maxQueued` and of `maxQueuedBytes`, or when the client is closed
   * @throws ClientClosedError, fate `not-executed`, if the client is already closed
   */
  drain(): Promise<void> {
    return this.#runtime.shared.drain()
  }

  /**
   * Subscribes to channels, on a connection that all subscriptions of this client share. Server documentation:
   * SUBSCRIBE.
   *
   * @param channels one channel, or an array of channels
   * @param options see SubscribeOptions. With `onMessage`, this callback gets the messages; without it, read them with
   *   `for await`
   * @returns the subscription; its promise `ready` resolves when the server has confirmed it, and `close()` ends it
   * @throws UsageError, synchronously and not from `ready`, if `channels` is empty or contains anything other than strings,
   *   Buffers and Uint8Arrays, or if there are arguments after the options; TypeError that names an unknown or invalid option
   *
   * @example
   * const subscription = client.subscribe('news', { onMessage: ({ message }) => console.log(message) })
   * await subscription.ready
   */
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions<Buffer> & AsBuffers): Subscription<Buffer>
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions<string> & AsText): Subscription<string>
  subscribe(channels: Text | readonly Text[], options?: SubscribeOptions<Bulk<O>> & AsClient): Subscription<Bulk<O>>
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions<string | Buffer>): Subscription<string | Buffer>
  subscribe(...given: readonly unknown[]): AnySubscription<Bulk<O>> {
    return this.#subscriptions.subscribe('channel', given as unknown as SubscribeArguments<Bulk<O>>)
  }

  /** Like {@link subscribe}, for all channels that match patterns. Server documentation: PSUBSCRIBE. */
  psubscribe(patterns: Text | readonly Text[], options: SubscribeOptions<Buffer> & AsBuffers): Subscription<Buffer>
  psubscribe(patterns: Text | readonly Text[], options: SubscribeOptions<string> & AsText): Subscription<string>
  psubscribe(patterns: Text | readonly Text[], options?: SubscribeOptions<Bulk<O>> & AsClient): Subscription<Bulk<O>>
  psubscribe(
    patterns: Text | readonly Text[],
    options: SubscribeOptions<string | Buffer>,
  ): Subscription<string | Buffer>
  psubscribe(...given: readonly unknown[]): AnySubscription<Bulk<O>> {
    return this.#subscriptions.subscribe('pattern', given as unknown as SubscribeArguments<Bulk<O>>)
  }

  /** Like {@link subscribe}, for shard channels. Server documentation: SSUBSCRIBE. */
  ssubscribe(channels: Text | readonly Text[], options: SubscribeOptions<Buffer> & AsBuffers): Subscription<Buffer>
  ssubscribe(channels: Text | readonly Text[], options: SubscribeOptions<string> & AsText): Subscription<string>
  ssubscribe(channels: Text | readonly Text[], options?: SubscribeOptions<Bulk<O>> & AsClient): Subscription<Bulk<O>>
  ssubscribe(
    channels: Text | readonly Text[],
    options: SubscribeOptions<string | Buffer>,
  ): Subscription<string | Buffer>
  ssubscribe(...given: readonly unknown[]): AnySubscription<Bulk<O>> {
    return this.#subscriptions.subscribe('shard', given as unknown as SubscribeArguments<Bulk<O>>)
  }

  /**
   * Runs a function with a dedicated connection, for commands that can't be used on the shared one: WATCH, SELECT,
   * MULTI by hand, MONITOR, CLIENT REPLY and others. The connection is of the pool (option `blocking`), to which it returns
   * after the session if its state can be restored. A key may be passed before `work`, as in a cluster; it has no effect here.
   * @param work called with the session, which can't be used after `work` has ended
   * @returns what `work` returns
   * @throws TimeoutError, fate `not-executed`, if no connection was free within `blocking.acquireTimeout`;
   *   ConnectError, HandshakeError or ClientClosedError, fate `not-executed`, if no connection could be made; any error of
   *   `work`. Commands of a session whose connection is lost reject with SessionLostError
   * @example
   * const size = await client.session(async (session) => {
   *   await session.select(1)
   *   return session.dbsize()
   * })
   */
  session<T>(work: (session: Session<O>) => T | Promise<T>): Promise<T>
  session<T>(key: Text, work: (session: Session<O>) => T | Promise<T>): Promise<T>
  session<T>(...given: readonly unknown[]): Promise<T> {
    return this.#own.session(given)
  }

  /**
   * Runs a transaction with optimistic locking. It watches keys, and calls a function that reads them and builds a
   * transaction. If another client changes the keys before the transaction runs, it starts again. Server documentation:
   * WATCH.
   *
   * @param keys the keys to watch
   * @param prepare called with a session in which the keys are watched; returns a transaction of the session, not yet executed,
   *   or null to change nothing
   * @param options.maxTries maximum number of attempts; default 16
   * @returns the results of the transaction, or null if `prepare` returned null
   * @throws TransactionError with code `TRANSACTION_CONFLICT`, fate `not-executed`, if the keys were changed at the last attempt
   * @throws SessionLostError, whose fate is that of the transaction, if the connection was lost after EXEC was sent; if it was
   *   lost before, the transaction starts again, and the error is that of the last attempt, with the command that was lost. A
   *   command of `prepare` that changes data, and whose reply was lost, is not sent again: the error is that of this command
   *
   * @example
   * await client.transaction('stock', async (session) => {
   *   const left = Number(await session.get('stock'))
   *   return left > 0 ? session.multi().decr('stock').incr('sold') : null
   * })
   */
  transaction<Results extends readonly unknown[]>(
    keys: Text | readonly Text[],
    prepare: Prepare<O, Results>,
    options: { readonly maxTries?: number } = {},
  ): Promise<Results | null> {
    return optimistic((work) => this.session(work), keys, prepare, options)
  }

  /**
   * Reads the receipt of a call with the option `once`. The receipt contains the result of the call, if the server still has it.
   *
   * @param error the error that such a call of this client was rejected with
   * @returns see Receipt; `found: false` means that there is no receipt now, not that the command did not run. The receipt may
   *   have expired or been evicted, or the command may arrive later
   * @throws UsageError if the error comes from another call; otherwise the errors of a command that reads a key
   *
   * @example
   * const order = client.with({ once: 'order-4711' })
   * await order.incr('orders').catch(async (error) => console.log(await client.receipt(error)))
   */
  receipt(error: RespiteError): Promise<Receipt>
  /**
   * Reads the receipt for an id, which any process may have used.
   *
   * @param id the id that was passed as `once`
   * @param key the first key of the command, without `keyPrefix`; undefined for a command without keys
   * @returns see Receipt; the reply has the form in which `call` returns replies of unknown commands
   */
  receipt(id: string, key?: Text): Promise<Receipt>
  receipt(idOrError: string | RespiteError, key?: Text): Promise<Receipt> {
    return this.#once.receipt(idOrError, key)
  }

  /**
   * Closes the client gracefully. It refuses new commands, lets commands in flight finish (but not the client's own PINGs), ends
   * subscriptions and the waits of blocking commands, waits for sessions, and then closes the connections. Without a connection, it
   * does not connect, and queued commands are rejected. `close` may be called again, but only the first call has an effect.
   *
   * @param options.timeout milliseconds, default 5000; whatever has not finished by then is destroyed
   * @returns resolves within the timeout, when no socket, timer or listener is left; never rejects
   * @throws TypeError that names an unknown or invalid option
   */
  close(options: { readonly timeout?: number } = {}): Promise<void> {
    return this.#runtime.close(closeTimeout(options))
  }

  /** Closes the client immediately. Every pending command is rejected with a ClientClosedError, which has the command's fate. */
  destroy(): void {
    this.#runtime.shared.destroy()
  }

  /** Lets the process end while the client is open, even with pending commands. Node.js documentation: socket.unref. */
  unref(): this {
    this.#runtime.keepAlive?.('unref')
    return this
  }

  /** Undoes {@link unref}. */
  ref(): this {
    this.#runtime.keepAlive?.('ref')
    return this
  }

  /** For `await using client = createClient()`: calls {@link close} at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Lists every command that has not been answered. */
  inFlight(): InFlightCommand[] {
    return this.#runtime.inFlight()
  }

  /** @internal Called by `util.inspect` and `console.log`: shows the status, the address and the counters, but no secrets. */
  [inspect](_depth: unknown, options: object, show: (value: object, options: object) => string): string {
    return `Client ${show(summaryOf(this.#runtime), options)}`
  }

  /** Returns counters since the client was created, and current queue lengths. */
  stats(): ClientStats {
    return this.#runtime.stats()
  }

  /**
   * Adds a listener for connection events. If a listener throws, its error is raised as an uncaught exception, and nothing else
   * is affected.
   *
   * @param event `status` (new, previous), or `error` (a connection was lost or could not be made); nothing is thrown
   *   if `error` has no listener
   */
  on<Name extends keyof ClientEvents>(event: Name, listener: (...args: ClientEvents[Name]) => void): this {
    this.#runtime.events.on(event, listener as never)
    return this
  }

  /** Like {@link on}, for the next event only. */
  once<Name extends keyof ClientEvents>(event: Name, listener: (...args: ClientEvents[Name]) => void): this {
    this.#runtime.events.once(event, listener as never)
    return this
  }

  /** Removes a listener. */
  off<Name extends keyof ClientEvents>(event: Name, listener: (...args: ClientEvents[Name]) => void): this {
    this.#runtime.events.off(event, listener as never)
    return this
  }
}

/**
 * Creates a client. No I/O happens before the first command, subscription or `connect()`.
 *
 * @param url `redis://user:password@host:port/database`, or with `rediss:`, `valkey:`, `valkeys:` or `unix:`; its query may
 *   contain options
 * @param options see ClientOptions; they override the URL
 * @throws TypeError that names an unknown or invalid option
 *
 * @example
 * const client = createClient('redis://localhost:6379', { timeout: 1_000 })
 * await client.set('greeting', 'hello')
 * await client.close()
 */
export function createClient<const Given extends ClientOptions = Record<never, never>>(
  url: string | URL,
  options?: Only<ClientOptions, Given>,
): Client<RepliesOf<Given>>
/** Creates a client from options alone, which may include the `url`. */
export function createClient<const Given extends ClientOptions = Record<never, never>>(
  options?: Only<ClientOptions, Given>,
): Client<RepliesOf<Given>>
/** Creates a client from a URL or from options, for callers whose argument may be either. */
export function createClient(urlOrOptions?: string | URL | ClientOptions, options?: ClientOptions): Client<ReplyOptions>
export function createClient(url?: string | URL | ClientOptions, options?: ClientOptions): Client<ReplyOptions> {
  return new Client<ReplyOptions>(url, options)
}
