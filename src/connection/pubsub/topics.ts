import { Buffer } from '../../protocol/buffer.js'
import { decodeLatin1 } from '../../protocol/text.js'
import type { Reply } from '../../protocol/types.js'

/** Kinds of subscriptions: channels by name, channels by pattern, shard channels. */
export type TopicKind = 'channel' | 'pattern' | 'shard'

/** What a message brings: its content, or the keys that were invalidated (null: all of them). */
export type Payload = string | Buffer | Buffer[] | null

export const isContent = (payload: Reply | undefined): payload is string | Buffer =>
  typeof payload === 'string' || payload instanceof Buffer

export const areKeys = (payload: Reply | undefined): payload is Buffer[] | null =>
  payload === null || (Array.isArray(payload) && payload.every((key) => key instanceof Buffer))

/** Gets messages. */
export interface TopicListener {
  /** Messages as Buffers, not as text. */
  readonly wantsBuffers: boolean
  /** The server has confirmed the subscription: messages arrive from now on. */
  onConfirmed(topic: Topic): void
  /**
   * @param channel where the message was published; for a pattern, any match
   * @param message text only if no listener wanted Buffers when it began to arrive
   */
  onMessage(channel: string, message: Payload, topic: Topic): void
  /** The subscription is over: the server refused it, the client no longer connects, or it was closed. */
  onFailed(error: Error): void
}

/** One subscription at the server, for any number of listeners. */
export interface Topic {
  readonly kind: TopicKind
  readonly name: Buffer
  /** The name, which may be any bytes, as latin1. */
  readonly key: string
  /** The name as text. */
  readonly text: string
  readonly listeners: Set<TopicListener>
  /** How many of the listeners want Buffers. A count, because searching thousands of them would be slow. */
  wantingBuffers: number
  /** On the current connection. */
  isConfirmed: boolean
  /** How many connections in a row were lost while its own command was the one that the server had to answer next. */
  losses: number
}

/** The commands for each kind of topic. Server documentation: SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE. */
export const words: Readonly<Record<TopicKind, { readonly subscribe: string; readonly unsubscribe: string }>> = {
  channel: { subscribe: 'SUBSCRIBE', unsubscribe: 'UNSUBSCRIBE' },
  pattern: { subscribe: 'PSUBSCRIBE', unsubscribe: 'PUNSUBSCRIBE' },
  shard: { subscribe: 'SSUBSCRIBE', unsubscribe: 'SUNSUBSCRIBE' },
}

/** Kinds of topics, by the words for their messages. */
export const kindsOfMessages: ReadonlyMap<Reply | undefined, TopicKind> = new Map([
  ['message', 'channel'],
  ['pmessage', 'pattern'],
  ['smessage', 'shard'],
])

/** All topics that have listeners. */
export class Topics {
  readonly #byKind: Readonly<Record<TopicKind, Map<string, Topic>>> = {
    channel: new Map(),
    pattern: new Map(),
    shard: new Map(),
  }

  get size(): number {
    const { channel, pattern, shard } = this.#byKind
    return channel.size + pattern.size + shard.size
  }

  /** @param key the name as latin1 */
  get(kind: TopicKind, key: string): Topic | undefined {
    return this.#byKind[kind].get(key)
  }

  /** @returns the topic, and whether it is new */
  add(kind: TopicKind, name: Buffer, listener: TopicListener): { readonly topic: Topic; readonly isNew: boolean } {
    const key = decodeLatin1(name, 0, name.length)
    const known = this.get(kind, key)
    if (known !== undefined) {
      if (listener.wantsBuffers && !known.listeners.has(listener)) known.wantingBuffers += 1
      known.listeners.add(listener)
      return { topic: known, isNew: false }
    }
    const text = name.toString()
    const wantingBuffers = listener.wantsBuffers ? 1 : 0
    const listeners = new Set([listener])
    const topic: Topic = { kind, name, key, text, listeners, wantingBuffers, isConfirmed: false, losses: 0 }
    this.#byKind[kind].set(key, topic)
    return { topic, isNew: true }
  }

  /** @returns whether this was the topic's last listener: then the topic is removed */
  remove(topic: Topic, listener: TopicListener): boolean {
    if (!topic.listeners.delete(listener)) return false
    if (listener.wantsBuffers) topic.wantingBuffers -= 1
    if (topic.listeners.size > 0) return false
    const topics = this.#byKind[topic.kind]
    if (topics.get(topic.key) === topic) topics.delete(topic.key)
    return true
  }

  /** All of one kind. */
  of(kind: TopicKind): Topic[] {
    return [...this.#byKind[kind].values()]
  }

  *[Symbol.iterator](): Generator<Topic> {
    for (const kind of ['channel', 'pattern', 'shard'] as const) yield* this.#byKind[kind].values()
  }
}

/** Where a connection is told of keys that another one tracks. Server documentation: client-side caching, CLIENT TRACKING. */
export const invalidations = '__redis__:invalidate'

/** To those who listen now. A listener that is added by one of them begins with the next message. */
export function tellMessage(topic: Topic, channel: string, message: Payload): void {
  const { listeners } = topic
  if (listeners.size > 1) {
    for (const listener of [...listeners]) if (listeners.has(listener)) listener.onMessage(channel, message, topic)
    return
  }
  // The common case needs no copy.
  for (const only of listeners) {
    only.onMessage(channel, message, topic)
    return
  }
}
