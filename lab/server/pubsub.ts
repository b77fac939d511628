import { keyOf } from './arguments.js'
import { globPattern } from './glob.js'
import { bulk, integer, nothing, push, type ServerReply } from './reply.js'

/** A connection that receives messages. */
export interface Audience {
  tell(reply: ServerReply): void
}

type Kind = 'channel' | 'pattern' | 'shard'

interface Verb {
  readonly kind: Kind
  readonly action: 'subscribe' | 'unsubscribe'
}

/** The commands of subscriptions. */
export const subscriptionVerbs: Readonly<Record<string, Verb>> = {
  SUBSCRIBE: { kind: 'channel', action: 'subscribe' },
  UNSUBSCRIBE: { kind: 'channel', action: 'unsubscribe' },
  PSUBSCRIBE: { kind: 'pattern', action: 'subscribe' },
  PUNSUBSCRIBE: { kind: 'pattern', action: 'unsubscribe' },
  SSUBSCRIBE: { kind: 'shard', action: 'subscribe' },
  SUNSUBSCRIBE: { kind: 'shard', action: 'unsubscribe' },
}

/** Subscribers by channel. Names are latin1 strings, one character for each byte. */
export class Broadcasts {
  readonly #topics: Readonly<Record<Kind, Map<string, Set<Audience>>>> = {
    channel: new Map(),
    pattern: new Map(),
    shard: new Map(),
  }

  /** The number of subscriptions of a connection. In RESP2, with one or more, it may run no other commands. */
  countOf(audience: Audience): number {
    return (['channel', 'pattern', 'shard'] as const).reduce(
      (sum, kind) => sum + this.#namesOf(kind, audience).length,
      0,
    )
  }

  /** Runs one command, and sends the connection a confirmation for each name. */
  carryOut(command: string, names: readonly Buffer[], audience: Audience): void {
    const { kind, action } = subscriptionVerbs[command] as Verb
    const all = action === 'unsubscribe' && names.length === 0 ? this.#namesOf(kind, audience) : names.map(keyOf)
    if (all.length === 0) audience.tell(this.#confirmation(command, undefined, kind, audience))
    for (const name of all) {
      if (action === 'subscribe') this.#add(kind, name, audience)
      else this.#remove(kind, name, audience)
      audience.tell(this.#confirmation(command, name, kind, audience))
    }
  }

  /** The connections with a subscription to a channel: by its name, by a pattern, or as a shard channel. */
  audienceOf(channel: Buffer): Set<Audience> {
    const name = keyOf(channel)
    const { channel: byName, pattern: byPattern, shard: byShard } = this.#topics
    const matching = [...byPattern].filter(([pattern]) => globPattern(pattern).test(name))
    return new Set([
      ...(byName.get(name) ?? []),
      ...matching.flatMap(([, audiences]) => [...audiences]),
      ...(byShard.get(name) ?? []),
    ])
  }

  /** @returns the number of receivers */
  publish(channel: Buffer, message: Buffer): number {
    const name = keyOf(channel)
    let count = 0
    for (const audience of this.#topics.channel.get(name) ?? []) {
      audience.tell(push([bulk('message'), bulk(channel), bulk(message)]))
      count += 1
    }
    for (const [pattern, audiences] of this.#topics.pattern) {
      if (!globPattern(pattern).test(name)) continue
      for (const audience of audiences) {
        audience.tell(push([bulk('pmessage'), latin1(pattern), bulk(channel), bulk(message)]))
        count += 1
      }
    }
    return count
  }

  /** @returns the number of receivers */
  publishToShard(channel: Buffer, message: Buffer): number {
    const audiences = this.#topics.shard.get(keyOf(channel)) ?? new Set()
    for (const audience of audiences) audience.tell(push([bulk('smessage'), bulk(channel), bulk(message)]))
    return audiences.size
  }

  /** The slots of these shard channels are at another server of the cluster now: their subscriptions end. */
  endShards(hasLeft: (channel: Buffer) => boolean): void {
    for (const [name, audiences] of [...this.#topics.shard]) {
      if (!hasLeft(Buffer.from(name, 'latin1'))) continue
      for (const audience of [...audiences]) {
        this.#remove('shard', name, audience)
        audience.tell(this.#confirmation('SUNSUBSCRIBE', name, 'shard', audience))
      }
    }
  }

  /** The connection was closed. */
  forget(audience: Audience): void {
    for (const kind of ['channel', 'pattern', 'shard'] as const) {
      for (const name of this.#namesOf(kind, audience)) this.#remove(kind, name, audience)
    }
  }

  #confirmation(command: string, name: string | undefined, kind: Kind, audience: Audience): ServerReply {
    // Shard channels have a separate count.
    const count =
      kind === 'shard'
        ? this.#namesOf('shard', audience).length
        : this.#namesOf('channel', audience).length + this.#namesOf('pattern', audience).length
    return push([bulk(command.toLowerCase()), name === undefined ? nothing : latin1(name), integer(count)])
  }

  #namesOf(kind: Kind, audience: Audience): string[] {
    return [...this.#topics[kind]].filter(([, audiences]) => audiences.has(audience)).map(([name]) => name)
  }

  #add(kind: Kind, name: string, audience: Audience): void {
    const audiences = this.#topics[kind].get(name) ?? new Set()
    audiences.add(audience)
    this.#topics[kind].set(name, audiences)
  }

  #remove(kind: Kind, name: string, audience: Audience): void {
    const audiences = this.#topics[kind].get(name)
    audiences?.delete(audience)
    if (audiences?.size === 0) this.#topics[kind].delete(name)
  }
}

const latin1 = (name: string): ServerReply => bulk(Buffer.from(name, 'latin1'))
