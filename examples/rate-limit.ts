import { type RateLimitRequestHandler, rateLimit } from 'express-rate-limit'
import { type RedisReply, RedisStore } from 'rate-limit-redis'
import { type Client, type Script, script } from 'respite'

/**
 * Limits the requests of each peer, by counters that all servers share. While Redis is away, requests pass.
 * @param limit requests within the window
 * @param windowMs length of the window in milliseconds
 */
export function limitRate(client: Client, limit: number, windowMs: number): RateLimitRequestHandler {
  // A request counts once, also if the reply was lost and the script is sent again.
  const counters = client.with({ once: true, timeout: 200 })
  const scripts = new Map<string, Script<RedisReply>>()

  // The store loads its scripts when it is created, and does not try again if that fails. `run` loads a script wherever the server does
  // not have it, so here it is only remembered, and the server may start later, or again.
  async function sendCommand(command: string, ...args: string[]): Promise<RedisReply> {
    if (command === 'SCRIPT') {
      const made = script<RedisReply>(args[1] ?? '')
      scripts.set(made.sha1, made)
      return made.sha1
    }
    const [sha1 = '', , key = '', ...rest] = args
    const found = command === 'EVALSHA' ? scripts.get(sha1) : undefined
    return found === undefined ? counters.call(command, ...args) : counters.run(found, [key], rest)
  }

  return rateLimit({
    windowMs,
    limit,
    passOnStoreError: true,
    store: new RedisStore({ prefix: 'limit:', sendCommand }),
  })
}
