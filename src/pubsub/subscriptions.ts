import { listOf, type Text } from '../commands/sender.js'
import { Subscriber } from '../connection/pubsub/subscriber.js'
import type { TopicKind } from '../connection/pubsub/topics.js'
import { Cancellation } from '../connection/request/cancellation.js'
import type { ConnectorSettings } from '../connection/supervisor/connector.js'
import { checkSubscribeOptions } from '../options/resolve.js'
import { Buffer } from '../protocol/buffer.js'
import { isBytes, viewOf } from '../protocol/byte-arrays.js'
import { type Abortable, type SubscribeOptions, Subscription } from './subscription.js'

/** All subscriptions of a client; they share one connection. */
export class Subscriptions {
  readonly #subscriber: Subscriber
  readonly #buffers: boolean
  readonly #cancellation = new Cancellation<Abortable>((item) => item.close())
  readonly #all = new Set<Subscription<string | Buffer>>()

  constructor(settings: ConnectorSettings, onError: (error: Error) => void) {
    this.#buffers = settings.options.buffers
    this.#subscriber = new Subscriber(settings, {
      onError,
      onLost: (error, silence) => {
        for (const subscription of this.#all) subscription.noteLost(error, silence)
      },
    })
  }

  /** Subscriptions that have not ended. */
  get count(): number {
    return this.#all.size
  }

  subscribe<Bulk extends string | Buffer>(
    kind: TopicKind,
    channels: Text | readonly Text[],
    options: SubscribeOptions<Bulk> = {},
  ): Subscription<Bulk> {
    checkSubscribeOptions(options)
    const names = namesOf(channels)
    if (names.length === 0) throw new TypeError('subscribe: no channel was given')
    const what = { kind, names, buffers: options.buffers ?? this.#buffers }
    const subscription: Subscription<Bulk> = new Subscription(
      this.#subscriber,
      what,
      options,
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

  /** Ends all subscriptions, and closes their connection. */
  close(): void {
    for (const subscription of [...this.#all]) subscription.close()
    this.#subscriber.close()
  }
}

function namesOf(channels: Text | readonly Text[]): Buffer[] {
  const given: unknown = listOf(channels)
  // A copy by index: its holes are undefined.
  const list: unknown[] = Array.isArray(given) ? Array.from(given) : [given]
  if (list.every(isText))
    return list.map((channel) => (isBytes(channel) ? Buffer.from(viewOf(channel)) : Buffer.from(channel as string)))
  // As with command arguments, other types are not converted.
  throw new TypeError('subscribe: expected each channel to be a string, Buffer or Uint8Array')
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || isBytes(value)
}
