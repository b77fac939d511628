import type { CommandDescriptor } from '../commands/descriptor.js'
import type { Bulk, DefaultReplies, Only, RepliesOf, ReplyOptions } from '../commands/types/replies.js'
import { usage } from '../commands/usage.js'
import { Dispatcher, type DispatchTarget } from '../dispatch/dispatcher.js'
import type { ScanOptions } from '../dispatch/scan.js'
import { ScopedClient } from '../dispatch/scoped-client.js'
import { ScriptRequest } from '../dispatch/script-request.js'
import type { WaitingRequest } from '../dispatch/waiting-request.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Argument } from '../protocol/types.js'
import { type ClusterCallOptions, resolveClusterCallOptions } from './cluster-options.js'
import type { ClusterRuntime } from './cluster-runtime.js'
import type { Node } from './node.js'
import { slotOfRoute } from './slots-of-requests.js'
import { isSplittable, joinParts, sendSplit } from './split.js'

/** Refuses calls with the option `once`: their receipt must go where the key goes. */
const noOnce = {
  enqueue(): never {
    throw usage('once', 'use cluster.with({ once })')
  },
}

/** Returns the target for calls of a cluster. */
export function targetOfCluster(runtime: ClusterRuntime, once: NonNullable<DispatchTarget['once']>): DispatchTarget {
  return {
    diagnostics: runtime.diagnostics,
    keyPrefix: runtime.options.keyPrefix,
    scripts: ScriptRequest,
    once,
    enqueue: (request, signal) => runtime.router.enqueue(request, signal),
    enqueueBlocking: (request: WaitingRequest, signal) => runtime.enqueueBlocking(request, signal),
  }
}

/** Returns the target for calls to one node. These calls are not redirected. */
export function targetOfNode(runtime: ClusterRuntime, node: Node): DispatchTarget {
  return {
    diagnostics: node.diagnostics,
    keyPrefix: runtime.options.keyPrefix,
    scripts: ScriptRequest,
    once: noOnce,
    enqueue: (request, signal) => node.shared.enqueue(request, signal),
    enqueueBlocking: (request, signal) => node.leased.enqueueBlocking(request, signal),
  }
}

/** The typed commands of a cluster, with the options of a `with`. */
export class RoutedClient<O extends ReplyOptions = DefaultReplies> extends ScopedClient<O> {
  readonly #runtime: ClusterRuntime
  readonly #dispatcher: Dispatcher

  /**
   * Created by `createCluster` and `with`.
   * @internal
   */
  constructor(runtime: ClusterRuntime, target: DispatchTarget, settings: ResolvedCallOptions) {
    super(target, settings)
    this.#runtime = runtime
    this.#dispatcher = new Dispatcher(target, settings)
  }

  override with<const Given extends ClusterCallOptions>(
    options: Only<ClusterCallOptions, Given>,
  ): RoutedClient<RepliesOf<Given, O>> {
    const { target, settings } = this.#dispatcher
    return new RoutedClient(this.#runtime, target, resolveClusterCallOptions(options, settings))
  }

  /**
   * Iterates over all keys of the cluster that match, one master after the other. A key that exists during the whole scan is
   * returned at least once, even if its slot moves or a node fails over during the scan. In these cases, keys may be returned
   * twice. The iterator rejects with TimeoutError if no node is known to have a slot for `queueTimeout`, and with AbortError as soon
   * as its signal is aborted. Server documentation: SCAN.
   *
   * @param options see `scanIterator` of a client
   */
  override async *scanIterator(options: ScanOptions & { readonly type?: string } = {}): AsyncGenerator<Bulk<O>> {
    // The options of routing, such as `route`, are not used, because each scan is for one node.
    const settings = { ...this.#dispatcher.settings, routing: undefined }
    const { clusterScan } = await import('./cluster-scan.js')
    yield* clusterScan<Bulk<O>>(this.#runtime, settings, options, (node) => targetOfNode(this.#runtime, node))
  }

  protected override execute<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    if (descriptor.route === 'all') return this.#sendToAll(descriptor, args) as Promise<T>
    if (this.#dispatcher.settings.routing?.crossSlot === 'split' && isSplittable(descriptor)) {
      return this.#sendSplit(descriptor, args) as Promise<T>
    }
    return this.#dispatcher.execute(descriptor, args)
  }

  /** Sends a command in parts. This is not in `execute`, because a function with closures allocates memory for each call. */
  #sendSplit(descriptor: CommandDescriptor, args: Argument[]): Promise<unknown> {
    const slotOf = (key: Argument): number => slotOfRoute(key, this.#runtime.options.keyPrefix)
    return sendSplit(descriptor, args, slotOf, (part) => this.#dispatcher.execute(descriptor, part))
  }

  /** Sends a command, such as SCRIPT LOAD, to any master, and then to every one. Returns the first reply. */
  async #sendToAll(descriptor: CommandDescriptor, args: Argument[]): Promise<unknown> {
    const runtime = this.#runtime
    const { settings } = this.#dispatcher
    const until = runtime.clock.now() + settings.timeout
    // Until the nodes are known, the call waits as any other one, with its time limit and its signal.
    const first = await this.#dispatcher.execute(descriptor, [...args])
    const timeout = settings.timeout && Math.max(1, until - runtime.clock.now())
    await joinParts(
      descriptor.name,
      runtime.owners.map((node) => ({
        keys: [],
        reply: new Dispatcher(targetOfNode(runtime, node), { ...settings, timeout, routing: undefined }).execute(
          descriptor,
          [...args],
        ),
      })),
    )
    return first
  }
}
