import type { Store } from './store.js'

interface Watch {
  readonly database: number
  readonly key: string
  readonly version: number
}

/** The keys that one connection WATCHes, and how they were when it began to. */
export class Watches {
  readonly #store: Store
  readonly #watches = new Map<string, Watch>()

  constructor(store: Store) {
    this.#store = store
  }

  /** Watches a key; one that is watched already stays as it was seen first. */
  add(database: number, key: string): void {
    const id = `${database}:${key}`
    if (this.#watches.has(id)) return
    this.#watches.set(id, { database, key, version: this.#store.database(database).versionOf(key) })
  }

  /** Whether any of them has changed since. */
  get isBroken(): boolean {
    return [...this.#watches.values()].some(
      ({ database, key, version }) => this.#store.database(database).versionOf(key) !== version,
    )
  }

  clear(): void {
    this.#watches.clear()
  }
}
