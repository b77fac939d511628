import { Batch, GlideClient, type GlideClientConfiguration, Logger } from '@valkey/valkey-glide'
import type { MakeClient } from './client.js'
import { makeValkeyGlideCluster } from './valkey-glide-cluster.js'

/** Milliseconds. Its default of 250 would end commands that only have to wait, the more the busier the machine is. */
const requestTimeout = 2_000

/** valkey-glide: its client in Rust, another one for what it listens to. It reports no changes of its status. */
export const makeValkeyGlide: MakeClient = (port, settings, hooks) => {
  Logger.setLoggerConfig('off')
  if (settings.seeds !== undefined) return makeValkeyGlideCluster(port, settings, hooks)
  const { silenceLimit, connectLimit, username, password, database, masterName } = settings
  const options: GlideClientConfiguration = {
    addresses: [{ host: '127.0.0.1', port }],
    ...(password !== undefined && { credentials: { password, ...(username !== undefined && { username }) } }),
    ...(database !== undefined && { databaseId: database }),
    requestTimeout: silenceLimit ?? requestTimeout,
    ...(connectLimit !== undefined && { advancedConfiguration: { connectionTimeout: connectLimit } }),
  }
  const opened: GlideClient[] = []
  let isDestroyed = false
  const open = async (more: Partial<GlideClientConfiguration> = {}): Promise<GlideClient> => {
    const client = await GlideClient.createClient({ ...options, ...more })
    opened.push(client)
    if (isDestroyed) client.close()
    return client
  }
  let shared: Promise<GlideClient> | undefined
  // Creating a client connects it. After a failure, the next call tries again.
  const client = async (): Promise<GlideClient> => {
    if (masterName !== undefined) throw new Error('valkey-glide has no support for Sentinel')
    shared ??= open().catch((error: unknown) => {
      shared = undefined
      throw error
    })
    return shared
  }
  return {
    connect: client,
    get: async (key) => (await client()).get(key),
    set: async (key, value) => (await client()).set(key, value),
    incr: async (key) => (await client()).incr(key),
    blpop: async (key, seconds) => (await client()).blpop([key], seconds),
    incrBoth: async (first, second) => (await client()).exec(new Batch(true).incr(first).incr(second), true),
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
