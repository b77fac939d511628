import { readFileSync } from 'node:fs'
import type { Target } from '../target.js'
import { type BenchClient, timeLimitMs } from './client.js'

/**
 * valkey-glide: a client in Rust with separate threads. It has its default options, except for two limits that these workloads would
 * exceed: 1,000 commands in flight, and 250 ms for a command.
 *
 * @returns undefined if its binary for this platform is not installed
 */
export async function connectGlide({ host, port, username, password, tls }: Target): Promise<BenchClient | undefined> {
  const glide = await import('@valkey/valkey-glide').catch(() => undefined)
  if (glide === undefined) return undefined
  const { Batch, Decoder, GlideClient, Logger } = glide
  Logger.setLoggerConfig('off')
  // It does not read this variable of Node.
  const authority = process.env.NODE_EXTRA_CA_CERTS
  const settings = {
    addresses: [{ host, port }],
    useTLS: tls,
    ...(tls &&
      authority !== undefined && {
        advancedConfiguration: { tlsAdvancedConfiguration: { rootCertificates: readFileSync(authority) } },
      }),
    ...(password !== undefined && { credentials: { password, ...(username !== undefined && { username }) } }),
    requestTimeout: timeLimitMs,
    inflightRequestsLimit: 1_000_000,
  }
  const client = await GlideClient.createClient(settings)
  const opened = [client]
  return {
    name: 'valkey-glide',
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    mget: (keys) => client.mget(keys),
    lrange: (key) => client.lrange(key, 0, -1),
    hgetall: (key) => client.hgetall(key),
    xread: (key, count) => client.xread({ [key]: '0' }, { count }),
    getBuffer: (key) => client.get(key, { decoder: Decoder.Bytes }),
    pipeline: (keys) => {
      const batch = new Batch(false)
      for (const key of keys) batch.get(key)
      return client.exec(batch, true)
    },
    multi: (keys) => {
      const batch = new Batch(true)
      for (const key of keys) batch.incr(key)
      return client.exec(batch, true)
    },
    // There, every command has a time limit.
    timeLimited: client,
    subscribe: async (channels, onMessage) => {
      const subscriber = await GlideClient.createClient({
        ...settings,
        pubsubSubscriptions: { channelsAndPatterns: {}, callback: onMessage },
      })
      opened.push(subscriber)
      await subscriber.subscribe(channels, 10_000)
    },
    close: async () => {
      for (const each of opened) each.close()
    },
  }
}
