import { createClient, RespiteError } from '../../src/index.js'
import type { LabClient, MakeClient } from './client.js'
import { makeRespiteCluster } from './respite-cluster.js'

/** respite: one client for everything. */
export const makeRespite: MakeClient = (port, settings, hooks) => {
  if (settings.seeds !== undefined) return makeRespiteCluster(port, settings, hooks)
  const { silenceLimit, connectLimit, username, password, database } = settings
  const { queueLimit, replyLimit, isUnheard, masterName } = settings
  const client = createClient({
    ...(masterName === undefined
      ? { host: '127.0.0.1', port }
      : { sentinels: [{ host: '127.0.0.1', port }], name: masterName }),
    ...(silenceLimit !== undefined && { stallTimeout: silenceLimit }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    ...(queueLimit !== undefined && { maxQueued: queueLimit }),
    ...(replyLimit !== undefined && { limits: { bulkBytes: replyLimit } }),
    ...(connectLimit !== undefined && { connectDeadline: connectLimit }),
  })
  client.on('status', (status) => hooks.onStatus(status))
  if (isUnheard !== true) client.on('error', () => {})
  const cancellable: LabClient['cancellable'] = (signal) => client.with({ signal })
  return {
    connect: () => client.connect(),
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    incr: (key) => client.incr(key),
    rpush: (key, element) => client.rpush(key, element),
    blpop: (key, seconds) => client.blpop(key, seconds),
    incrBoth: (first, second) => client.multi().incr(first).incr(second).exec(),
    cancellable,
    incrOnce: (key) => client.with({ once: true }).incr(key),
    whenFinal: async (error) => {
      if (error instanceof RespiteError && (await error.fenced) === false) throw error
    },
    subscribe: (channel, { onMessage, onGap }) =>
      client.subscribe(channel, { onMessage: ({ message }) => onMessage(message), onGap }).ready,
    close: () => client.close(),
    destroy: () => client.destroy(),
  }
}
