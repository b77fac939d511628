import type { Mutation } from '../mutation.js'

/** Mistakes in the client of a cluster, written by somebody who had read src and the documentation, and no test. */
export const clusterMutantsByAReader: Readonly<Record<string, Mutation>> = {
  'one view is enough to believe it': {
    file: 'cluster/topology.ts',
    from: 'votesFor(view, views) > total / 2',
    to: 'votesFor(view, views) > 0',
  },
  'UNBLOCKED at a demotion is an error like any other': {
    file: 'cluster/redirects.ts',
    from: "  const isOwnerGone = prefix === 'CLUSTERDOWN' || prefix === 'READONLY' || /^UNBLOCKED .*state changed/.test(text)",
    to: "  const isOwnerGone = prefix === 'CLUSTERDOWN' || prefix === 'READONLY'",
  },
  'a node that left the views is closed while it owes replies': {
    file: 'cluster/cluster-runtime.ts',
    from: 'if (node.isInUse || this.router.slots.has(node)) return',
    to: 'if (this.router.slots.has(node)) return',
  },
  'the gap is forgotten when sunsubscribe comes unasked': {
    file: 'connection/pubsub/subscriber.ts',
    from: '      this.#supervisor.connection?.end(\n        new Error(`the server sent ${word} for ${name?.length ?? 0} bytes of name, unasked`),\n      )\n',
    to: '      const reason = new Error(`the server sent ${word} for ${name?.length ?? 0} bytes of name, unasked`)\n      this.#observer.onError(reason)\n      this.#supervisor.renew(reason)\n',
  },
  'a scan ends without a fresh view': {
    file: 'cluster/cluster-scan.ts',
    from: '      // This view contains moves that this client did not know about yet, and moves that have ended in the meantime.\n      await runtime.freshView(patience)\n      for (const slot of changed) rest.add(slot)\n',
    to: '      for (const slot of changed) rest.add(slot)\n',
  },
  'those who wait in the pool of a node stay when their slot moves': {
    file: 'cluster/routed-pool.ts',
    from: 'if (place !== undefined && this.#subject.nodeFor(waiter) === place.node) continue',
    to: 'if (place !== undefined) continue',
  },
  'the time limit of those who wait for a slot ends once': {
    file: 'cluster/waiting-slots.ts',
    from: '    if (oldest !== Infinity) this.#expireAt(oldest + options.queueTimeout)\n',
    to: '',
  },
  'the fate of a split command is that of its failed parts': {
    file: 'cluster/split.ts',
    from: "  const fates = parts.map((part): Fate => ('error' in part ? part.error.fate : 'executed'))",
    to: "  const fates = parts.flatMap((part): Fate[] => ('error' in part ? [part.error.fate] : []))",
  },
}
