import type { Client } from '../../src/client.js'
import type { Message, Subscription } from '../../src/pubsub/subscription.js'
import type { Book } from './book.js'
import type { Chance } from './chance.js'
import { channels, type World } from './world.js'

/** Channels that nobody publishes to: with them a SUBSCRIBE is larger than what a socket takes at once. */
const silentChannels = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `silent:${i}:`.padEnd(60, 's'))

/** A subscription and what it has been told. */
interface Listener {
  readonly title: string
  readonly subscription: Subscription
  /** Messages with this number and higher ones must arrive, by channel: published when it was ready. */
  readonly owedFrom: Map<string, number>
  /** The number of the last message, by channel. */
  readonly last: Map<string, number>
  readonly listensTo: (channel: string) => boolean
  /** A gap was told of since the last message of the channel. */
  readonly gapSince: Set<string>
  isReady: boolean
  hasEnded: boolean
}

/** Those who subscribe, and check what they are told: the right messages, in order, none missing without a word of it. */
export class Listeners {
  readonly #client: Client
  readonly #largest: number
  readonly #book: Book
  readonly #chance: Chance
  readonly #world: World
  readonly #all: Listener[] = []

  /** @param largest bytes of a SUBSCRIBE at most, more or less; 0: never many channels, because the server would cut */
  constructor(
    client: Client,
    largest: number,
    ground: { readonly book: Book; readonly chance: Chance; readonly world: World },
  ) {
    this.#largest = largest
    this.#client = client
    this.#book = ground.book
    this.#chance = ground.chance
    this.#world = ground.world
  }

  /** Subscribes, by callback or by iteration. */
  subscribe(): void {
    const kind = this.#chance.pick(['channel', 'pattern', 'shard'] as const)
    const names: string[] = channels.filter(() => this.#chance.happens(0.5))
    if (kind !== 'pattern' && names.length === 0) return
    const listensTo =
      kind === 'pattern'
        ? (channel: string): boolean => channel.startsWith('news:')
        : (channel: string): boolean => names.includes(channel)
    this.#book.tally.note(`subscription by ${kind}`)
    if (this.#largest > 0 && kind === 'channel' && this.#chance.happens(0.15)) {
      this.#book.tally.note('subscription to many channels')
      names.push(...silentChannels(this.#chance.skewed(10, Math.min(400, this.#largest / 60 + 10))))
    }
    const isIterated = this.#chance.happens(0.5)
    const options = {
      onGap: () => this.#onGap(listener),
      onError: (error: Error) => {
        listener.hasEnded = true
        this.#book.note(() => `${listener.title} ends: ${error.message}`)
      },
      ...(isIterated ? {} : { onMessage: (message: Message) => this.#onMessage(listener, message) }),
    }
    const subscription =
      kind === 'pattern'
        ? this.#client.psubscribe('news:*', options)
        : kind === 'channel'
          ? this.#client.subscribe(names, options)
          : this.#client.ssubscribe(names, options)
    const listener: Listener = {
      title: `subscription ${this.#all.length} (${kind} ${names.slice(0, 3).join(' ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''})`,
      subscription,
      owedFrom: new Map(),
      last: new Map(),
      listensTo,
      gapSince: new Set(),
      isReady: false,
      hasEnded: false,
    }
    this.#all.push(listener)
    this.#book.note(() => `${listener.title} begins`)
    subscription.ready.then(
      () => {
        listener.isReady = true
        this.#book.note(() => `${listener.title} is ready`)
        // What was published before is not owed.
        for (const channel of channels) {
          listener.owedFrom.set(channel, (this.#world.published.get(channel) ?? 0) + 1)
        }
      },
      () => {
        listener.hasEnded = true
      },
    )
    if (isIterated) void this.#iterate(listener)
  }

  /** One of them wants no more, and another begins, perhaps to listen to the same. */
  unsubscribe(): void {
    const listener = this.#chance.pick(this.#all)
    if (listener === undefined) return
    this.#book.note(() => `${listener.title} is closed`)
    listener.subscription.close()
    listener.hasEnded = true
    if (this.#chance.happens(0.5)) this.subscribe()
  }

  /** Once the network is well and all that was published has had time to arrive. */
  checkComplete(): void {
    for (const { title, last, listensTo, isReady, hasEnded } of this.#all) {
      if (hasEnded) continue
      if (!isReady) this.#book.violation(`${title} is not ready, long after the network was well`)
      for (const channel of channels.filter(listensTo)) {
        const number = this.#world.published.get(channel) ?? 0
        if (last.get(channel) !== number) {
          this.#book.violation(`${title} was told ${last.get(channel)} of ${channel} last, and not ${number}`)
        }
      }
    }
  }

  async #iterate(listener: Listener): Promise<void> {
    try {
      for await (const message of listener.subscription) this.#onMessage(listener, message)
    } catch {
      listener.hasEnded = true
    }
  }

  #onGap(listener: Listener): void {
    this.#book.note(() => `${listener.title} is told of a gap`)
    for (const channel of channels) listener.gapSince.add(channel)
  }

  #onMessage(listener: Listener, { channel, message }: Message): void {
    this.#book.note(() => `${listener.title} is told ${message} of ${channel}`)
    const number = Number(message)
    const last = listener.last.get(channel)
    if (!listener.listensTo(channel)) this.#book.violation(`${listener.title} was told something of ${channel}`)
    if (last !== undefined && number <= last) {
      this.#book.violation(`${listener.title} was told ${number} of ${channel} after ${last}`)
    }
    const next = last === undefined ? listener.owedFrom.get(channel) : last + 1
    if (next !== undefined && number > next && listener.isReady && !listener.gapSince.has(channel)) {
      this.#book.violation(`${listener.title} was told ${number} of ${channel} after ${last}, and of no gap`)
    }
    listener.gapSince.delete(channel)
    listener.last.set(channel, number)
  }
}
