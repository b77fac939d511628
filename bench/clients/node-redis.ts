import { createClient, RESP_TYPES } from 'redis'
import type { Target } from '../target.js'
import { type BenchClient, timeLimitMs } from './client.js'

/** node-redis with its default options. */
export async function connectNodeRedis({ host, port, username, password, tls }: Target): Promise<BenchClient> {
  const client = createClient({
    // Two forms, because the type of the one without TLS has no field `tls`.
    socket: tls ? { host, port, tls } : { host, port },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  })
  // Without a listener, the loss of a connection ends the process.
  client.on('error', () => {})
  await client.connect()
  const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
  const opened: { close(): Promise<unknown> }[] = [client]
  return {
    name: 'node-redis',
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    mget: (keys) => client.mGet(keys),
    lrange: (key) => client.lRange(key, 0, -1),
    hgetall: (key) => client.hGetAll(key),
    xread: (key, count) => client.xRead({ key, id: '0' }, { COUNT: count }),
    getBuffer: (key) => buffers.get(key),
    // Its README recommends this: commands of the same tick are sent together.
    pipeline: (keys) => Promise.all(keys.map((key) => client.get(key))),
    multi: (keys) => {
      const transaction = client.multi()
      for (const key of keys) transaction.incr(key)
      return transaction.exec()
    },
    cancellable: (signal) => client.withAbortSignal(signal),
    limitedTo: (timeout) => client.withCommandOptions({ timeout }),
    timeLimited: client.withCommandOptions({ timeout: timeLimitMs }),
    subscribe: async (channels, onMessage) => {
      const subscriber = client.duplicate()
      await subscriber.connect()
      opened.push(subscriber)
      await subscriber.subscribe([...channels], onMessage)
    },
    close: async () => {
      await Promise.all(opened.map((each) => each.close()))
    },
  }
}
