/** The values of keys. Fields and members are latin1 strings, one character for each byte, so that any bytes can be a key of a Map. */
export interface Kinds {
  string: Buffer
  list: Buffer[]
  hash: Map<string, Buffer>
  set: Set<string>
  zset: Map<string, number>
  stream: Stream
}

/** An entry of a stream. */
export interface StreamEntry {
  readonly id: readonly [ms: number, sequence: number]
  /** Names and values alternate. */
  readonly fields: readonly Buffer[]
}

export interface Stream {
  readonly entries: StreamEntry[]
  /** The id of the last entry that was added. */
  last: StreamEntry['id']
}

export type Kind = keyof Kinds
export type Aggregate = Exclude<Kind, 'string'>

interface Entry {
  readonly kind: Kind
  /** Its type is given by `kind`. */
  readonly value: Kinds[Kind]
  /** Milliseconds of the given clock; undefined if it does not expire. */
  expiresAt: number | undefined
}

/** Thrown by `Database.read` and `Database.change`; the store replies with WRONGTYPE. */
export class WrongTypeError extends Error {
  override readonly name = 'WrongTypeError'
}

/** One database: keys, their values and expiry times, and when each was changed. */
export class Database {
  readonly now: () => number
  readonly #entries = new Map<string, Entry>()
  readonly #versions = new Map<string, number>()

  /** @param now milliseconds, for expiry */
  constructor(now: () => number) {
    this.now = now
  }

  /** The type of a key; undefined if it does not exist. */
  kindOf(key: string): Kind | undefined {
    return this.#find(key)?.kind
  }

  has(key: string): boolean {
    return this.#find(key) !== undefined
  }

  /** The value of a key; undefined if it does not exist. It must not be changed. */
  read<K extends Kind>(key: string, kind: K): Readonly<Kinds[K]> | undefined {
    const entry = this.#find(key)
    if (entry === undefined) return undefined
    if (entry.kind !== kind) throw new WrongTypeError(key)
    // The line above has checked this; TypeScript cannot infer it.
    return entry.value as Kinds[K]
  }

  /** Sets the value of a key, whatever its type was. */
  write(key: string, value: Buffer, expiresAt?: number): void {
    // A copy: a view would keep the whole received chunk in memory.
    this.#entries.set(key, { kind: 'string', value: Buffer.from(value), expiresAt })
    this.#touch(key)
  }

  /** Changes an aggregate in place. It is created if absent, and deleted if it becomes empty. */
  change<K extends Aggregate, Result>(key: string, kind: K, change: (value: Kinds[K]) => Result): Result {
    const existing = this.read(key, kind)
    const value = (existing ?? emptyAggregate(kind)) as Kinds[K]
    const result = change(value)
    if (sizeOf(value) === 0) this.delete(key)
    else {
      if (existing === undefined) this.#entries.set(key, { kind, value, expiresAt: undefined })
      this.#touch(key)
    }
    return result
  }

  /** @returns whether the key existed */
  delete(key: string): boolean {
    if (!this.has(key)) return false
    this.#entries.delete(key)
    this.#touch(key)
    return true
  }

  /** Expiry time in milliseconds of the clock; null: it does not expire; undefined: the key does not exist. */
  expiryOf(key: string): number | null | undefined {
    const entry = this.#find(key)
    return entry === undefined ? undefined : (entry.expiresAt ?? null)
  }

  /** Sets the expiry time of a key; undefined removes it. @returns whether the key exists */
  expireAt(key: string, time: number | undefined): boolean {
    const entry = this.#find(key)
    if (entry === undefined) return false
    entry.expiresAt = time
    this.#touch(key)
    return true
  }

  keys(): string[] {
    return [...this.#entries.keys()].filter((key) => this.has(key))
  }

  clear(): void {
    for (const key of this.keys()) this.delete(key)
  }

  /** A number that changes with the key. WATCH remembers it. */
  versionOf(key: string): number {
    this.#find(key)
    return this.#versions.get(key) ?? 0
  }

  #find(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry?.expiresAt === undefined || entry.expiresAt > this.now()) return entry
    this.#entries.delete(key)
    this.#touch(key)
    return undefined
  }

  #touch(key: string): void {
    this.#versions.set(key, (this.#versions.get(key) ?? 0) + 1)
  }
}

function emptyAggregate(kind: Aggregate): Kinds[Aggregate] {
  switch (kind) {
    case 'list':
      return []
    case 'hash':
      return new Map<string, Buffer>()
    case 'set':
      return new Set<string>()
    case 'zset':
      return new Map<string, number>()
    case 'stream':
      return { entries: [], last: [0, 0] }
  }
}

function sizeOf(value: Kinds[Aggregate]): number {
  // A stream is not deleted when it becomes empty.
  if ('entries' in value && 'last' in value) return 1
  return Array.isArray(value) ? value.length : value.size
}
