import { createSentinel } from 'redis'
import type { MakeClient } from './client.js'

/** node-redis behind a sentinel: a class of its own, with the same commands. */
export const makeNodeRedisSentinel: MakeClient = (port, { isUnheard, masterName = '' }, hooks) => {
  const client = createSentinel({ name: masterName, sentinelRootNodes: [{ host: '127.0.0.1', port }] })
  if (isUnheard !== true) client.on('error', () => {})
  client.on('topology-change', (event: { readonly type: string }) => hooks.onStatus(event.type))
  return {
    connect: () => client.connect(),
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    incr: (key) => client.incr(key),
    blpop: (key, seconds) => client.blPop(key, seconds),
    subscribe: (channel, { onMessage }) => client.subscribe(channel, onMessage),
    close: () => client.close(),
    destroy: () => void client.destroy(),
  }
}
