import type { BenchClient, ConnectClient } from './client.js'
import { connectGlide } from './glide.js'
import { connectAutoPipelining, connectIoRedis, connectIoValkey } from './ioredis.js'
import { connectNodeRedis } from './node-redis.js'
import { connectRespite } from './respite.js'

/** The clients that run on Node, by the names their figures stand under. */
export const connectors: Readonly<Record<string, ConnectClient>> = {
  respite: connectRespite,
  ioredis: connectIoRedis,
  'ioredis auto-pipelining': connectAutoPipelining,
  iovalkey: connectIoValkey,
  'node-redis': connectNodeRedis,
  'valkey-glide': connectGlide,
}

/** Connects those that are installed. */
export async function connectAll(port: number): Promise<BenchClient[]> {
  const clients = await Promise.all(Object.values(connectors).map((connect) => connect(port)))
  return clients.filter((client) => client !== undefined)
}
