import { EventEmitter } from 'node:events'
import { type Client, type ClientOptions, createClient } from 'respite'

/** A store for Keyv. It connects with the first use, and a failure of that rejects the call: it never loops. */
export class RespiteStore extends EventEmitter {
  readonly opts: { readonly url?: string }
  namespace: string | undefined
  readonly #client: Client

  constructor(url: string, options: Omit<ClientOptions, 'url' | 'buffers' | 'maps' | 'sets' | 'integers'> = {}) {
    super()
    this.opts = { url }
    this.#client = createClient(url, options) as Client
    this.#client.on('error', (error) => {
      if (this.listenerCount('error') > 0) this.emit('error', error)
    })
  }

  async get<Value>(key: string): Promise<Value | undefined> {
    return ((await this.#client.get(this.#name(key))) ?? undefined) as Value | undefined
  }

  /** @param ttl milliseconds */
  async set(key: string, value: string, ttl?: number): Promise<boolean> {
    if (ttl === undefined) await this.#client.set(this.#name(key), value)
    else await this.#client.set(this.#name(key), value, 'PX', Math.max(1, Math.ceil(ttl)))
    return true
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#client.unlink(this.#name(key))) > 0
  }

  async has(key: string): Promise<boolean> {
    return (await this.#client.exists(this.#name(key))) > 0
  }

  async clear(): Promise<void> {
    for await (const [key] of this.iterator()) await this.delete(key)
  }

  async *iterator<Value>(): AsyncGenerator<[key: string, value: Value]> {
    const prefix = this.#name('')
    const match = `${prefix.replace(/[*?[\]\\]/g, '\\$&')}*`
    for await (const name of this.#client.scanIterator({ match })) {
      const value = await this.#client.get(name)
      if (value !== null) yield [name.slice(prefix.length), value as Value]
    }
  }

  disconnect(): Promise<void> {
    return this.#client.close()
  }

  #name(key: string): string {
    return this.namespace === undefined ? key : `${this.namespace}:${key}`
  }
}
