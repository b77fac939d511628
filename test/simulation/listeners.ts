import type { Client } from '../../src/client.js'
import type { Gap, Message, Subscription } from '../../src/pubsub/subscription.js'
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
  /** Gaps that were told of since the last message of the channel. */
  readonly gaps: Map<string, Gap[]>
  /** Gaps that were told of since the last message of any channel. */
  gapsBefore: Gap[]
  /** By callback: onMessage and onGap are called in the order of what they tell. */
  readonly isCalledBack: boolean
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
  readonly #reconnectsForEver: boolean
  readonly #onTheWay: number
  /** Told when the client calls code of the user. */
  onCalled: (place: 'onMessage' | 'onGap' | 'onError') => void = () => {}

  /**
   * @param traits.largest bytes of a SUBSCRIBE at most, more or less; 0: never many channels, because the server would cut
   * @param traits.reconnectsForEver the client never gives up
   * @param traits.onTheWay milliseconds that a message may be under way
   */
  constructor(
    client: Client,
    traits: { readonly largest: number; readonly reconnectsForEver: boolean; readonly onTheWay: number },
    ground: { readonly book: Book; readonly chance: Chance; readonly world: World },
  ) {
    this.#largest = traits.largest
    this.#reconnectsForEver = traits.reconnectsForEver
    this.#onTheWay = traits.onTheWay
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
      onGap: (gap: Gap) => this.#onGap(listener, gap),
      onError: (error: Error) => {
        listener.hasEnded = true
        this.onCalled('onError')
        if (listener.isReady && this.#reconnectsForEver && this.#client.status !== 'closed') {
          this.#book.violation(`${listener.title} has ended, and the client reconnects without end: ${error.message}`)
        }
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
      gaps: new Map(),
      gapsBefore: [],
      isCalledBack: !isIterated,
      isReady: false,
      hasEnded: false,
    }
    this.#all.push(listener)
    this.#book.note(() => `${listener.title} begins`)
    this.#book.promises.expect(`ready of ${listener.title}`, subscription.ready).then(
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

  #onGap(listener: Listener, gap: Gap): void {
    this.onCalled('onGap')
    this.#book.note(() => `${listener.title} is told of a gap from ${gap.from.getTime()} to ${gap.until.getTime()}`)
    if (gap.from > gap.until) this.#book.violation(`${listener.title} was told of a gap that ends before it begins`)
    listener.gapsBefore.push(gap)
    for (const channel of channels) listener.gaps.set(channel, [...(listener.gaps.get(channel) ?? []), gap])
  }

  #onMessage(listener: Listener, told: Message): void {
    const { channel, message } = told
    this.onCalled('onMessage')
    this.#book.note(() => `${listener.title} is told ${message} of ${channel}`)
    const number = Number(message)
    const last = listener.last.get(channel)
    if (!listener.listensTo(channel)) this.#book.violation(`${listener.title} was told something of ${channel}`)
    if (last !== undefined && number <= last) {
      this.#book.violation(`${listener.title} was told ${number} of ${channel} after ${last}`)
    }
    const next = last === undefined ? listener.owedFrom.get(channel) : last + 1
    if (next !== undefined && listener.isReady) this.#checkMissing(listener, told, next)
    if (listener.isCalledBack) this.#checkGapOf(listener, told)
    listener.gaps.delete(channel)
    listener.gapsBefore = []
    listener.last.set(channel, number)
  }

  /** What was missed must have been published while one of the gaps lasted that were told of. */
  #checkMissing(listener: Listener, { channel, message, gap }: Message, next: number): void {
    const number = Number(message)
    // After the end of the subscription, `onGap` is not called any more, but messages that wait to be read bear their gaps.
    const last = listener.subscription.isEnded && gap !== undefined ? [gap] : []
    const gaps = [...(listener.gaps.get(channel) ?? []), ...last]
    // What is read last before a loss was published so much earlier.
    const slack = this.#onTheWay + this.#book.stalledFor
    for (let missed = next; missed < number; missed += 1) {
      const time = this.#world.publishedAt.get(channel)?.[missed - 1] ?? 0
      this.#book.tally.note('invariant: what was missed is within a gap')
      // A Date has no fractions of a millisecond; and what was sent before the last that was read may be read no more.
      if (gaps.some(({ from, until }) => time >= from.getTime() - slack && time <= until.getTime() + 1)) continue
      const told = gaps.map(({ from, until }) => `${from.getTime()} to ${until.getTime()}`).join(', ')
      this.#book.violation(
        `${listener.title} missed ${missed} of ${channel}, published at ${time.toFixed(1)}; told gaps: ${told || 'none'}`,
      )
      return
    }
  }

  /** The message that follows gaps bears one that covers them all. */
  #checkGapOf({ title, gapsBefore }: Listener, { gap }: Message): void {
    if (gapsBefore.length === 0) return
    this.#book.tally.note('invariant: a message bears the gaps before it')
    const covers = gapsBefore.every(({ from, until }) => gap !== undefined && gap.from <= from && gap.until >= until)
    if (!covers)
      this.#book.violation(`${title} was told of ${gapsBefore.length} gaps, and the message behind bears not all`)
  }
}
