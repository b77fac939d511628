import { createClient, RespiteError } from '../../src/index.js'
import type { LabClient, MakeClient } from './client.js'

/** respite: one client for everything. */
export const makeRespite: MakeClient = (port, { silenceLimit, connectLimit, isUnheard, masterName }, hooks) => {
  const client = createClient({
    ...(masterName === undefined
      ? { host: '127.0.0.1', port }
      : { sentinels: [{ host: '127.0.0.1', port }], name: masterName }),
    ...(silenceLimit !== undefined && { stallTimeout: silenceLimit }),
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
    blpop: (key, seconds) => client.blpop(key, seconds),
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
