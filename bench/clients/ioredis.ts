import { once } from 'node:events'
import { Redis as IoRedis } from 'ioredis'
import { Redis as IoValkey } from 'iovalkey'
import { type BenchClient, timeLimitMs } from './client.js'

/** ioredis with its default options. */
export const connectIoRedis = (port: number): Promise<BenchClient> => ioRedis(port, 'ioredis', false)

/** ioredis with the option that gathers the commands of a tick. */
export const connectAutoPipelining = (port: number): Promise<BenchClient> =>
  ioRedis(port, 'ioredis auto-pipelining', true)

/** iovalkey, a fork of ioredis 5 with the same methods. */
export async function connectIoValkey(port: number): Promise<BenchClient> {
  const open = (commandTimeout?: number): Promise<IoRedis> => {
    const client = new IoValkey({ host: '127.0.0.1', port, ...(commandTimeout !== undefined && { commandTimeout }) })
    // The same methods under types of its own.
    return ready(client as unknown as IoRedis)
  }
  return adapt('iovalkey', await open(), await open(timeLimitMs))
}

async function ioRedis(port: number, name: string, enableAutoPipelining: boolean): Promise<BenchClient> {
  const settings = { host: '127.0.0.1', port, enableAutoPipelining }
  const client = await ready(new IoRedis(settings))
  const timeLimited = await ready(new IoRedis({ ...settings, commandTimeout: timeLimitMs }))
  const adapted = adapt(name, client, timeLimited)
  // Its users leave pipelines to the option.
  return enableAutoPipelining ? { ...adapted, pipeline: (keys) => Promise.all(keys.map(adapted.get)) } : adapted
}

async function ready(client: IoRedis): Promise<IoRedis> {
  await once(client, 'ready')
  return client
}

function adapt(name: string, client: IoRedis, timeLimited: IoRedis): BenchClient {
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
