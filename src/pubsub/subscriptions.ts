import type { Text } from '../commands/types/arguments.js'
import { usage } from '../commands/usage.js'
import { Subscriber } from '../connection/pubsub/subscriber.js'
import type { SubscriberObserver } from '../connection/pubsub/subscriber-observer.js'
import { type TopicKind, words } from '../connection/pubsub/topics.js'
import { Cancellation } from '../connection/request/cancellation.js'
import type { Request } from '../connection/request/request.js'
import type { ConnectorSettings } from '../connection/supervisor/connector.js'
import type { UsageError } from '../errors.js'
import { subscribeRules } from '../options/accepted-values.js'
import { checkedOptions } from '../options/resolve.js'
import { isText } from '../options/rules.js'
import { isSendable } from '../protocol/arguments.js'
import { Buffer } from '../protocol/buffer.js'
import { isBytes, viewOf } from '../protocol/byte-arrays.js'
import { type Abortable, type SubscribeOptions, Subscription } from './subscription.js'

/** The arguments of `subscribe` and related methods. From JavaScript, there can be more. */
export type SubscribeArguments<Bulk extends string | Buffer> = readonly [
  channels: Text | readonly Text[],
  options?: SubscribeOptions<Bulk>,
  ...others: unknown[],
]

/** All subscriptions of a client, which share one connection. */
export class Subscriptions {
  readonly #subscriber: Subscriber
  readonly #buffers: boolean
  readonly #cancellation = new Cancellation<Abortable>((item) => item.close())
  readonly #all = new Set<Subscription<string | Buffer>>()

  /** @param Connection the class of the connection; a cluster uses a subclass of `Subscriber` */
  constructor(settings: ConnectorSettings, observer: Omit<SubscriberObserver, 'onLost'>, Connection = Subscriber) {
    this.#buffers = settings.options.buffers
    this.#subscriber = new Connection(settings, {
      ...observer,
      onLost: (error, heardAt) => {
        for (const subscription of this.#all) subscription.noteLost(error, heardAt)
      },
    })
  }

  /** The number of subscriptions that have not ended. */
  get count(): number {
    return this.#all.size
  }

  subscribe<Bulk extends string | Buffer>(
    kind: TopicKind,
    [channels, options = {}, ...others]: SubscribeArguments<Bulk>,
  ): Subscription<Bulk> {
    const command = words[kind].subscribe
    // Other UsageErrors are rejections. This one is thrown, because it is possible that no code looks at `ready`.
    const wrong = (expected: string): UsageError => usage(command, `expected ${expected}`)
    if (typeof options !== 'object' || Array.isArray(options) || isBytes(options) || others.length > 0)
      throw wrong('channels: pass several channels as an array, and a listener as onMessage')
    const own: SubscribeOptions<Bulk> = checkedOptions(options, subscribeRules)
    const names = namesOf(channels)
    if (names === undefined || names.length === 0)
      throw wrong('channels: a string, Buffer or Uint8Array, or an array of these that is not empty')
    const what = { kind, names, buffers: own.buffers ?? this.#buffers }
    const subscription: Subscription<Bulk> = new Subscription(
      this.#subscriber,
      what,
      own,
      (ended) => {
        this.#all.delete(ended as unknown as Subscription<string | Buffer>)
      },
      (item, signal) => this.#cancellation.watch(item, signal),
    )
    // With a signal that is already aborted, the subscription has already ended.
    if (!subscription.isEnded) this.#all.add(subscription as unknown as Subscription<string | Buffer>)
    return subscription
  }

  /** See {@link Subscriber.moveTo}. */
  moveTo(...move: Parameters<Subscriber['moveTo']>): void {
    this.#subscriber.moveTo(...move)
  }

  /** See {@link Subscriber.authenticate}. */
  authenticate(make: () => Request): void {
    this.#subscriber.authenticate(make)
  }

  /** Ends all subscriptions, and closes their connection. */
  close(): void {
    for (const subscription of [...this.#all]) subscription.close()
    this.#subscriber.close()
  }
}

/** @returns undefined if a channel is neither text nor bytes. Other types are not converted to text. */
function namesOf(channels: Text | readonly Text[]): Buffer[] | undefined {
  const given: unknown = channels
  // In this copy, holes of the array are undefined.
  const list: unknown[] = Array.isArray(given) ? Array.from(given) : [given]
  if (!list.every(canBeSent)) return undefined
  return list.map((channel) => (isBytes(channel) ? Buffer.from(viewOf(channel)) : Buffer.from(channel as string)))
}

const canBeSent = (value: unknown): boolean => isText(value) || (isBytes(value) && isSendable(value))
