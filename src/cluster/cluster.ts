import type { Text } from '../commands/types/arguments.js'
import type { Bulk, DefaultReplies, Only, RepliesOf, ReplyOptions } from '../commands/types/replies.js'
import { usage } from '../commands/usage.js'
import type { Status } from '../connection/supervisor/state.js'
import type { Environment } from '../core/environment.js'
import { describe } from '../core/observation.js'
import { settingsOf } from '../dispatch/configured-request.js'
import { ScopedClient } from '../dispatch/scoped-client.js'
import { describeValue } from '../protocol/arguments.js'
import type { AsBuffers, AsClient, AsText, SubscribeOptions, Subscription } from '../pubsub/subscription.js'
import type { AnySubscription, SubscribeArguments } from '../pubsub/subscriptions.js'
import { optimistic, type Prepare } from '../sessions/optimistic-locking.js'
import type { Session } from '../sessions/session.js'
import type { ClusterEvents, ClusterInFlightCommand, ClusterNode, ClusterStats } from './cluster-observation.js'
import { type ClusterOptions, type ClusterOptionsOf, resolveClusterOptions, type Seed } from './cluster-options.js'
import { ClusterRuntime } from './cluster-runtime.js'
import { statsOfCluster } from './cluster-stats.js'
import { redirectOf } from './redirects.js'
import { RoutedClient, targetOfCluster, targetOfNode } from './routed-client.js'
import { slotOfRoute } from './slots-of-requests.js'

/**
 * A client for a cluster of Redis or Valkey servers.
 *
 * It has one shared connection for each master, opened when first needed. A command goes to the node that has the slot of its
 * keys, wherever that is by then: redirects, moving slots and failovers cost time, but never the truth of a `fate`, nor the
 * order of the effects on a key.
 */
export class Cluster<O extends ReplyOptions = DefaultReplies> extends RoutedClient<O> {
  readonly #runtime: ClusterRuntime

  /**
   * Like {@link createCluster}, for classes that extend this one with methods of their own.
   *
   * @param seeds see {@link createCluster}
   * @param options see ClusterOptions
   * @throws TypeError that names an unknown or invalid option
   */
  constructor(seeds: Seed | readonly Seed[], options?: ClusterOptionsOf<O>)
  /**
   * With the network and the clock of a test.
   * @internal
   */
  constructor(seeds: Seed | readonly Seed[], options: ClusterOptionsOf<O> | undefined, environment: Environment)
  constructor(seeds: Seed | readonly Seed[], options?: ClusterOptionsOf<O>, environment?: Environment) {
    const resolved = resolveClusterOptions(seeds, options as ClusterOptions | undefined)
    const runtime = new ClusterRuntime(resolved, environment)
    super(runtime, targetOfCluster(runtime), {
      ...settingsOf(resolved.options),
      routing: { redirectOf, route: undefined, crossSlot: 'refuse' },
    })
    this.#runtime = runtime
  }

  /** `ready`: it is known who has which slots. A change emits the `status` event. */
  get status(): Status {
    return this.#runtime.status
  }

  /**
   * Finds the nodes now instead of with the first command. Concurrent calls share one attempt.
   *
   * @returns resolves when it is known which node has which slots
   * @throws ConnectError, fate `not-executed`, if no node answers within `connectDeadline`; HandshakeError, fate `not-executed`,
   *   at once if all that are reached refuse the credentials; ClientClosedError after `close` or `destroy`
   */
  connect(): Promise<void> {
    return this.#runtime.connect()
  }

  /** Lists the nodes that are known. */
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
   * The typed commands of one node, for what concerns a node and not a key: DBSIZE, INFO, CONFIG and others. Nothing is sent on from
   * there to another node.
   *
   * @param node one of {@link nodes}, or its id
   * @throws UsageError if there is no such node any more
   *
   * @example
   * for (const node of cluster.nodes()) if (node.role === 'master') await cluster.node(node).dbsize()
   */
  node(node: Pick<ClusterNode, 'id'> | string): ScopedClient<O> {
    const id = typeof node === 'string' ? node : node.id
    const found = this.#runtime.nodes.byId(id)
    if (found === undefined) throw usage('node', `there is no node with the id ${describeValue(id)}`)
    return new ScopedClient<O>(targetOfNode(this.#runtime, found), settingsOf(this.#runtime.options))
  }

  /** Waits until the queues of all nodes are short again. See `drain` of a client. */
  async drain(): Promise<void> {
    const { nodes, router } = this.#runtime
    await Promise.all([router.waiting.drained(), ...[...nodes].map(({ shared }) => shared.drain())])
  }

  /**
   * Subscribes to channels, on one connection to any of the nodes. If it is lost, another node is used at once, and the gap is
   * reported. Server documentation: SUBSCRIBE.
   *
   * @param channels one or several
   * @param options see `subscribe` of a client
   */
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions<Buffer> & AsBuffers): Subscription<Buffer>
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions<string> & AsText): Subscription<string>
  subscribe(channels: Text | readonly Text[], options?: SubscribeOptions<Bulk<O>> & AsClient): Subscription<Bulk<O>>
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions<string | Buffer>): Subscription<string | Buffer>
  subscribe(...given: readonly unknown[]): AnySubscription<O> {
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
  psubscribe(...given: readonly unknown[]): AnySubscription<O> {
    return this.#runtime.subscriptions.subscribe('pattern', given as unknown as SubscribeArguments<Bulk<O>>)
  }

  /**
   * Like {@link subscribe}, for shard channels of one slot, at the node that has the slot. If the slot moves, so does the
   * subscription, and the gap is reported. Server documentation: SSUBSCRIBE.
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
  ssubscribe(...given: readonly unknown[]): AnySubscription<O> {
    return this.#runtime.subscriptions.ssubscribe(given as unknown as SubscribeArguments<Bulk<O>>)
  }

  /**
   * Runs a function with a dedicated connection to the node that has the slot of a key. Its commands are not sent on: if the slot
   * moves meanwhile, they reject with the server's error (MOVED). See `session` of a client.
   *
   * @param key a key, without `keyPrefix`
   * @param work called with the session
   */
  async session<T>(key: Text, work: (session: Session<O>) => T | Promise<T>): Promise<T> {
    if (typeof work !== 'function') throw usage('session', `argument 2 (${describeValue(work)}) must be a function`)
    const { options } = this.#runtime
    const slot = slotOfRoute(key, options.keyPrefix)
    const node = await this.#runtime.nodeWith(slot, options.blocking.acquireTimeout)
    return node.leased.session(work)
  }

  /**
   * Runs a transaction with optimistic locking, on the node that has the slot of the keys. See `transaction` of a client.
   *
   * @param keys the keys to watch, all of one slot
   * @param prepare reads the keys and builds the transaction
   * @param options.maxTries maximum number of attempts; default 16
   */
  transaction<Results extends readonly unknown[]>(
    keys: Text | readonly Text[],
    prepare: Prepare<O, Results>,
    options: { readonly maxTries?: number } = {},
  ): Promise<Results | null> {
    const [key] = [keys].flat() as [Text]
    return optimistic((work) => this.session(key, work), keys, prepare, options.maxTries ?? 16)
  }

  /**
   * Closes the cluster gracefully: refuses new commands, lets commands in flight finish, and closes all connections. What waits for
   * a node that is not connected is rejected. See `close` of a client.
   *
   * @param options.timeout milliseconds, default 5000; whatever has not finished by then is destroyed
   */
  close(options: { readonly timeout?: number } = {}): Promise<void> {
    return this.#runtime.close(options.timeout ?? 5_000)
  }

  /** Closes the cluster immediately. Every pending command is rejected with a ClientClosedError that has its fate. */
  destroy(): void {
    this.#runtime.destroy()
  }

  /**
   * Lets the process end while the cluster is open, with commands pending too: its connections and timers, also later ones,
   * do not keep the process alive. Node.js documentation: socket.unref.
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

  /** For `await using cluster = createCluster(seeds)`: calls {@link close} at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Lists every command that has not been answered, with its node. */
  inFlight(): ClusterInFlightCommand[] {
    const { nodes, router, blocking, clock } = this.#runtime
    const now = clock.now()
    const list: ClusterInFlightCommand[] = []
    for (const { id, shared, leasedIfAny } of nodes) {
      const { connection } = shared
      for (const request of connection?.owed() ?? []) {
        const state = request.state === 'settled' ? 'abandoned' : 'sent'
        if (!request.isOwn) list.push({ ...describe(request, state, now, connection?.id), node: id })
      }
      for (const request of shared.backlog) {
        if (!request.isOwn) list.push({ ...describe(request, 'queued', now, undefined), node: id })
      }
      for (const { request, state, connection: number } of leasedIfAny?.inFlight() ?? []) {
        list.push({ ...describe(request, state, now, number), node: id })
      }
    }
    for (const { request, connection } of blocking.calls) {
      if (request.state === 'settled') continue
      const state = request.state === 'queued' ? 'queued' : 'sent'
      list.push({ ...describe(request, state, now, connection?.id), node: undefined })
    }
    for (const request of router.waiting.requests()) {
      list.push({ ...describe(request, 'queued', now, undefined), node: undefined })
    }
    return list
  }

  /** Returns counters since the cluster was created, and current queue lengths: the sums, and those of each node. */
  stats(): ClusterStats {
    return statsOfCluster(this.#runtime)
  }

  /**
   * Adds a listener. `status` (new, previous); `error` (a connection was lost or could not be made); `topology` (slots have
   * other owners, nodes came or went). Nothing is thrown if `error` has no listener.
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
 * @param seeds addresses of one or more nodes: URLs, or `{ host, port }`. The others are found. User, password and options in the
 *   first URL are those of all nodes
 * @param options see ClusterOptions
 * @throws TypeError that names an unknown or invalid option
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
