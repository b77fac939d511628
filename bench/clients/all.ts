import type { ConnectClient } from './client.js'

/** Bun's own client, which there is on Bun only. */
export const bunClientName = 'Bun.RedisClient'

/** The clients, by the names their figures stand under. Each is loaded only where it is asked for. */
export const connectors: Readonly<Record<string, ConnectClient>> = {
  respite: async (port) => (await import('./respite.js')).connectRespite(port),
  ioredis: async (port) => (await import('./ioredis.js')).connectIoRedis(port),
  'ioredis auto-pipelining': async (port) => (await import('./ioredis.js')).connectAutoPipelining(port),
  iovalkey: async (port) => (await import('./ioredis.js')).connectIoValkey(port),
  'node-redis': async (port) => (await import('./node-redis.js')).connectNodeRedis(port),
  'valkey-glide': async (port) => (await import('./glide.js')).connectGlide(port),
  [bunClientName]: async (port) => (await import('./bun.js')).connectBun(port),
}

/** Those that run on Node. */
export const nodeClients = Object.keys(connectors).filter((name) => name !== bunClientName)

/** Those that run on Bun and are compared there. */
export const bunClients = ['respite', bunClientName]
