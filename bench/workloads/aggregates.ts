import { keys, streamEntries } from './data.js'
import { burst } from './shapes.js'
import type { Workload } from './workload.js'

/** Replies of many elements. */
export const aggregateWorkloads: readonly Workload[] = [
  {
    title: 'LRANGE of 1,000',
    count: 10,
    on: (client) => burst(10, () => client.lrange(keys.list)),
    targets: { ioredis: 4, iovalkey: 1.6, 'node-redis': 2 },
  },
  {
    title: 'HGETALL of 1,000 fields',
    count: 10,
    on: (client) => burst(10, () => client.hgetall(keys.hash)),
    targets: { ioredis: 4, iovalkey: 1.6, 'node-redis': 2 },
  },
  {
    title: 'XREAD of 100 entries',
    count: 10,
    on: (client) => burst(10, () => client.xread(keys.stream, streamEntries)),
  },
]
