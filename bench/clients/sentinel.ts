import { once } from 'node:events'
import { Redis as IoRedis } from 'ioredis'
import { createSentinel } from 'redis'
import { createClient } from '../../dist/index.js'
import type { BenchClient } from './client.js'

/** A master that sentinels know by a name. */
export interface SentinelTarget {
  readonly name: string
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
}

/** The part of a client that is measured during a failover. */
export type SentinelClient = Pick<BenchClient, 'get' | 'set' | 'close'>

/** The clients that support Sentinel, by the names of their figures, with their default options. */
export const sentinelConnectors: Readonly<Record<string, (target: SentinelTarget) => Promise<SentinelClient>>> = {
  respite: async ({ name, sentinels }) => {
    const client = createClient({ name, sentinels })
    await client.connect()
    return {
      get: (key) => client.get(key),
      set: (key, value) => client.set(key, value),
      close: () => client.close(),
    }
  },
  ioredis: async ({ name, sentinels }) => {
    const client = new IoRedis({ name, sentinels: [...sentinels] })
    // Without a listener, it prints the loss of each connection.
    client.on('error', () => {})
    await once(client, 'ready')
    return {
      get: (key) => client.get(key),
      set: (key, value) => client.set(key, value),
      close: async () => client.disconnect(),
    }
  },
  'node-redis': async ({ name, sentinels }) => {
    const client = createSentinel({ name, sentinelRootNodes: [...sentinels] })
    // Without a listener, the loss of a connection ends the process.
    client.on('error', () => {})
    await client.connect()
    return {
      get: (key) => client.get(key),
      set: (key, value) => client.set(key, value),
      close: () => client.close(),
    }
  },
}
