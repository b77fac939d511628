import { lookup } from '../commands/catalogue.js'
import type { CommandDescriptor } from '../commands/descriptor.js'
import { CommandExecutor } from '../commands/sender.js'
import { TransactionEntries } from '../commands/transaction-entries.js'
import { usage } from '../commands/usage.js'
import type { Status } from '../connection/supervisor/state.js'
import { settingsOf } from '../dispatch/configured-request.js'
import { Dispatcher, type DispatchTarget } from '../dispatch/dispatcher.js'
import type { UsageError } from '../errors.js'
import type { CallOptions, ClientOptions, ResolvedCallOptions, ResolvedOptions } from '../options/options.js'
import { closeTimeout, resolveCallOptions, resolveOptions } from '../options/resolve.js'
import type { Argument, Reply } from '../protocol/types.js'
import type { Environment } from './environment.js'
import type { ClientEvents, ClientStats, InFlightCommand } from './observation.js'
import { Runtime } from './runtime.js'

/** A transaction of {@link CoreScopedClient.multi}, collecting commands. */
export class CoreTransaction {
  readonly #entries: TransactionEntries

  /**
   * Created by `multi`.
   * @internal
   */
  constructor(entries: TransactionEntries) {
    this.#entries = entries
  }

  /**
   * Adds a command.
   *
   * @param name the command's name
   * @param args its arguments, in the server's order
   * @returns the same transaction. If an argument can't be sent, or the command can't be part of a transaction, `exec` rejects
   * @throws UsageError, fate `not-executed`, if the transaction was executed already
   */
  call(name: string, ...args: Argument[]): this {
    const all = [name, ...args]
    this.#entries.add(lookup(all), all)
    return this
  }

  /**
   * Sends MULTI, the commands and EXEC together. Server documentation: MULTI, EXEC.
   *
   * @returns the replies, in order
   * @throws TransactionError if a command was refused; its `fate` and `results` show what ran
   */
  exec(): Promise<Reply[]>
  exec(...surplus: readonly unknown[]): Promise<Reply[]> {
    return this.#entries.exec(surplus) as Promise<Reply[]>
  }
}

/** `call` and `multi`, with the options of one client or one `with`. */
export class CoreScopedClient extends CommandExecutor {
  readonly #dispatcher: Dispatcher

  /**
   * Created by `createClient` and `with`.
   * @internal
   */
  constructor(target: DispatchTarget, settings: ResolvedCallOptions) {
    super()
    this.#dispatcher = new Dispatcher(target, settings)
  }

  /**
   * The same client with other options.
   *
   * @param options see CallOptions
   * @throws TypeError that names an unknown or invalid option
   *
   * @example
   * const value = await client.with({ timeout: 200 }).call('GET', 'k')
   */
  with(options: CallOptions): CoreScopedClient {
    const { target, settings } = this.#dispatcher
    return new CoreScopedClient(target, resolveCallOptions(options, settings))
  }

  /**
   * Begins a transaction. Server documentation: MULTI, EXEC.
   *
   * @example
   * const [count, name] = await client.multi().call('INCR', 'visits').call('GET', 'name').exec()
   */
  multi(): CoreTransaction
  multi(...surplus: readonly unknown[]): CoreTransaction {
    return new CoreTransaction(
      new TransactionEntries((entries) => this.#dispatcher.executeTransaction(entries), surplus),
    )
  }

  protected override execute<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    return this.#dispatcher.execute(descriptor, args)
  }
}

/**
 * A client for one Redis or Valkey server, without typed methods, pool, sessions and subscriptions: for functions,
 * agents and libraries where every kilobyte counts. Replies, retries, fates, aborting and closing are the same as in `respite`.
 */
export class CoreClient extends CoreScopedClient {
  readonly #runtime: Runtime

  /**
   * Use {@link createClient}.
   * @internal
   */
  constructor(options: ResolvedOptions, environment?: Environment) {
    const runtime = new Runtime(options, environment)
    super(
      {
        diagnostics: runtime.diagnostics,
        keyPrefix: options.keyPrefix,
        enqueue: (request, signal) => runtime.shared.enqueue(request, signal),
        enqueueBlocking: (request) => request.fail('not-executed', (about) => needsDedicatedConnection(about.command)),
        shareAdvice: needsRespite,
      },
      settingsOf(options),
    )
    this.#runtime = runtime
  }

  /** The status of the connection. A change emits the `status` event. */
  get status(): Status {
    return this.#runtime.shared.status
  }

  /**
   * Connects now instead of with the first command. Concurrent calls share one attempt.
   *
   * @returns resolves when commands can be sent
   * @throws ConnectError, HandshakeError or ClientClosedError, fate `not-executed`, like `connect` of `respite`
   */
  connect(): Promise<void> {
    return this.#runtime.shared.connect()
  }

  /**
   * Waits until the queue is short again: back-pressure for producers that do not await each reply.
   *
   * @returns resolves when the queue is below a quarter of `maxQueued` and of `maxQueuedBytes`, or when the client ends
   * @throws ClientClosedError, fate `not-executed`, if the client is already closed
   */
  drain(): Promise<void> {
    return this.#runtime.shared.drain()
  }

  /**
   * Closes the client gracefully: it refuses new commands and lets commands in flight finish. Without a connection it
   * does not connect: queued commands are rejected.
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

  /**
   * Lets the process end while the client is open, even with pending commands: its current and later connections and timers do
   * not keep the process alive. Node.js documentation: socket.unref.
   */
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

  /** Returns counters since the client was created, and current queue lengths. */
  stats(): ClientStats {
    return this.#runtime.stats()
  }

  /** Adds a listener for `status` or `error` events of the connection. An `error` event without a listener is not thrown. */
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

const needsRespite = "use the client of 'respite'"

function needsDedicatedConnection(command: string): UsageError {
  return usage(command, `other commands would wait for it: ${needsRespite}`)
}

/**
 * Creates a client without typed methods, sessions and subscriptions. No I/O happens before the first command or
 * `connect()`.
 *
 * @param urlOrOptions a URL, see `createClient` of `respite`, or the options alone
 * @param options see ClientOptions; they override the URL
 * @throws TypeError that names an unknown or invalid option
 *
 * @example
 * import { createClient } from 'respite/core'
 * const client = createClient('redis://localhost:6379')
 * await client.call('SET', 'greeting', 'hello', 'EX', 60)
 */
export function createClient(urlOrOptions?: string | URL | ClientOptions, options?: ClientOptions): CoreClient {
  return new CoreClient(resolveOptions(urlOrOptions, options))
}
