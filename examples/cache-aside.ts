import { type Client, RespiteError } from 'respite'

/**
 * Reads through a cache. If the cache can't be reached in time, it loads, and does not fail: a cache may be missing.
 * @param ttl seconds
 * @param load gets the value from where it belongs
 */
export async function cached<T>(client: Client, key: string, ttl: number, load: () => Promise<T>): Promise<T> {
  const cache = client.with({ timeout: 100, retry: 'never' })
  try {
    const text = await cache.get(key)
    if (text !== null) return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof RespiteError)) throw error
  }
  const value = await load()
  // Nobody waits for it. A failure costs the next caller a load.
  cache.set(key, JSON.stringify(value), 'EX', ttl).catch(() => {})
  return value
}
