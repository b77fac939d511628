// Its declarations name every type that the compiler infers here: each must be exported.
import { type Client, createClient } from 'respite'
import { createClient as createCoreClient } from 'respite/core'

export const client = createClient('redis://localhost', { buffers: true, maps: 'map', integers: 'bigint' })
export const core = createCoreClient({ url: 'redis://localhost' })
export const view = client.with({ timeout: 200, sets: 'set' })
export const options = { retry: 'read', blocking: { maxConnections: 4 } } as const

export const commands = (plain: Client) => ({
  get: plain.get('k'),
  all: client.hgetall('h'),
  members: view.smembers('s'),
  count: client.incr('n'),
  entries: plain.xrange('x', '-', '+'),
  read: plain.xread('COUNT', 10, 'STREAMS', 'x', '0'),
  scanned: plain.scan('0'),
  scores: plain.zrange('z', 0, -1, 'WITHSCORES'),
  info: plain.xinfoStream('x'),
  clients: plain.clientList(),
  any: plain.call('GET', 'k'),
  keys: plain.scanIterator({ match: '*' }),
  transaction: plain.multi().incr('n').get('k').hgetall('h'),
  results: plain.multi().incr('n').get('k').exec(),
  once: plain.with({ once: true }).incr('n'),
  receipt: plain.receipt('id', 'k'),
  subscription: plain.subscribe('news'),
  buffers: plain.psubscribe('news.*', { buffers: true }),
  session: plain.session((session) => session.watch('k')),
  guarded: plain.transaction('k', (session) => session.multi().incr('k')),
  stats: plain.stats(),
  inFlight: plain.inFlight(),
  core: core.multi().call('GET', 'k').exec(),
})

export class Shop extends (await import('respite')).Client {
  stock() {
    return this.hget('stock', 'apples')
  }
}
