import { prefix, range } from '../workloads/data.js'
import { inTurn, loopsCount, loopsOf } from '../workloads/shapes.js'
import type { Run } from '../workloads/workload.js'
import type { ClusterBenchClient } from './clients.js'

/** Keys of all nodes. */
export const keys: readonly string[] = range(1_000).map((index) => `${prefix}cluster:${index}`)

/** Something to be measured, on keys of all nodes. */
export interface ClusterWorkload {
  readonly title: string
  /** What one call of a run sends so many of. */
  readonly count: number
  on(client: ClusterBenchClient): Run
}

/** Keys in turn, over and over. */
function nextKey(): () => string {
  let next = 0
  return () => {
    next = (next + 1) % keys.length
    return keys[next] as string
  }
}

export const bursts: ClusterWorkload = {
  title: 'GET, bursts of 1,000 in one tick',
  count: keys.length,
  on: (client) => () => Promise.all(keys.map((key) => client.get(key))),
}

export const loops: ClusterWorkload = {
  title: 'GET, 64 concurrent loops',
  count: loopsCount,
  on: (client) => {
    const next = nextKey()
    return loopsOf(() => () => client.get(next()))
  },
}

export const oneAtATime: ClusterWorkload = {
  title: 'GET, one at a time',
  count: 100,
  on: (client) => {
    const next = nextKey()
    return inTurn(100, () => client.get(next()))
  },
}

export const workloads: readonly ClusterWorkload[] = [bursts, loops, oneAtATime]
