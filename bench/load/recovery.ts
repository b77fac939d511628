/** How a client came back after its server was killed. */
export interface Recovery {
  /** Milliseconds from the moment at which the server took connections again: to the first reply. */
  readonly firstReply: number
  /** The same, to nine tenths of the rate before; undefined if that was not reached. */
  readonly fullRate: number | undefined
  /** Commands that failed. */
  readonly failed: number
}

/** Milliseconds over which a rate is taken. */
export const bucketMs = 20

/**
 * @param buckets replies in each 20 ms
 * @param killed number of the bucket in which the server was killed
 * @param ready number of the bucket in which it took connections again
 */
export function recoveryOf(buckets: readonly number[], killed: number, ready: number, failed: number): Recovery {
  // The first half is for the compiler.
  const before = buckets.slice(killed >> 1, killed)
  const rate = before.reduce((sum, count) => sum + count, 0) / before.length
  const after = buckets.slice(ready)
  const first = after.findIndex((count) => count > 0)
  // A single bucket may hold replies that were kept back.
  const full = after.findIndex((count, at) => count >= 0.9 * rate && (after[at + 1] ?? 0) >= 0.9 * rate)
  return {
    firstReply: first < 0 ? Infinity : first * bucketMs,
    fullRate: full < 0 ? undefined : full * bucketMs,
    failed,
  }
}
