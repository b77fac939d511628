import { decodeLatin1 } from '../../protocol/text.js'

/** What can be subscribed to: channels by name, channels by pattern, channels of a shard. */
export type TopicKind = 'channel' | 'pattern' | 'shard'

/** Whom a topic tells. */
export interface TopicListener {
  /** It wants messages as Buffers; else as text. */
  readonly wantsBuffers: boolean
  /** The server has confirmed the subscription: messages from now on arrive. */
  onConfirmed(topic: Topic): void
  /**
   * @param channel where the message was published; of a pattern, any that matches
   * @param message text only where nobody wanted a Buffer when it began to arrive
   */
  onMessage(channel: string, message: string | Buffer, topic: Topic): void
  /** The server refuses the subscription, or there is no connection to be had. */
  onFailed(error: Error): void
}

/** One thing subscribed to, by however many listeners: the server knows it once. */
export interface Topic {
  readonly kind: TopicKind
  readonly name: Buffer
  /** The name, one character a byte: it may be any bytes. */
  readonly key: string
  /** The name as text. */
  readonly text: string
  readonly listeners: Set<TopicListener>
  /** How many of the listeners want Buffers: counted, since there may be thousands of them, each of whom leaves one day. */
  wantingBuffers: number
  /** Of the connection of the moment. */
  isConfirmed: boolean
}

/** The words for one kind of topic, as they stand in commands and in messages. Server documentation: SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE. */
export const words: Readonly<Record<TopicKind, { readonly subscribe: string; readonly unsubscribe: string }>> = {
  channel: { subscribe: 'SUBSCRIBE', unsubscribe: 'UNSUBSCRIBE' },
  pattern: { subscribe: 'PSUBSCRIBE', unsubscribe: 'PUNSUBSCRIBE' },
  shard: { subscribe: 'SSUBSCRIBE', unsubscribe: 'SUNSUBSCRIBE' },
}

/** All topics that somebody listens to. */
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

  /** @param key the name, one character a byte */
  get(kind: TopicKind, key: string): Topic | undefined {
    return this.#byKind[kind].get(key)
  }

  /** @returns the topic, and whether it is a new one */
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
    const topic: Topic = { kind, name, key, text, listeners: new Set([listener]), wantingBuffers, isConfirmed: false }
    this.#byKind[kind].set(key, topic)
    return { topic, isNew: true }
  }

  /** @returns whether nobody listens to it any longer, since this one went: it is forgotten then */
  remove(topic: Topic, listener: TopicListener): boolean {
    if (!topic.listeners.delete(listener)) return false
    if (listener.wantsBuffers) topic.wantingBuffers -= 1
    if (topic.listeners.size > 0) return false
    const topics = this.#byKind[topic.kind]
    if (topics.get(topic.key) === topic) topics.delete(topic.key)
    return true
  }

  /** Those of one kind. */
  of(kind: TopicKind): Topic[] {
    return [...this.#byKind[kind].values()]
  }

  *[Symbol.iterator](): Generator<Topic> {
    for (const kind of ['channel', 'pattern', 'shard'] as const) yield* this.#byKind[kind].values()
  }
}
