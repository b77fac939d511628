import type { BenchClient } from '../clients/client.js'

/**
 * The part of respite that is measured: only functions that are the same in version 0.1 and later. Newer forms must not be used here.
 */
interface CommonClient {
  connect(): Promise<unknown>
  get(key: string): Promise<unknown>
  set(key: string, value: string | Buffer): Promise<unknown>
  mget(...keys: string[]): Promise<readonly unknown[]>
  lrange(key: string, start: number, stop: number): Promise<readonly unknown[]>
  hgetall(key: string): Promise<unknown>
  call(name: string, ...args: (string | Buffer)[]): Promise<unknown>
  with(options: { readonly buffers: boolean }): { get(key: string): Promise<unknown> }
  multi(): CommonTransaction
  subscribe(
    channels: readonly string[],
    listeners: { readonly onMessage: () => void },
  ): { readonly ready: Promise<unknown> }
  close(): Promise<void>
}

interface CommonTransaction {
  incr(key: string): unknown
  exec(): Promise<unknown>
}

interface CommonPackage {
  createClient(options: { readonly host: string; readonly port: number }): CommonClient
}

/** A client of a build, on a server of this machine; not yet connected. */
export async function openClient(entry: string, port: number): Promise<CommonClient> {
  const { createClient } = (await import(entry)) as CommonPackage
  return createClient({ host: '127.0.0.1', port })
}

/** A client of a build, with its default options, as the workloads use it. */
export async function connectBuild(entry: string, port: number): Promise<BenchClient> {
  const client = await openClient(entry, port)
  await client.connect()
  const buffers = client.with({ buffers: true })
  return {
    name: 'respite',
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    mget: (keys) => client.mget(...keys),
    lrange: (key) => client.lrange(key, 0, -1),
    hgetall: (key) => client.hgetall(key),
    // Not measured, because the result of the method changed after version 0.1.
    xread: (key, count) => client.call('XREAD', 'COUNT', String(count), 'STREAMS', key, '0'),
    getBuffer: (key) => buffers.get(key),
    pipeline: (keys) => Promise.all(keys.map((key) => client.get(key))),
    multi: (keys) => {
      const transaction = client.multi()
      for (const key of keys) transaction.incr(key)
      return transaction.exec()
    },
    subscribe: async (channels, onMessage) => {
      await client.subscribe(channels, { onMessage }).ready
    },
    close: () => client.close(),
  }
}
