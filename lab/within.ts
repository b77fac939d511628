import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves as the promise does, or with another value when that takes longer than so many milliseconds. */
export async function within<T, U>(limitMs: number, promise: Promise<T>, otherwise: U): Promise<T | U> {
  const settled = new AbortController()
  const limit = sleep(limitMs, otherwise, { signal: settled.signal })
  // Aborted, it has lost the race already.
  limit.catch(() => {})
  try {
    return await Promise.race([promise, limit])
  } finally {
    settled.abort()
  }
}
