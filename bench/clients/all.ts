import type { ConnectClient } from './client.js'

/** Bun's own client, which there is on Bun only. */
export const bunClientName = 'Bun.RedisClient'

/** The clients, by the names their figures stand under. Each is loaded only where it is asked for. */
export const connectors: Readonly<Record<string, ConnectClient>> = {
  respite: async (target) => (await import('./respite.js')).connectRespite(target),
  ioredis: async (target) => (await import('./ioredis.js')).connectIoRedis(target),
  'ioredis auto-pipelining': async (target) => (await import('./ioredis.js')).connectAutoPipelining(target),
  iovalkey: async (target) => (await import('./ioredis.js')).connectIoValkey(target),
  'node-redis': async (target) => (await import('./node-redis.js')).connectNodeRedis(target),
  'valkey-glide': async (target) => (await import('./glide.js')).connectGlide(target),
  [bunClientName]: async (target) => (await import('./bun.js')).connectBun(target),
}

/** Those that run on Node. */
export const nodeClients = Object.keys(connectors).filter((name) => name !== bunClientName)

/** Those that run on Bun and are compared there. */
export const bunClients = ['respite', bunClientName]
