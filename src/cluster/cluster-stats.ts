import { type ClientStats, statsOf } from '../core/observation.js'
import type { ClusterStats } from './cluster-observation.js'
import type { Node } from './node.js'
import type { Router } from './router.js'

/** What has counters. */
interface Counted {
  readonly nodes: Iterable<Node>
  readonly router: Router
  readonly subscriptions: { readonly count: number }
  /** Of nodes that were left. */
  readonly departed: Partial<ClientStats>
}

/** The counters of a cluster. */
export function statsOfCluster({ nodes, router, subscriptions, departed }: Counted): ClusterStats {
  const byNode = Object.fromEntries([...nodes].map((node) => [node.id, statsOfNode(node)]))
  const { count, bytes } = router.waiting.counts()
  // What is counted for no single node.
  const sums: ClientStats = {
    ...router.counters,
    fencesTried: 0,
    fencesProven: 0,
    fencesNotPossible: 0,
    queued: count,
    queuedBytes: bytes,
    inFlight: 0,
    ownConnections: 0,
    subscriptions: subscriptions.count,
  }
  for (const stats of [departed, ...Object.values(byNode)]) addStats(sums, stats)
  return { ...sums, nodes: byNode }
}

/** Adds counters to sums. */
export function addStats(sums: Partial<Record<keyof ClientStats, number>>, stats: Partial<ClientStats>): void {
  for (const [name, count] of Object.entries(stats) as [keyof ClientStats, number][]) {
    sums[name] = (sums[name] ?? 0) + count
  }
}

export const statsOfNode = ({ shared, settings, leasedIfAny }: Node): ClientStats =>
  statsOf(shared, settings.fence, leasedIfAny?.traffic())
