import { type Client, createClient } from '../../dist/index.js'
import type { Target } from '../target.js'
import { type BenchClient, timeLimitMs } from './client.js'

/** respite with its default options. */
export async function connectRespite({ tls, ...target }: Target): Promise<BenchClient> {
  const client = createClient({ ...target, ...(tls && { tls }) })
  await client.connect()
  const buffers = client.with({ buffers: true })
  const subscribe = subscriberOf(client)
  return {
    name: 'respite',
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    mget: (keys) => client.mget(keys),
    lrange: (key) => client.lrange(key, 0, -1),
    hgetall: (key) => client.hgetall(key),
    xread: (key, count) =>
      count === undefined ? client.xread('STREAMS', key, '0') : client.xread('COUNT', count, 'STREAMS', key, '0'),
    getBuffer: (key) => buffers.get(key),
    pipeline: (keys) => Promise.all(keys.map((key) => client.get(key))),
    multi: (keys) => {
      const transaction = client.multi()
      for (const key of keys) transaction.incr(key)
      return transaction.exec()
    },
    cancellable: (signal) => client.with({ signal }),
    limitedTo: (timeout) => client.with({ timeout }),
    timeLimited: client.with({ timeout: timeLimitMs }),
    ...(subscribe && { subscribe }),
    close: () => client.close(),
  }
}

interface Subscribing {
  subscribe?(channels: readonly string[], listeners: { onMessage(message: unknown): void }): { ready: Promise<unknown> }
}

/** Undefined if the client has no subscriptions; the workload then has no line for it. */
function subscriberOf(client: Client): BenchClient['subscribe'] {
  const subscribing = client as unknown as Subscribing
  if (typeof subscribing.subscribe !== 'function') return undefined
  return async (channels, onMessage) => {
    await subscribing.subscribe?.(channels, { onMessage }).ready
  }
}
