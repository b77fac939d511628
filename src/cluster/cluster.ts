import { checkArguments } from '../commands/check-arguments.js'
import type { Text } from '../commands/types/arguments.js'
import type { Bulk, DefaultReplies, Only, RepliesOf, ReplyOptions } from '../commands/types/replies.js'
import { usage } from '../commands/usage.js'
import type { Request } from '../connection/request/request.js'
import type { Status } from '../connection/supervisor/state.js'
import type { Environment } from '../core/environment.js'
import { describe, type InFlightCommand } from '../core/observation.js'
import { inspect } from '../core/summary.js'
import { settingsOf } from '../dispatch/configured-request.js'
import { ScopedClient } from '../dispatch/scoped-client.js'
import type { RespiteError } from '../errors.js'
import type { Receipt } from '../once/receipt.js'
import type { ResolvedCallOptions } from '../options/options.js'
import { closeTimeout, copyOf, requirePlainObject } from '../options/resolve.js'
import { describeValue } from '../protocol/arguments.js'
import type {
  AnySubscription,
  AsBuffers,
  AsClient,
  AsText,
  SubscribeOptions,
  Subscription,
} from '../pubsub/subscription.js'
import type { SubscribeArguments } from '../pubsub/subscriptions.js'
import { checkFunction } from '../sessions/check-function.js'
import { optimistic, type Prepare } from '../sessions/optimistic-locking.js'
import type { Session } from '../sessions/session.js'
import type { ClusterEvents, ClusterInFlightCommand, ClusterNode, ClusterStats } from './cluster-observation.js'
import { ClusterOnce } from './cluster-once.js'
import {
  type ClusterDefaultsOf,
  type ClusterOptions,
  type ClusterOptionsOf,
  resolveClusterOptions,
  type Seed,
} from './cluster-options.js'
import { ClusterRuntime } from './cluster-runtime.js'
import { statsOf } from './cluster-stats.js'
import { redirectOf } from './redirects.js'
import { RoutedClient, targetOfCluster, targetOfNode } from './routed-client.js'
import { crossSlot, slotOfRoute } from './slots-of-requests.js'

/**
 * A client for a cluster of Redis or Valkey servers.
 *
 * It has one shared connection for each master, which is opened when it is first needed. A command is sent to the node that has
 * the slot of its keys at that time. Redirections, moving slots and failovers can delay a command, but its `fate` stays correct,
 * and the effects on a key keep their order.
 */
export class Cluster<O extends ReplyOptions = DefaultReplies> extends RoutedClient<O> {
  readonly #given: readonly [Seed | readonly Seed[], ClusterOptions, Environment | undefined]
  readonly #runtime: ClusterRuntime
  readonly #once: ClusterOnce

  /**
   * Like {@link createCluster}, for classes that extend this one with methods of their own.
   *
   * @param given seeds and options: see {@link createCluster}. If `O` is not the default, such as
   *   `RepliesOf<{ buffers: true }>`, the options that result in such replies are required
   * @throws TypeError that names an unknown or invalid option
   */
  constructor(...given: ClusterDefaultsOf<O>)
  /** Creates a cluster client with options that result in the replies of `O`. */
  constructor(seeds: Seed | readonly Seed[], options: ClusterOptionsOf<O>)
  /**
   * Creates a cluster client that uses the network and the clock of a test.
   * @internal
   */
  constructor(seeds: Seed | readonly Seed[], options: ClusterOptionsOf<O> | undefined, environment: Environment)
  constructor(seeds: Seed | readonly Seed[], options?: ClusterOptionsOf<O>, environment?: Environment) {
    const resolved = resolveClusterOptions(seeds, options as ClusterOptions | undefined)
    const runtime = new ClusterRuntime(resolved, environment)
    const settings: ResolvedCallOptions = {
      ...settingsOf(resolved.options),
      routing: { redirectOf, route: undefined, crossSlot: 'refuse', readFrom: resolved.readFrom },
    }
    const once = new ClusterOnce(runtime, settings)
    runtime.onConnections = () => once.onConnections()
    super(runtime, targetOfCluster(runtime, once.calls), settings)
    this.#given = [copyOf([seeds].flat()), copyOf(options as ClusterOptions), environment]
    this.#runtime = runtime
    this.#once = once
  }

  /**
   * Creates a cluster client with the same seeds and options, except for the options that are passed, for example with other types
   * of replies.
   *
   * @param options override the options of this client; undefined resets an option to its default
   * @throws TypeError that names an unknown or invalid option
   *
   * @example
   * const images = cluster.duplicate({ buffers: true })
   */
  duplicate<const Given extends ClusterOptions = Record<never, never>>(
    options?: Only<ClusterOptions, Given>,
  ): Cluster<RepliesOf<Given, O>>
  duplicate(options: ClusterOptions = {}): Cluster<ReplyOptions> {
    requirePlainObject(options)
    const [seeds, given, environment] = this.#given
    return new Cluster<ReplyOptions>(seeds, { ...given, ...options }, environment as Environment)
  }

  /** The status; `ready` means that the owners of the slots are known. A change emits the `status` event. */
  get status(): Status {
    return this.#runtime.status
  }

  /**
   * Finds the nodes now instead of with the first command. Concurrent calls share one attempt.
   *
   * @returns resolves when the owners of the slots are known
   * @throws ConnectError, fate `not-executed`, if no node that knows owners of slots answers within `connectDeadline`;
   *   HandshakeError, fate `not-executed`, immediately if all seeds refuse the credentials; ReplyError immediately if all seeds
   *   refuse CLUSTER SLOTS, because they are not part of a cluster or do not permit it; ClientClosedError after `close` or `destroy`
   */
  connect(): Promise<void> {
    return this.#runtime.connect()
  }

  /**
   * Authenticates every connection to every node with the credentials that `credentials` returns now, or with the password again.
   * See `reauthenticate` of a client. Server documentation: AUTH.
   *
   * @returns resolves when the shared connections and the connections of subscriptions have authenticated; pooled connections may
   *   authenticate later
   * @throws HandshakeError, fate `not-executed`, if `credentials` fails or a server refuses; connections stay as they are
   * @throws UsageError if the cluster has neither `credentials` nor a password, ClientClosedError; both with fate `not-executed`
   */
  reauthenticate(): Promise<void> {
    return this.#runtime.renewal.renew()
  }

  /** Lists the known nodes. */
  nodes(): ClusterNode[] {
    const { nodes, router } = this.#runtime
    return [...nodes].map((node) => ({
      id: node.id,
      ...node.address,
      role: node.role,
      master: node.masterId,
      slots: router.slots.rangesOf(node),
      status: node.shared.status,
    }))
  }

  /**
   * Returns the typed commands for one node. Use it for commands that concern a node and not a key: DBSIZE, INFO, CONFIG and
   * others. These commands are not redirected to another node.
   *
   * @param node one of {@link nodes}, or its id
   * @throws UsageError if the node is not part of the cluster any more
   *
   * @example
   * for (const node of cluster.nodes()) if (node.role === 'master') await cluster.node(node).dbsize()
   */
  node(node: Pick<ClusterNode, 'id'> | string): ScopedClient<O> {
    const id = typeof node === 'string' ? node : node?.id
    const found = this.#runtime.nodes.byId(id)
    if (!found) throw usage('node', `no node has the id ${describeValue(id)}`)
    return new ScopedClient<O>(targetOfNode(this.#runtime, found), settingsOf(this.#runtime.options))
  }

  /** Waits until the queues of all nodes are short again. See `drain` of a client. */
  async drain(): Promise<void> {
    const { nodes, router } = this.#runtime
    const all = [...nodes].flatMap(({ connections }) => connections.map((each) => each.drain()))
    await Promise.all([router.waiting.drained(), ...all])
  }

  /**
   * Subscribes to channels, on one connection to any of the nodes. If this connection is lost, another node is used immediately,
   * and the gap is reported. Server documentation: SUBSCRIBE.
   *
   * @param channels one or several
   * @param options see `subscribe` of a client
   */
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions<Buffer> & AsBuffers): Subscription<Buffer>
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions<string> & AsText): Subscription<string>
  subscribe(channels: Text | readonly Text[], options?: SubscribeOptions<Bulk<O>> & AsClient): Subscription<Bulk<O>>
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions<string | Buffer>): Subscription<string | Buffer>
  subscribe(...given: readonly unknown[]): AnySubscription<Bulk<O>> {
    return this.#runtime.subscriptions.subscribe('channel', given as unknown as SubscribeArguments<Bulk<O>>)
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
    return this.#runtime.subscriptions.subscribe('pattern', given as unknown as SubscribeArguments<Bulk<O>>)
  }

  /**
   * Like {@link subscribe}, for shard channels of one slot, at the node that has the slot. If the slot moves, the subscription
   * moves too, and the gap is reported. Server documentation: SSUBSCRIBE.
   *
   * @throws UsageError with code `CROSS_SLOT` if the channels have different slots
   */
  ssubscribe(channels: Text | readonly Text[], options: SubscribeOptions<Buffer> & AsBuffers): Subscription<Buffer>
  ssubscribe(channels: Text | readonly Text[], options: SubscribeOptions<string> & AsText): Subscription<string>
  ssubscribe(channels: Text | readonly Text[], options?: SubscribeOptions<Bulk<O>> & AsClient): Subscription<Bulk<O>>
  ssubscribe(
    channels: Text | readonly Text[],
    options: SubscribeOptions<string | Buffer>,
  ): Subscription<string | Buffer>
  ssubscribe(...given: readonly unknown[]): AnySubscription<Bulk<O>> {
    return this.#runtime.subscriptions.ssubscribe(given as unknown as SubscribeArguments<Bulk<O>>)
  }

  /**
   * Runs a function with a dedicated connection to the node that has the slot of a key. Its commands are not redirected. If the
   * slot moves in the meantime, they reject with the server's error (MOVED or ASK), and have not run. After MOVED, the next session
   * uses a connection to the new owner. See `session` of a client.
   *
   * @param key a key, without `keyPrefix`
   * @param work called with the session
   */
  async session<T>(key: Text, work: (session: Session<O>) => T | Promise<T>): Promise<T> {
    checkFunction('session', 2, work)
    const slot = this.#slotOf('session', [key])
    const { runSession } = await import('./cluster-sessions.js')
    return runSession(this.#runtime, slot, work)
  }

  /**
   * Runs a transaction with optimistic locking, on the node that has the slot of the keys. If the slot moves in the
   * meantime, the transaction starts again on the new owner. See `transaction` of a client.
   *
   * @param keys the keys to watch, all of one slot
   * @param prepare reads the keys and builds the transaction
   * @param options.maxTries maximum number of attempts; default 16
   */
  async transaction<Results extends readonly unknown[]>(
    keys: Text | readonly Text[],
    prepare: Prepare<O, Results>,
    options: { readonly maxTries?: number } = {},
  ): Promise<Results | null> {
    const runtime = this.#runtime
    const slot = this.#slotOf('transaction', [keys].flat())
    const { followSlot, runSession } = await import('./cluster-sessions.js')
    const follow = <T>(work: (session: Session<O>) => Promise<T>): Promise<T> =>
      followSlot(runtime, slot, () => runSession(runtime, slot, work))
    return optimistic(follow, keys, prepare, options)
  }

  /** Returns the slot of keys. @throws UsageError if one of them is no key, or if they have different slots */
  #slotOf(method: string, keys: readonly unknown[]): number {
    checkArguments(method, [method, ...keys])
    const [slot = 0, ...others] = new Set(keys.map((key) => slotOfRoute(key as Text, this.#runtime.options.keyPrefix)))
    if (others.length > 0) throw crossSlot(method)
    return slot
  }

  /** Reads the receipt of a call with the option `once` from the node that has it now. See `receipt` of a client. */
  receipt(error: RespiteError): Promise<Receipt>
  /**
   * Reads the receipt for an id, which any process may have used.
   *
   * @param id the id that was passed as `once`
   * @param key the first key of the command, without `keyPrefix`
   */
  receipt(id: string, key: Text): Promise<Receipt>
  receipt(idOrError: string | RespiteError, key?: Text): Promise<Receipt> {
    return this.#once.calls.receipt(idOrError, key)
  }

  /**
   * Closes the client gracefully: refuses new commands, lets commands in flight finish, and closes all connections. Commands that
   * wait for a node that is not connected are rejected. See `close` of a client.
   *
   * @param options.timeout milliseconds, default 5000; whatever has not finished by then is destroyed
   */
  close(options: { readonly timeout?: number } = {}): Promise<void> {
    return this.#runtime.close(closeTimeout(options))
  }

  /** Closes the client immediately. Every pending command is rejected with a ClientClosedError, which has the command's fate. */
  destroy(): void {
    this.#runtime.destroy()
  }

  /** Lets the process end while the cluster is open. See `unref` of a client. */
  unref(): this {
    this.#runtime.keepAlive?.('unref')
    return this
  }

  /** Undoes {@link unref}. */
  ref(): this {
    this.#runtime.keepAlive?.('ref')
    return this
  }

  /** For `await using cluster = createCluster(seeds)`: calls {@link close} at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Lists every command that has not been answered, with its node. */
  inFlight(): ClusterInFlightCommand[] {
    const { nodes, router, blocking, pool, clock } = this.#runtime
    const now = clock.now()
    const list: ClusterInFlightCommand[] = []
    const add = (request: Request, state: InFlightCommand['state'], connection?: number, node?: string): void => {
      if (!request.isOwn) list.push({ ...describe(request, state, now, connection), node })
    }
    for (const { id, connections, leasedIfAny } of nodes) {
      for (const { connection, backlog } of connections) {
        for (const request of connection?.owed() ?? []) {
          add(request, request.state === 'settled' ? 'abandoned' : 'sent', connection?.id, id)
        }
        for (const request of backlog) add(request, 'queued', undefined, id)
      }
      for (const { request, state, connection } of leasedIfAny?.inFlight() ?? []) add(request, state, connection, id)
    }
    for (const { request, connection } of blocking.calls) {
      const node = connection && pool.lenderOf(connection)
      if (request.state !== 'settled') add(request, request.state, connection?.id, node?.id)
    }
    for (const request of router.waiting.requests()) add(request, 'queued')
    return list
  }

  /** @internal Called by `util.inspect` and `console.log`: shows the status, the nodes and the counters, but no secrets. */
  [inspect](_depth: unknown, options: object, show: (value: object, options: object) => string): string {
    const { queued, inFlight, subscriptions, ownConnections } = this.stats()
    const nodes = this.nodes().map(({ host, port, role }) => `${host}:${port} ${role}`)
    return `Cluster ${show({ status: this.status, nodes, queued, inFlight, subscriptions, ownConnections }, options)}`
  }

  /** Returns counters since the client was created, and current queue lengths: the sums, and those of each node. */
  stats(): ClusterStats {
    return statsOf(this.#runtime)
  }

  /**
   * Adds a listener for one of these events: `status` (new, previous); `error` (a connection was lost or could not be made);
   * `topology` (slots have other owners, or nodes were added or removed). Nothing is thrown if `error` has no listener.
   */
  on<Name extends keyof ClusterEvents>(event: Name, listener: (...args: ClusterEvents[Name]) => void): this {
    this.#runtime.events.on(event, listener as never)
    return this
  }

  /** Like {@link on}, for the next event only. */
  once<Name extends keyof ClusterEvents>(event: Name, listener: (...args: ClusterEvents[Name]) => void): this {
    this.#runtime.events.once(event, listener as never)
    return this
  }

  /** Removes a listener. */
  off<Name extends keyof ClusterEvents>(event: Name, listener: (...args: ClusterEvents[Name]) => void): this {
    this.#runtime.events.off(event, listener as never)
    return this
  }
}

/**
 * Creates a client for a cluster. No I/O happens before the first command, subscription or `connect()`.
 *
 * @param seeds addresses of one or more nodes: URLs, or `{ host, port }`. The client finds the other nodes. If the first one is a
 *   URL, its user, password, TLS and options apply to all nodes. The other seeds may repeat them, but not have different ones
 * @param options see ClusterOptions
 * @throws TypeError that names an unknown or invalid option, or says what is wrong with the seeds
 *
 * @example
 * const cluster = createCluster(['redis://10.0.0.1:7000', 'redis://10.0.0.2:7000'], { password: 'secret' })
 * await cluster.set('greeting', 'hello')
 */
export function createCluster<const Given extends ClusterOptions = Record<never, never>>(
  seeds: Seed | readonly Seed[],
  options?: Only<ClusterOptions, Given>,
): Cluster<RepliesOf<Given>> {
  return new Cluster<RepliesOf<Given>>(seeds, options as unknown as ClusterOptionsOf<RepliesOf<Given>>)
}
