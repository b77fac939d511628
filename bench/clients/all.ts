import type { ConnectClient } from './client.js'

/** Bun's own client, which exists only on Bun. */
export const bunClientName = 'Bun.RedisClient'

/** The clients, by the names of their figures. Each is loaded only if it is needed. */
export const connectors: Readonly<Record<string, ConnectClient>> = {
  respite: async (target) => (await import('./respite.js')).connectRespite(target),
  ioredis: async (target) => (await import('./ioredis.js')).connectIoRedis(target),
  'ioredis auto-pipelining': async (target) => (await import('./ioredis.js')).connectAutoPipelining(target),
  iovalkey: async (target) => (await import('./ioredis.js')).connectIoValkey(target),
  'node-redis': async (target) => (await import('./node-redis.js')).connectNodeRedis(target),
  'valkey-glide': async (target) => (await import('./glide.js')).connectGlide(target),
  [bunClientName]: async (target) => (await import('./bun.js')).connectBun(target),
}

/** The clients that run on Node. */
export const nodeClients = Object.keys(connectors).filter((name) => name !== bunClientName)

/** The clients that are compared on Bun. */
export const bunClients = ['respite', bunClientName]
