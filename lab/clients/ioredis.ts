import { Redis } from 'ioredis'
import type { MakeClient } from './client.js'

const events = ['connect', 'ready', 'close', 'reconnecting', 'end'] as const

/** ioredis: a client for commands, a duplicate of it for what it listens to. */
export const makeIoRedis: MakeClient = (port, { silenceLimit, connectLimit, password, database, isUnheard }, hooks) => {
  const settings = {
    ...(password !== undefined && { password }),
    ...(database !== undefined && { db: database }),
    ...(silenceLimit !== undefined && { socketTimeout: silenceLimit }),
    ...(connectLimit !== undefined && { connectTimeout: connectLimit }),
  }
  const open = (): Redis => {
    const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, ...settings })
    if (isUnheard !== true) client.on('error', () => {})
    for (const event of events) client.on(event, () => hooks.onStatus(event))
    return client
  }
  const client = open()
  const subscribers: Redis[] = []
  return {
    connect: () => client.connect(),
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    incr: (key) => client.incr(key),
    blpop: (key, seconds) => client.blpop(key, seconds),
    incrBoth: async (first, second) => {
      const results = await client.multi().incr(first).incr(second).exec()
      return results?.map(([error, value]) => {
        if (error !== null) throw error
        return value
      })
    },
    cancellable: undefined,
    subscribe: (channel, { onMessage }) => {
      const subscriber = open()
      subscribers.push(subscriber)
      subscriber.on('message', (_channel, message) => onMessage(message))
      return subscriber.subscribe(channel)
    },
    close: () => client.quit(),
    destroy: () => {
      for (const each of [client, ...subscribers]) each.disconnect()
    },
  }
}
