import { createCluster } from '../../src/cluster.js'
import type { MakeClient } from './client.js'

/** respite in a cluster. */
export const makeRespiteCluster: MakeClient = (_port, { isUnheard, seeds = [] }, hooks) => {
  const cluster = createCluster(seeds.map((port) => ({ host: '127.0.0.1', port })))
  cluster.on('status', (status) => hooks.onStatus(status))
  if (isUnheard !== true) cluster.on('error', () => {})
  return {
    connect: () => cluster.connect(),
    get: (key) => cluster.get(key),
    set: (key, value) => cluster.set(key, value),
    incr: (key) => cluster.incr(key),
    rpush: (key, element) => cluster.rpush(key, element),
    blpop: (key, seconds) => cluster.blpop(key, seconds),
    incrBoth: (first, second) => cluster.multi().incr(first).incr(second).exec(),
    subscribe: (channel, { onMessage, onGap }) =>
      cluster.subscribe(channel, { onMessage: ({ message }) => onMessage(message), onGap }).ready,
    close: () => cluster.close(),
    destroy: () => cluster.destroy(),
  }
}
