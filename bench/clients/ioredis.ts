import { once } from 'node:events'
import { Redis as IoRedis } from 'ioredis'
import { Redis as IoValkey } from 'iovalkey'
import type { Target } from '../target.js'
import { type BenchClient, timeLimitMs } from './client.js'

/** ioredis with its default options. */
export const connectIoRedis = (target: Target): Promise<BenchClient> => ioRedis(target, 'ioredis', false)

/** ioredis with the option that sends the commands of a tick together. */
export const connectAutoPipelining = (target: Target): Promise<BenchClient> =>
  ioRedis(target, 'ioredis auto-pipelining', true)

/** iovalkey, a fork of ioredis 5 with the same methods. */
export async function connectIoValkey(target: Target): Promise<BenchClient> {
  const open = (commandTimeout?: number): Promise<IoRedis> => {
    const client = new IoValkey({ ...settingsOf(target), ...(commandTimeout !== undefined && { commandTimeout }) })
    // The same methods, but declared by other types.
    return ready(client as unknown as IoRedis)
  }
  return adapt('iovalkey', await open(), await open(timeLimitMs), open)
}

async function ioRedis(target: Target, name: string, enableAutoPipelining: boolean): Promise<BenchClient> {
  const settings = { ...settingsOf(target), enableAutoPipelining }
  const client = await ready(new IoRedis(settings))
  const timeLimited = await ready(new IoRedis({ ...settings, commandTimeout: timeLimitMs }))
  const limitedTo = (commandTimeout: number): Promise<IoRedis> => ready(new IoRedis({ ...settings, commandTimeout }))
  const adapted = adapt(name, client, timeLimited, limitedTo)
  // With the option, users don't create pipelines.
  return enableAutoPipelining ? { ...adapted, pipeline: (keys) => Promise.all(keys.map(adapted.get)) } : adapted
}

/** The options that ioredis and iovalkey share. */
function settingsOf({ host, port, username, password, tls }: Target) {
  return {
    host,
    port,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: {} }),
  }
}

async function ready(client: IoRedis): Promise<IoRedis> {
  // Without a listener, it prints the loss of each connection.
  client.on('error', () => {})
  await once(client, 'ready')
  return client
}

function adapt(
  name: string,
  client: IoRedis,
  timeLimited: IoRedis,
  limitedTo: (timeLimitMs: number) => Promise<IoRedis>,
): BenchClient {
  const opened = [client, timeLimited]
  return {
    name,
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    mget: (keys) => client.mget(keys),
    lrange: (key) => client.lrange(key, 0, -1),
    hgetall: (key) => client.hgetall(key),
    xread: (key, count) => client.xread('COUNT', count, 'STREAMS', key, '0'),
    getBuffer: (key) => client.getBuffer(key),
    pipeline: (keys) => {
      const pipeline = client.pipeline()
      for (const key of keys) pipeline.get(key)
      return pipeline.exec()
    },
    multi: (keys) => {
      const transaction = client.multi()
      for (const key of keys) transaction.incr(key)
      return transaction.exec()
    },
    timeLimited,
    limitedTo: async (ms) => {
      const limited = await limitedTo(ms)
      opened.push(limited)
      return limited
    },
    subscribe: async (channels, onMessage) => {
      const subscriber = client.duplicate()
      opened.push(subscriber)
      subscriber.on('message', onMessage)
      await subscriber.subscribe(...channels)
    },
    close: async () => {
      for (const each of opened) each.disconnect()
    },
  }
}
