/** How a client recovered after its server was killed. */
export interface Recovery {
  /** Milliseconds from the moment at which a server was available again, to the first reply. */
  readonly firstReply: number
  /** The same, to nine tenths of the rate before; undefined if it was not reached. */
  readonly fullRate: number | undefined
  /** Commands that were rejected, or not answered at the end. */
  readonly failed: number
}

/** Milliseconds of a bucket: a rate is computed from the replies in it. */
export const bucketMs = 20

/**
 * @param buckets replies in each 20 ms
 * @param killed number of the bucket in which the server was killed
 * @param ready number of the bucket in which a server was available again
 */
export function recoveryOf(buckets: readonly number[], killed: number, ready: number, failed: number): Recovery {
  // The first half is left out: the compiler optimizes meanwhile.
  const before = buckets.slice(killed >> 1, killed)
  const rate = before.reduce((sum, count) => sum + count, 0) / before.length
  const after = buckets.slice(ready)
  const first = after.findIndex((count) => count > 0)
  // A single bucket may contain delayed replies.
  const full = after.findIndex((count, at) => count >= 0.9 * rate && (after[at + 1] ?? 0) >= 0.9 * rate)
  return {
    firstReply: first < 0 ? Infinity : first * bucketMs,
    fullRate: full < 0 ? undefined : full * bucketMs,
    failed,
  }
}
