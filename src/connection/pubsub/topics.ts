import { Buffer } from '../../protocol/buffer.js'
import { decodeLatin1 } from '../../protocol/text.js'
import type { Reply } from '../../protocol/types.js'

/** Kinds of subscriptions: channels by name, channels by pattern, shard channels. */
export type TopicKind = 'channel' | 'pattern' | 'shard'

/** The content of a message, or the keys that were invalidated (null means all keys). */
export type Payload = string | Buffer | Buffer[] | null

export const isContent = (payload: Reply | undefined): payload is string | Buffer =>
  typeof payload === 'string' || payload instanceof Buffer

export const areKeys = (payload: Reply | undefined): payload is Buffer[] | null =>
  payload === null || (Array.isArray(payload) && payload.every((key) => key instanceof Buffer))

/** Receives messages. */
export interface TopicListener {
  /** Whether messages are wanted as Buffers, not as text. */
  readonly wantsBuffers: boolean
  /** The server has confirmed the subscription. Messages arrive from now on. */
  onConfirmed(topic: Topic): void
  /**
   * @param channel the channel on which the message was published; for a pattern, any channel that matches
   * @param message text only if no listener wanted Buffers when it began to arrive
   */
  onMessage(channel: string, message: Payload, topic: Topic): void
  /**
   * The subscription has ended, because the server refused it, the client no longer connects, or the client was closed.
   */
  onFailed(error: Error): void
}

/** One subscription at the server, for any number of listeners. */
export interface Topic {
  readonly kind: TopicKind
  readonly name: Buffer
  /** The name decoded as Latin-1, because it may contain any bytes. */
  readonly key: string
  /** The name as text. */
  readonly text: string
  readonly listeners: Set<TopicListener>
  /** How many of the listeners want Buffers. A count, because searching thousands of them would be slow. */
  wantingBuffers: number
  /** Whether the subscription is confirmed on the current connection. */
  isConfirmed: boolean
  /** The number of consecutive connections that were lost while this topic was the next one to be confirmed. */
  losses: number
}

/** The commands for each kind of topic. Server documentation: SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE. */
export const words: Readonly<Record<TopicKind, { readonly subscribe: string; readonly unsubscribe: string }>> = {
  channel: { subscribe: 'SUBSCRIBE', unsubscribe: 'UNSUBSCRIBE' },
  pattern: { subscribe: 'PSUBSCRIBE', unsubscribe: 'PUNSUBSCRIBE' },
  shard: { subscribe: 'SSUBSCRIBE', unsubscribe: 'SUNSUBSCRIBE' },
}

/** The kind of topic for each type of message. */
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

  /** @returns whether this was the topic's last listener. If so, the topic is removed */
  remove(topic: Topic, listener: TopicListener): boolean {
    if (!topic.listeners.delete(listener)) return false
    if (listener.wantsBuffers) topic.wantingBuffers -= 1
    if (topic.listeners.size > 0) return false
    const topics = this.#byKind[topic.kind]
    if (topics.get(topic.key) === topic) topics.delete(topic.key)
    return true
  }

  /** All topics of one kind. */
  of(kind: TopicKind): Topic[] {
    return [...this.#byKind[kind].values()]
  }

  *[Symbol.iterator](): Generator<Topic> {
    for (const kind of ['channel', 'pattern', 'shard'] as const) yield* this.#byKind[kind].values()
  }
}

/**
 * The channel on which a connection receives invalidations of keys that another connection tracks. Server
 * documentation: client-side caching, CLIENT TRACKING.
 */
export const invalidations = '__redis__:invalidate'

/** Delivers a message to the current listeners. A listener that one of them adds begins with the next message. */
export function tellMessage(topic: Topic, channel: string, message: Payload): void {
  const { listeners } = topic
  if (listeners.size > 1) {
    for (const listener of [...listeners]) if (listeners.has(listener)) listener.onMessage(channel, message, topic)
    return
  }
  // The common case, one listener, needs no copy.
  for (const only of listeners) {
    only.onMessage(channel, message, topic)
    return
  }
}
