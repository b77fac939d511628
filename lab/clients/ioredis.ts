import { Cluster, Redis } from 'ioredis'
import type { LabClient, MakeClient } from './client.js'

const events = ['connect', 'ready', 'close', 'reconnecting', 'end'] as const

/** ioredis: a client for commands, another one for what it listens to. */
export const makeIoRedis: MakeClient = (...args) =>
  makeLikeIoRedis(
    { one: (options) => new Redis(options), cluster: (seeds, options) => new Cluster(seeds, options) },
    ...args,
  )

interface Address {
  readonly host: string
  readonly port: number
}

/** How a client is made, for one server or for a cluster. */
interface Makers {
  one(options: Options): unknown
  cluster(seeds: Address[], options: Pick<Options, 'lazyConnect'>): unknown
}

/** Options that ioredis and iovalkey have in common. */
interface Options {
  readonly host?: string
  readonly port?: number
  readonly sentinels?: Address[]
  readonly name?: string
  readonly lazyConnect: boolean
  readonly username?: string
  readonly password?: string
  readonly db?: number
  readonly socketTimeout?: number
  readonly connectTimeout?: number
}

/** A client with the methods and options of ioredis. */
export function makeLikeIoRedis(make: Makers, ...[port, settings, hooks]: Parameters<MakeClient>): LabClient {
  const { silenceLimit, connectLimit, username, password, database, isUnheard, masterName, seeds } = settings
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
    // A cluster has the same methods, and so has iovalkey, under their own types.
    const client = (
      seeds === undefined
        ? make.one(options)
        : make.cluster(
            seeds.map((each) => ({ host: '127.0.0.1', port: each })),
            { lazyConnect: true },
          )
    ) as Redis
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
    rpush: (key, element) => client.rpush(key, element),
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
