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
