import { array, bulk, error, integer, map, nothing, ok, type ServerReply, simple } from './replies.js'

/** What a key can hold. */
interface Kinds {
  string: Buffer
  list: Buffer[]
  hash: Map<string, Buffer>
  set: Set<string>
}

interface Value {
  readonly type: keyof Kinds
  /** Of the kind that `type` names. */
  readonly value: Kinds[keyof Kinds]
}

interface Entry {
  value: Value
  /** Milliseconds of the given clock; undefined when it does not expire. */
  expiresAt: number | undefined
}

type Handler = (args: readonly Buffer[]) => ServerReply

const wrongType = error('WRONGTYPE Operation against a key holding the wrong kind of value')
const notAnInteger = error('ERR value is not an integer or out of range')
const syntaxError = error('ERR syntax error')

/** One database in memory: executes commands, knows nothing of connections. */
export class Store {
  readonly #entries = new Map<string, Entry>()
  readonly #now: () => number
  readonly #handlers: Readonly<Record<string, { readonly least: number; readonly run: Handler }>>

  /** @param now milliseconds, for expiry */
  constructor(now: () => number) {
    this.#now = now
    this.#handlers = {
      GET: { least: 2, run: ([, key]) => this.#read(key, 'string', (value) => bulk(value), nothing) },
      SET: { least: 3, run: (args) => this.#set(args) },
      DEL: { least: 2, run: ([, ...keys]) => integer(keys.filter((key) => this.#entries.delete(String(key))).length) },
      EXISTS: { least: 2, run: ([, ...keys]) => integer(keys.filter((key) => this.#find(key) !== undefined).length) },
      INCR: { least: 2, run: ([, key]) => this.#add(key, 1) },
      DECR: { least: 2, run: ([, key]) => this.#add(key, -1) },
      INCRBY: { least: 3, run: ([, key, amount]) => this.#add(key, Number(amount)) },
      APPEND: { least: 3, run: ([, key, tail]) => this.#append(key, tail as Buffer) },
      STRLEN: { least: 2, run: ([, key]) => this.#read(key, 'string', (value) => integer(value.length), integer(0)) },
      MGET: {
        least: 2,
        run: ([, ...keys]) => array(keys.map((key) => this.#read(key, 'string', (value) => bulk(value), nothing))),
      },
      RPUSH: {
        least: 3,
        run: ([, key, ...items]) => this.#change(key, 'list', (list) => list.push(...items.map(copy))),
      },
      LPUSH: {
        least: 3,
        run: ([, key, ...items]) => this.#change(key, 'list', (list) => list.unshift(...items.map(copy).reverse())),
      },
      LLEN: { least: 2, run: ([, key]) => this.#read(key, 'list', (list) => integer(list.length), integer(0)) },
      LRANGE: {
        least: 4,
        run: ([, key, start, stop]) =>
          this.#read(key, 'list', (list) => array(slice(list, Number(start), Number(stop)).map(bulk)), array([])),
      },
      HSET: { least: 4, run: ([, key, ...pairs]) => this.#change(key, 'hash', (hash) => setFields(hash, pairs)) },
      HGET: {
        least: 3,
        run: ([, key, field]) => this.#read(key, 'hash', (hash) => optional(hash.get(String(field))), nothing),
      },
      HGETALL: {
        least: 2,
        run: ([, key]) =>
          this.#read(
            key,
            'hash',
            (hash) => map([...hash].map(([field, value]) => [bulk(field), bulk(value)])),
            map([]),
          ),
      },
      SADD: { least: 3, run: ([, key, ...members]) => this.#change(key, 'set', (set) => addMembers(set, members)) },
      SMEMBERS: {
        least: 2,
        run: ([, key]) => this.#read(key, 'set', (set) => array([...set].map((member) => bulk(member))), array([])),
      },
      TYPE: { least: 2, run: ([, key]) => simple(this.#find(key)?.value.type ?? 'none') },
      EXPIRE: { least: 3, run: ([, key, seconds]) => this.#expire(key, Number(seconds) * 1_000) },
      PTTL: { least: 2, run: ([, key]) => this.#remaining(key) },
      DBSIZE: { least: 1, run: () => integer([...this.#entries.keys()].filter((key) => this.#find(key)).length) },
      FLUSHDB: {
        least: 1,
        run: () => {
          this.#entries.clear()
          return ok
        },
      },
      ECHO: { least: 2, run: ([, message]) => bulk(message as Buffer) },
      PING: { least: 1, run: ([, message]) => (message === undefined ? simple('PONG') : bulk(message)) },
    }
  }

  /** Whether there is such a command, with so many arguments; undefined means that it may run. */
  refuses(args: readonly Buffer[]): ServerReply | undefined {
    const name = String(args[0]).toUpperCase()
    const handler = this.#handlers[name]
    if (handler === undefined) return error(`ERR unknown command '${name}'`)
    if (args.length >= handler.least) return undefined
    return error(`ERR wrong number of arguments for '${name.toLowerCase()}' command`)
  }

  execute(args: readonly Buffer[]): ServerReply {
    return this.refuses(args) ?? (this.#handlers[String(args[0]).toUpperCase()]?.run(args) as ServerReply)
  }

  #find(key: Buffer | string | undefined): Entry | undefined {
    const entry = this.#entries.get(String(key))
    if (entry?.expiresAt === undefined || entry.expiresAt > this.#now()) return entry
    this.#entries.delete(String(key))
    return undefined
  }

  #read<Type extends keyof Kinds>(
    key: Buffer | undefined,
    type: Type,
    read: (value: Kinds[Type]) => ServerReply,
    absent: ServerReply,
  ): ServerReply {
    const entry = this.#find(key)
    if (entry === undefined) return absent
    if (entry.value.type !== type) return wrongType
    return read(entry.value.value as Kinds[Type])
  }

  /** Changes an aggregate, which begins empty; the change says what is answered. */
  #change<Type extends 'list' | 'hash' | 'set'>(
    key: Buffer | undefined,
    type: Type,
    change: (value: Kinds[Type]) => number,
  ): ServerReply {
    let entry = this.#find(key)
    if (entry === undefined) {
      // Made on the spot: an aggregate exists from its first element on.
      const empty = { list: [], hash: new Map<string, Buffer>(), set: new Set<string>() }[type]
      entry = { value: { type, value: empty }, expiresAt: undefined }
      this.#entries.set(String(key), entry)
    }
    if (entry.value.type !== type) return wrongType
    return integer(change(entry.value.value as Kinds[Type]))
  }

  #set(args: readonly Buffer[]): ServerReply {
    const [, key, value, ...options] = args
    const existing = this.#find(key)
    let expiresAt: number | undefined
    let answersOld = false
    for (let i = 0; i < options.length; i += 1) {
      const option = String(options[i]).toUpperCase()
      if (option === 'NX' && existing !== undefined) return nothing
      if (option === 'XX' && existing === undefined) return nothing
      if (option === 'GET') answersOld = true
      else if (option === 'KEEPTTL') expiresAt = existing?.expiresAt
      else if (option === 'EX' || option === 'PX') {
        i += 1
        expiresAt = this.#now() + Number(options[i]) * (option === 'EX' ? 1_000 : 1)
        if (!Number.isInteger(Number(options[i]))) return notAnInteger
      } else if (option !== 'NX' && option !== 'XX') return syntaxError
    }
    if (answersOld && existing !== undefined && existing.value.type !== 'string') return wrongType
    this.#entries.set(String(key), { value: { type: 'string', value: copy(value as Buffer) }, expiresAt })
    if (!answersOld) return ok
    return existing?.value.type === 'string' ? bulk(existing.value.value as Buffer) : nothing
  }

  #add(key: Buffer | undefined, amount: number): ServerReply {
    const entry = this.#find(key)
    if (entry !== undefined && entry.value.type !== 'string') return wrongType
    const before = entry === undefined ? 0 : Number(String(entry.value.value))
    if (!Number.isInteger(before) || !Number.isInteger(amount)) return notAnInteger
    const value: Value = { type: 'string', value: Buffer.from(String(before + amount)) }
    this.#entries.set(String(key), { value, expiresAt: entry?.expiresAt })
    return integer(before + amount)
  }

  #append(key: Buffer | undefined, tail: Buffer): ServerReply {
    const entry = this.#find(key)
    if (entry !== undefined && entry.value.type !== 'string') return wrongType
    const joined = Buffer.concat(entry === undefined ? [tail] : [entry.value.value as Buffer, tail])
    this.#entries.set(String(key), { value: { type: 'string', value: joined }, expiresAt: entry?.expiresAt })
    return integer(joined.length)
  }

  #expire(key: Buffer | undefined, delay: number): ServerReply {
    const entry = this.#find(key)
    if (entry === undefined) return integer(0)
    if (!Number.isInteger(delay)) return notAnInteger
    entry.expiresAt = this.#now() + delay
    return integer(1)
  }

  #remaining(key: Buffer | undefined): ServerReply {
    const entry = this.#find(key)
    if (entry === undefined) return integer(-2)
    return integer(entry.expiresAt === undefined ? -1 : Math.max(0, Math.round(entry.expiresAt - this.#now())))
  }
}

// Arguments are views of the bytes received: what is kept is copied.
const copy = (value: Buffer): Buffer => Buffer.from(value)
const optional = (value: Buffer | undefined): ServerReply => (value === undefined ? nothing : bulk(value))

function slice(list: readonly Buffer[], start: number, stop: number): Buffer[] {
  const from = start < 0 ? Math.max(0, list.length + start) : start
  const to = stop < 0 ? list.length + stop : stop
  return list.slice(from, to + 1)
}

function setFields(hash: Map<string, Buffer>, pairs: readonly Buffer[]): number {
  const before = hash.size
  for (let i = 0; i + 1 < pairs.length; i += 2) hash.set(String(pairs[i]), copy(pairs[i + 1] as Buffer))
  return hash.size - before
}

function addMembers(set: Set<string>, members: readonly Buffer[]): number {
  const before = set.size
  for (const member of members) set.add(String(member))
  return set.size - before
}
