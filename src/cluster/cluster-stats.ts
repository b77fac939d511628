import { Counters } from '../connection/request/counters.js'
import { addTraffic, type ClientStats } from '../core/observation.js'
import type { ClusterStats } from './cluster-observation.js'
import type { Node } from './node.js'
import type { Router } from './router.js'

/** The parts of a cluster that have counters. */
interface Counted {
  readonly nodes: Iterable<Node>
  readonly router: Router
  readonly subscriptions: { readonly count: number }
  /** The counters of nodes that are no longer part of the cluster. */
  readonly departed: Partial<ClientStats>
}

const none: ClientStats = {
  ...new Counters(),
  fencesTried: 0,
  fencesProven: 0,
  fencesNotPossible: 0,
  queued: 0,
  queuedBytes: 0,
  inFlight: 0,
  ownConnections: 0,
  subscriptions: 0,
}

/** Returns the counters of a cluster. */
export function statsOf({ nodes, router, subscriptions, departed }: Counted): ClusterStats {
  const byNode = Object.fromEntries([...nodes].map((node) => [node.id, statsOfNode(node)]))
  const { count, bytes } = router.waiting
  // These counters do not belong to any single node that is left.
  const past = { ...none, ...router.counters }
  addStats(past, departed)
  // What is queued, in flight or open belongs to nodes that are there, or waits for one.
  const sums = {
    ...past,
    queued: count,
    queuedBytes: bytes,
    inFlight: 0,
    ownConnections: 0,
    subscriptions: subscriptions.count,
  }
  for (const stats of Object.values(byNode)) addStats(sums, stats)
  return { ...sums, nodes: byNode }
}

/** Adds counters to sums. */
export function addStats(sums: Partial<Record<keyof ClientStats, number>>, stats: Partial<ClientStats>): void {
  for (const [name, count] of Object.entries(stats) as [keyof ClientStats, number][]) {
    sums[name] = (sums[name] ?? 0) + count
  }
}

export function statsOfNode({ connections, settings, leasedIfAny }: Node): ClientStats {
  const pooled = leasedIfAny?.traffic() ?? []
  const stats = { ...none, ...settings.fence.counts, ownConnections: pooled.length }
  const traffic = [...pooled]
  for (const { connection, counters, backlog } of connections) {
    addStats(stats, counters)
    stats.queued += backlog.count
    stats.queuedBytes += backlog.bytes
    if (connection) traffic.push(connection)
  }
  addTraffic(stats, traffic)
  return stats
}
