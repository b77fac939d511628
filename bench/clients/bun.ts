import { type Target, urlOf } from '../target.js'
import type { BenchClient } from './client.js'

/** The part of Bun's client that is measured; Bun's own types are not installed here. */
interface BunRedis {
  connect(): Promise<void>
  get(key: string): Promise<unknown>
  getBuffer(key: string): Promise<unknown>
  set(key: string, value: string | Buffer): Promise<unknown>
  mget(...keys: string[]): Promise<unknown[]>
  lrange(key: string, start: number, stop: number): Promise<unknown[]>
  hgetall(key: string): Promise<unknown>
  send(command: string, args: string[]): Promise<unknown>
  duplicate(): Promise<BunRedis>
  subscribe(channel: string, listener: () => void): Promise<unknown>
  close(): void
}

interface BunRuntime {
  readonly version: string
  readonly RedisClient: new (url: string) => BunRedis
}

/** Bun itself; undefined on any other runtime. */
export const bun = (globalThis as { Bun?: BunRuntime }).Bun

/** The client that is part of Bun. It has no transactions, and commands can't be canceled. */
export async function connectBun(target: Target): Promise<BenchClient> {
  if (bun === undefined) throw new Error('not on Bun')
  const client = new bun.RedisClient(urlOf(target))
  await client.connect()
  const opened = [client]
  return {
    name: 'Bun.RedisClient',
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    mget: (keys) => client.mget(...keys),
    lrange: (key) => client.lrange(key, 0, -1),
    hgetall: (key) => client.hgetall(key),
    xread: (key, count) => client.send('XREAD', ['COUNT', String(count), 'STREAMS', key, '0']),
    getBuffer: (key) => client.getBuffer(key),
    pipeline: (keys) => Promise.all(keys.map((key) => client.get(key))),
    subscribe: async (channels, onMessage) => {
      const subscriber = await client.duplicate()
      opened.push(subscriber)
      for (const channel of channels) await subscriber.subscribe(channel, onMessage)
    },
    close: async () => {
      for (const each of opened) each.close()
    },
  }
}
