import { randomUUID } from 'node:crypto'
import { type Client, script } from 'respite'

const release = script<number>("return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1]) or 0")

const acquire = script<number | null>(`
  if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return redis.call('INCR', KEYS[2]) end
  return nil`)

/** A lock that was acquired. */
export interface Lock {
  /**
   * A number that grows with each owner. Whatever the lock protects must refuse writes with a smaller number than the largest it has
   * seen: the lock may have expired without its owner knowing.
   */
  readonly fencingToken: number
  release(): Promise<void>
}

/**
 * @param ttl milliseconds after which the lock is free even if its owner has not released it
 * @returns undefined if somebody else has it
 */
export async function lock(client: Client, name: string, ttl: number): Promise<Lock | undefined> {
  const owner = randomUUID()
  const key = `lock:{${name}}`
  // Run once: a try whose reply was lost must not count as somebody else's lock.
  const once = client.with({ once: true, timeout: ttl })
  const fencingToken = await once.run(acquire, [key, `${key}:token`], [owner, ttl])
  if (fencingToken === null) return undefined
  return {
    fencingToken,
    async release() {
      await client.with({ retry: 'always' }).run(release, [key], [owner])
    },
  }
}
