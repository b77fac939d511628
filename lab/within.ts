import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves like the promise, or with another value if the promise takes longer than the limit. */
export async function within<T, U>(limitMs: number, promise: Promise<T>, otherwise: U): Promise<T | U> {
  const settled = new AbortController()
  const limit = sleep(limitMs, otherwise, { signal: settled.signal })
  // It is aborted when the promise has settled first.
  limit.catch(() => {})
  try {
    return await Promise.race([promise, limit])
  } finally {
    settled.abort()
  }
}
