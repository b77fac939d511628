import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect } from 'vitest'

/** The resources that keep this process alive, counted by type. */
export function resources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** Tolerates the test runner's own timers: a leak of one in a thousand would exceed them. */
const runners = 3

export function expectNoMore(late: Record<string, number>, early: Record<string, number>): void {
  for (const [kind, count] of Object.entries(late))
    expect(count, kind).toBeLessThanOrEqual((early[kind] ?? 0) + runners)
}

/** Bytes in use after garbage collection. */
export async function bytesInUse(): Promise<{ heap: number; buffers: number }> {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('run by npm run test:long: node needs --expose-gc')
  // The second collection frees what finalizers of the first one released.
  gc()
  await nextTurn()
  gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { heap: heapUsed, buffers: arrayBuffers }
}
