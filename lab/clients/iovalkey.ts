import { Cluster, Redis as IoValkey } from 'iovalkey'
import type { MakeClient } from './client.js'
import { makeLikeIoRedis } from './ioredis.js'

/** iovalkey, a fork of ioredis 5: the same methods. */
export const makeIoValkey: MakeClient = (...args) =>
  makeLikeIoRedis(
    { one: (options) => new IoValkey(options), cluster: (seeds, options) => new Cluster(seeds, options) },
    ...args,
  )
