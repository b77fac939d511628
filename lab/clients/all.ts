import type { MakeClient } from './client.js'
import { makeIoRedis } from './ioredis.js'
import { makeNodeRedis } from './node-redis.js'
import { makeRespite } from './respite.js'

/** The clients of the lab, by name, in the order in which they are shown. */
export const clients: Readonly<Record<string, MakeClient>> = {
  respite: makeRespite,
  ioredis: makeIoRedis,
  'node-redis': makeNodeRedis,
}
