import { ClusterBatch, GlideClusterClient } from '@valkey/valkey-glide'
import type { MakeClient } from './client.js'

/** Milliseconds. A failover takes longer than its default of 250, and than what the lab gives it for one server. */
const requestTimeout = 8_000

/** valkey-glide in a cluster. It reports no changes of its status. */
export const makeValkeyGlideCluster: MakeClient = (_port, { seeds = [] }) => {
  const addresses = seeds.map((port) => ({ host: '127.0.0.1', port }))
  const opened: GlideClusterClient[] = []
  let isDestroyed = false
  const open = async (more: Partial<Parameters<typeof GlideClusterClient.createClient>[0]> = {}) => {
    const client = await GlideClusterClient.createClient({ addresses, requestTimeout, ...more })
    opened.push(client)
    if (isDestroyed) client.close()
    return client
  }
  let shared: Promise<GlideClusterClient> | undefined
  // Creating a client connects it.
  const client = (): Promise<GlideClusterClient> => {
    shared ??= open()
    return shared
  }
  return {
    connect: client,
    get: async (key) => (await client()).get(key),
    set: async (key, value) => (await client()).set(key, value),
    incr: async (key) => (await client()).incr(key),
    rpush: async (key, element) => (await client()).rpush(key, [element]),
    blpop: async (key, seconds) => (await client()).blpop([key], seconds),
    incrBoth: async (first, second) => (await client()).exec(new ClusterBatch(true).incr(first).incr(second), true),
    subscribe: (channel, { onMessage }) =>
      open({
        pubsubSubscriptions: {
          // 0: a channel by its exact name.
          channelsAndPatterns: { 0: new Set([channel]) },
          callback: ({ message }) => onMessage(String(message)),
        },
      }),
    close: async () => (await client()).close(),
    destroy: () => {
      isDestroyed = true
      for (const each of opened) each.close()
    },
  }
}
