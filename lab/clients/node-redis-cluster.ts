import { createCluster } from 'redis'
import type { MakeClient } from './client.js'

const events = ['connect', 'node-ready', 'node-reconnecting', 'node-disconnect', 'disconnect'] as const

/** node-redis in a cluster. */
export const makeNodeRedisCluster: MakeClient = (_port, { isUnheard, seeds = [] }, hooks) => {
  const cluster = createCluster({ rootNodes: seeds.map((port) => ({ socket: { host: '127.0.0.1', port } })) })
  if (isUnheard !== true) cluster.on('error', () => {})
  for (const event of events) cluster.on(event, () => hooks.onStatus(event))
  return {
    connect: () => cluster.connect(),
    get: (key) => cluster.get(key),
    set: (key, value) => cluster.set(key, value),
    incr: (key) => cluster.incr(key),
    rpush: (key, element) => cluster.rPush(key, element),
    blpop: (key, seconds) => cluster.blPop(key, seconds),
    incrBoth: (first, second) => cluster.multi().incr(first).incr(second).exec(),
    subscribe: (channel, { onMessage }) => cluster.subscribe(channel, onMessage),
    close: () => cluster.close(),
    destroy: () => {
      // It throws where there is nothing to destroy.
      if (cluster.isOpen) cluster.destroy()
    },
  }
}
