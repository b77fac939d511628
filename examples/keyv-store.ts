import { type KeyvStorageEntry, keyvStorageCapability } from 'keyv'
import type { Client } from 'respite'

/**
 * A store for Keyv 6. The client connects with the first call; if that fails, the call rejects with the reason, and the next call tries
 * again. The store emits nothing: without a listener, Keyv would throw an `error` event that belongs to no call. Use the namespace of
 * Keyv, and not `keyPrefix`, because a scan returns whole names.
 */
export class RespiteStore {
  namespace: string | undefined
  readonly #client: Client

  /** @param client ended by `disconnect` */
  constructor(client: Client) {
    this.#client = client
  }

  /** Says that times to live are given as points in time. */
  get capabilities() {
    return keyvStorageCapability(this)
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#client.get(this.#name(key))) ?? undefined
  }

  async getMany(keys: string[]): Promise<(string | undefined)[]> {
    // MGET needs a key.
    if (keys.length === 0) return []
    const values = await this.#client.mget(keys.map((key) => this.#name(key)))
    return values.map((value) => value ?? undefined)
  }

  /** @param expires milliseconds since 1970, so that a SET that is sent again does not extend the life of the value */
  async set(key: string, value: unknown, expires?: number): Promise<boolean> {
    if (expires === undefined) await this.#client.set(this.#name(key), value as string)
    else await this.#client.set(this.#name(key), value as string, 'PXAT', Math.max(1, Math.ceil(expires)))
    return true
  }

  /** Calls of one tick leave in one write, so this takes one round trip. */
  setMany(entries: KeyvStorageEntry[]): Promise<boolean[]> {
    return Promise.all(entries.map(({ key, value, expires }) => this.set(key, value, expires)))
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#client.unlink(this.#name(key))) > 0
  }

  deleteMany(keys: string[]): Promise<boolean[]> {
    return Promise.all(keys.map((key) => this.delete(key)))
  }

  async has(key: string): Promise<boolean> {
    return (await this.#client.exists(this.#name(key))) > 0
  }

  hasMany(keys: string[]): Promise<boolean[]> {
    return Promise.all(keys.map((key) => this.has(key)))
  }

  async clear(): Promise<void> {
    for await (const name of this.#names()) await this.#client.unlink(name)
  }

  async *iterator(): AsyncGenerator<[key: string, value: string]> {
    const { length } = this.#name('')
    for await (const name of this.#names()) {
      const value = await this.#client.get(name)
      if (value !== null) yield [name.slice(length), value]
    }
  }

  disconnect(): Promise<void> {
    return this.#client.close()
  }

  #names(): AsyncIterable<string> {
    return this.#client.scanIterator({ match: `${this.#name('').replace(/[*?[\]\\]/g, '\\$&')}*` })
  }

  #name(key: string): string {
    return this.namespace === undefined ? key : `${this.namespace}:${key}`
  }
}
