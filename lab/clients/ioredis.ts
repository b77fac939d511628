import { Redis } from 'ioredis'
import type { LabClient, MakeClient } from './client.js'

const events = ['connect', 'ready', 'close', 'reconnecting', 'end'] as const

/** ioredis: a client for commands, another one for what it listens to. */
export const makeIoRedis: MakeClient = (...args) => makeLikeIoRedis((options) => new Redis(options), ...args)

/** Options that ioredis and iovalkey have in common. */
interface Options {
  readonly host?: string
  readonly port?: number
  readonly sentinels?: { host: string; port: number }[]
  readonly name?: string
  readonly lazyConnect: boolean
  readonly username?: string
  readonly password?: string
  readonly db?: number
  readonly socketTimeout?: number
  readonly connectTimeout?: number
}

/** A client with the methods and options of ioredis. */
export function makeLikeIoRedis(
  create: (options: Options) => unknown,
  ...[port, settings, hooks]: Parameters<MakeClient>
): LabClient {
  const { silenceLimit, connectLimit, username, password, database, isUnheard, masterName } = settings
  const address = { host: '127.0.0.1', port }
  const options = {
    ...(masterName === undefined ? address : { sentinels: [address], name: masterName }),
    lazyConnect: true,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { db: database }),
    ...(silenceLimit !== undefined && { socketTimeout: silenceLimit }),
    ...(connectLimit !== undefined && { connectTimeout: connectLimit }),
  }
  const open = (): Redis => {
    // iovalkey has the same methods, under its own types.
    const client = create(options) as Redis
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
