import type { Chance } from '../chance.js'

/** Where reads are sent: see the option `readFrom`. */
export type ReadFrom = 'master' | 'replica'

/** How a run reads from replicas. */
export interface Reading {
  /** Any call may be sent to a replica. */
  readonly isUsed: boolean
  /** The option of the client. */
  readonly readFrom: ReadFrom
  /** The replicas of each master. */
  readonly replicas: number
  /** Replicas fail, and so on. */
  readonly hasReplicaFaults: boolean
  /** Nothing happens to masters. */
  readonly sparesMasters: boolean
  /** Draws apart, so that runs which read from masters are the same as if nothing were ever read from replicas. */
  readonly chance: Chance
}

export function readingOf(seed: Chance): Reading {
  const chance = seed.apart('reading')
  if (!chance.happens(0.3)) {
    return { isUsed: false, readFrom: 'master', replicas: 1, hasReplicaFaults: false, sparesMasters: false, chance }
  }
  return {
    isUsed: true,
    // Otherwise single calls say that they are for replicas.
    readFrom: chance.happens(0.7) ? 'replica' : 'master',
    replicas: chance.between(1, 2),
    hasReplicaFaults: chance.happens(0.7),
    sparesMasters: chance.happens(0.4),
    chance,
  }
}

/** Where a single call reads, if it says so. */
export function exceptionOf({ readFrom, chance }: Reading): ReadFrom | undefined {
  if (readFrom === 'replica') return chance.happens(0.15) ? 'master' : undefined
  return chance.happens(0.7) ? 'replica' : undefined
}
