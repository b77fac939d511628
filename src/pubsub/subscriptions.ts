import type { Text } from '../commands/types/arguments.js'
import { usage } from '../commands/usage.js'
import { Subscriber } from '../connection/pubsub/subscriber.js'
import type { TopicKind } from '../connection/pubsub/topics.js'
import type { ConnectorSettings } from '../connection/supervisor/connector.js'
import { checkSubscribeOptions } from '../options/options.js'
import { describeValue } from '../protocol/arguments.js'
import { isBytes, viewOf } from '../protocol/byte-arrays.js'
import { type SubscribeOptions, Subscription } from './subscription.js'

/** All subscriptions of a client; they share one connection. */
export class Subscriptions {
  readonly #subscriber: Subscriber
  readonly #buffers: boolean
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
    const name = methods[kind]
    if (typeof options !== 'object' || options === null) {
      throw usage(
        name,
        `argument 2 (${describeValue(options)}) must be an object of options; several channels are an array`,
      )
    }
    checkSubscribeOptions(options)
    const names = namesOf(name, channels)
    const what = { kind, names, buffers: options.buffers ?? this.#buffers }
    const subscription: Subscription<Bulk> = new Subscription(this.#subscriber, what, options, (ended) => {
      this.#all.delete(ended as unknown as Subscription<string | Buffer>)
    })
    // With a signal that is already aborted, the subscription has already ended.
    if (!subscription.isEnded) this.#all.add(subscription as unknown as Subscription<string | Buffer>)
    return subscription
  }

  /** Ends all subscriptions, and closes their connection. */
  close(): void {
    for (const subscription of [...this.#all]) subscription.close()
    this.#subscriber.close()
  }
}

const methods: Readonly<Record<TopicKind, string>> = {
  channel: 'subscribe',
  pattern: 'psubscribe',
  shard: 'ssubscribe',
}

function namesOf(method: string, channels: unknown): Buffer[] {
  // A copy by index: its holes are undefined.
  const list: unknown[] = Array.isArray(channels) ? Array.from(channels) : [channels]
  if (list.length === 0) throw usage(method, 'no channel was given')
  return list.map((channel) => {
    if (typeof channel === 'string') return Buffer.from(channel)
    if (isBytes(channel)) return Buffer.from(viewOf(channel))
    // As with command arguments, other types are not converted.
    throw usage(method, `each channel must be a string, Buffer or Uint8Array, not ${describeValue(channel)}`)
  })
}
