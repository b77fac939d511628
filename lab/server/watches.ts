import type { Store } from './store.js'

interface Watch {
  readonly database: number
  readonly key: string
  readonly version: number
}

/** The keys that a connection WATCHes, and their state when it started to. */
export class Watches {
  readonly #store: Store
  readonly #watches = new Map<string, Watch>()

  constructor(store: Store) {
    this.#store = store
  }

  /** Watches a key. If it is watched already, its first state counts. */
  add(database: number, key: string): void {
    const id = `${database}:${key}`
    if (this.#watches.has(id)) return
    this.#watches.set(id, { database, key, version: this.#store.database(database).versionOf(key) })
  }

  /** Whether any of them has changed since then. */
  get isBroken(): boolean {
    return [...this.#watches.values()].some(
      ({ database, key, version }) => this.#store.database(database).versionOf(key) !== version,
    )
  }

  clear(): void {
    this.#watches.clear()
  }
}
