import type { ConfiguredRequest } from '../dispatch/configured-request.js'
import { OnceCalls, type OnceClient } from '../dispatch/once-calls.js'
import type { Receipt } from '../once/receipt.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { ClusterRuntime } from './cluster-runtime.js'
import type { Node } from './node.js'

/**
 * The calls of a cluster with the option `once`. A receipt has the slot of the first key. So it is on the node that runs the
 * command, moves with the slot, and is kept or lost together with the data in a failover. Without a key, a call is refused.
 *
 * The time of one server is sufficient for all, because a command and its receipt depend on the clock of the server that runs
 * the command. The difference between two clocks makes the time shorter or longer in which the command may be tried again. There
 * are two limits, which docs/exactly-once.md tells: if a clock is ahead by `onceTtl`, every try is late; and a receipt that moves
 * with its slot to a clock that is behind expires before the last try, because MIGRATE sends the rest of its time.
 */
export class ClusterOnce {
  readonly calls: OnceCalls<Receipt>
  readonly #runtime: ClusterRuntime
  /** The node that is asked for the time. */
  #keeper: Node | undefined
  #asked: object | undefined

  constructor(runtime: ClusterRuntime, settings: ResolvedCallOptions) {
    this.#runtime = runtime
    const { options, clock, router } = runtime
    const client: OnceClient = {
      options,
      settings,
      now: () => clock.now(),
      random: () => clock.random(),
      connection: () => this.#connection(),
      // Each request that src/once enqueues here has commands, so it is a ConfiguredRequest.
      enqueue: (request, signal) => router.enqueue(request as ConfiguredRequest, signal),
      enqueueFirst: (request) => this.#keeper?.shared.enqueueFirst(request),
      flushSoon: () => {
        for (const { shared } of runtime.nodes) shared.flushSoon()
      },
    }
    this.calls = new OnceCalls<Receipt>(client, async (each) => new (await import('../once/once.js')).Once(each))
  }

  /** Called when connections have become ready or were lost, and after each view, because a node may have become silent. */
  onConnections(): void {
    if (!this.#keeper?.isUsable) {
      const nodes = [...this.#runtime.nodes]
      this.#keeper = nodes.find(({ isUsable }) => isUsable) ?? nodes.find(({ isReady }) => isReady)
    }
    const connection = this.#connection()
    if (connection === this.#asked) return
    this.#asked = connection
    if (connection !== undefined) this.calls.onReady()
  }

  #connection(): object | undefined {
    return this.#keeper?.shared.connection
  }
}
