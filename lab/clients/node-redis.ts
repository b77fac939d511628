import { createClient } from 'redis'
import type { MakeClient } from './client.js'
import { makeNodeRedisCluster } from './node-redis-cluster.js'
import { makeNodeRedisSentinel } from './node-redis-sentinel.js'

const events = ['connect', 'ready', 'reconnecting', 'end'] as const

/** node-redis: a client for commands, a duplicate of it for what it listens to. */
export const makeNodeRedis: MakeClient = (port, settings, hooks) => {
  if (settings.seeds !== undefined) return makeNodeRedisCluster(port, settings, hooks)
  if (settings.masterName !== undefined) return makeNodeRedisSentinel(port, settings, hooks)
  const { silenceLimit, connectLimit, username, password, database, queueLimit, isUnheard } = settings
  const client = createClient({
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    ...(queueLimit !== undefined && { commandsQueueMaxLength: queueLimit }),
    socket: {
      host: '127.0.0.1',
      port,
      ...(silenceLimit !== undefined && { socketTimeout: silenceLimit }),
      ...(connectLimit !== undefined && { connectTimeout: connectLimit }),
    },
  })
  const observe = (each: typeof client): typeof client => {
    if (isUnheard !== true) each.on('error', () => {})
    for (const event of events) each.on(event, () => hooks.onStatus(event))
    return each
  }
  observe(client)
  const opened = [client]
  return {
    connect: () => client.connect(),
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    incr: (key) => client.incr(key),
    rpush: (key, element) => client.rPush(key, element),
    blpop: (key, seconds) => client.blPop(key, seconds),
    incrBoth: (first, second) => client.multi().incr(first).incr(second).exec(),
    cancellable: (signal) => {
      const view = client.withAbortSignal(signal)
      return {
        get: (key) => view.get(key),
        set: (key, value) => view.set(key, value),
        incr: (key) => view.incr(key),
        blpop: (key, seconds) => view.blPop(key, seconds),
      }
    },
    subscribe: async (channel, { onMessage }) => {
      const subscriber = observe(client.duplicate())
      opened.push(subscriber)
      await subscriber.connect()
      await subscriber.subscribe(channel, onMessage)
    },
    close: () => client.close(),
    destroy: () => {
      // It throws where there is nothing to destroy.
      for (const each of opened) if (each.isOpen) each.destroy()
    },
  }
}
