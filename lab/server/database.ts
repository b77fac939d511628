/** What a key can hold. Fields and members are latin1 strings: one character a byte, so that any bytes can be a key of a Map. */
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
  /** Names and values in turn. */
  readonly fields: readonly Buffer[]
}

export interface Stream {
  readonly entries: StreamEntry[]
  /** The id of the last entry there ever was. */
  last: StreamEntry['id']
}

export type Kind = keyof Kinds
export type Aggregate = Exclude<Kind, 'string'>

interface Entry {
  readonly kind: Kind
  /** Of the kind that `kind` names. */
  readonly value: Kinds[Kind]
  /** Milliseconds of the given clock; undefined when it does not expire. */
  expiresAt: number | undefined
}

/** Thrown by `Database.read` and `Database.change`; the store makes the WRONGTYPE reply of it. */
export class WrongTypeError extends Error {
  override readonly name = 'WrongTypeError'
}

/** One database: keys, their values, when they expire, and which have changed since when. */
export class Database {
  readonly now: () => number
  readonly #entries = new Map<string, Entry>()
  readonly #versions = new Map<string, number>()

  /** @param now milliseconds, for expiry */
  constructor(now: () => number) {
    this.now = now
  }

  /** The kind of a key's value; undefined when there is no such key. */
  kindOf(key: string): Kind | undefined {
    return this.#find(key)?.kind
  }

  has(key: string): boolean {
    return this.#find(key) !== undefined
  }

  /** Its value; undefined when there is no such key. Not to be changed. */
  read<K extends Kind>(key: string, kind: K): Readonly<Kinds[K]> | undefined {
    const entry = this.#find(key)
    if (entry === undefined) return undefined
    if (entry.kind !== kind) throw new WrongTypeError(key)
    // The kind was compared: TypeScript can't follow the correlation.
    return entry.value as Kinds[K]
  }

  /** Replaces a key's value, whatever kind it was of. */
  write(key: string, value: Buffer, expiresAt?: number): void {
    // A copy: what came is a view of the bytes received, all of which it would keep alive.
    this.#entries.set(key, { kind: 'string', value: Buffer.from(value), expiresAt })
    this.#touch(key)
  }

  /** Changes an aggregate in place: made when absent, gone when it has become empty. */
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

  /** @returns whether there was such a key */
  delete(key: string): boolean {
    if (!this.has(key)) return false
    this.#entries.delete(key)
    this.#touch(key)
    return true
  }

  /** Milliseconds of the clock; null when the key stays for good, undefined when there is no such key. */
  expiryOf(key: string): number | null | undefined {
    const entry = this.#find(key)
    return entry === undefined ? undefined : (entry.expiresAt ?? null)
  }

  /** Sets a key's time to go, or with undefined lets it stay. @returns whether there is such a key */
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

  /** A number that changes whenever the key does: what WATCH remembers. */
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
  // A stream stays when it has become empty: only its size as a key counts.
  if ('entries' in value && 'last' in value) return 1
  return Array.isArray(value) ? value.length : value.size
}
