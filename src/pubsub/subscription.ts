import type { Subscriber } from '../connection/pubsub/subscriber.js'
import type { Payload, Topic, TopicKind, TopicListener } from '../connection/pubsub/topics.js'
import type { Cancellable } from '../connection/request/request.js'
import { ClientClosedError, UsageError } from '../errors.js'
import { callNow, notify } from '../notify.js'
import { Buffer } from '../protocol/buffer.js'
import { decodeText } from '../protocol/text.js'
import { MessageBuffer, type OverflowPolicy } from './message-buffer.js'

/** A published message. */
export interface Message<Bulk extends string | Buffer = string> {
  /** The channel it was published to. */
  readonly channel: string
  readonly message: Bulk
  /** The pattern that the channel matches; only with `psubscribe`. */
  readonly pattern?: string
  /**
   * The keys that were invalidated; null if all were (FLUSHALL). Set only for messages on the channel `__redis__:invalidate`,
   * on a connection to which CLIENT TRACKING redirects. `message` is then empty. Server documentation: client-side caching.
   */
  readonly keys?: readonly Bulk[] | null
  /** Set if messages may be missing just before this one. Gaps without a message between them are joined. */
  readonly gap?: Gap
}

/** A period during which messages may have been missed, because there was no connection. */
export interface Gap {
  /** When the lost connection last received data. */
  readonly from: Date
  /** When everything was subscribed again. */
  readonly until: Date
  /** Why the connection was lost; if it was lost several times, the reason of the first loss. */
  readonly reason: Error
}

/** The result of `subscribe`, whose options decide at run time whether messages are strings or Buffers. */
export type AnySubscription<Bulk extends string | Buffer> =
  | Subscription<string>
  | Subscription<Buffer>
  | Subscription<Bulk>
  | Subscription<string | Buffer>

/** The time from the loss of a connection until everything is subscribed again. */
interface Outage {
  readonly from: Date
  readonly reason: Error
  /** Whether the gap was already reported, for the first channel that was subscribed again. */
  readonly isTold: boolean
}

/** A message that is being created. */
type Told<Bulk extends string | Buffer> = { -readonly [Key in keyof Message<Bulk>]: Message<Bulk>[Key] }

/** The entry of a subscription in the list of items that share an AbortSignal. */
export interface Abortable extends Cancellable<Abortable> {
  close(): void
}

/** Options of a subscription. */
export interface SubscribeOptions<Bulk extends string | Buffer = string> {
  /** Called with each message; default: none, so messages are read with `for await`. */
  readonly onMessage?: (message: Message<Bulk>) => void
  /** Called when everything is subscribed again after the connection was lost; default: none. */
  readonly onGap?: (gap: Gap) => void
  /**
   * Called when the subscription has ended with an error, because the server refused it or no connection could be made;
   * default: none.
   */
  readonly onError?: (error: Error) => void
  /** Whether messages are Buffers; default: the client's option `buffers`. */
  readonly buffers?: boolean
  /** Maximum number of messages that wait to be read by `for await`, 1 or more; default 10,000. */
  readonly maxBuffered?: number
  /**
   * What happens if more than `maxBuffered` messages wait: the oldest are dropped (and counted in `dropped`), or the subscription
   * ends with a QueueFullError; default `drop-oldest`.
   */
  readonly overflow?: OverflowPolicy
  /** Ends the subscription when aborted; default: none. */
  readonly signal?: AbortSignal
}

/** With this option, messages are Buffers, whatever the client's option is. */
export interface AsBuffers {
  readonly buffers: true
}

/** Without this option, the client's option decides whether messages are Buffers. */
export interface AsClient {
  readonly buffers?: undefined
}

/** With this option, messages are strings, whatever the client's option is. */
export interface AsText {
  readonly buffers: false
}

/**
 * A subscription to channels or patterns. It receives their messages until it is closed.
 *
 * When the connection is lost, the client reconnects, subscribes to everything again, and reports the gap, because messages that
 * were published in between are lost. Server documentation: SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE.
 *
 * @example
 * for await (const { channel, message } of client.subscribe('news')) console.log(channel, message)
 */
export class Subscription<Bulk extends string | Buffer = string> implements AsyncIterable<Message<Bulk>> {
  /**
   * Resolves when the server has confirmed every channel. Messages that are published after that arrive.
   *
   * Rejects with a ReplyError if the server refuses (NOPERM), with a ConnectError or HandshakeError if no connection
   * can be made, and with a ClientClosedError if the client or the subscription is closed first. Ignoring it never
   * causes an unhandled rejection.
   */
  readonly ready: Promise<void>
  #settleReady = { resolve: (): void => {}, reject: (_: Error): void => {} }
  readonly #subscriber: Subscriber
  readonly #options: SubscribeOptions<Bulk>
  readonly #buffers: boolean
  readonly #messageBuffer: MessageBuffer<Message<Bulk>>
  readonly #listener: TopicListener
  readonly #abortable: Abortable = {
    signals: null,
    nextOfSignal: null,
    previousOfSignal: null,
    close: () => this.close(),
  }
  readonly #onEnd: (ended: Subscription<Bulk>) => void
  #topics: Topic[] = []
  /** Topics not yet confirmed on the current connection. */
  readonly #unconfirmed = new Set<Topic>()
  /**
   * Whether a loss of the connection is a gap: the subscription has been ready, or it received a message before that, for
   * example because another subscription already had the topic.
   */
  #hasBegun = false
  #isEnded = false
  #outage: Outage | undefined
  /** The gap that the next message will report. */
  #gap: Gap | undefined
  #gaps = 0
  /** How many calls wait for their microtask: calls of `onGap`, and calls of `onMessage` that must come after these. */
  #callsDue = 0

  /**
   * Use `client.subscribe`, `psubscribe` or `ssubscribe`.
   * @internal
   */
  constructor(
    subscriber: Subscriber,
    what: { readonly kind: TopicKind; readonly names: readonly Buffer[]; readonly buffers: boolean },
    options: SubscribeOptions<Bulk>,
    onEnd: (ended: Subscription<Bulk>) => void,
    watchSignal: (item: Abortable, signal: AbortSignal) => void,
  ) {
    this.#subscriber = subscriber
    this.#options = options
    this.#buffers = what.buffers
    this.#onEnd = onEnd
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject }
    })
    this.ready.catch(() => {})
    this.#messageBuffer = new MessageBuffer(
      options.maxBuffered ?? 10_000,
      options.overflow ?? 'drop-oldest',
      inheritGap,
    )
    this.#messageBuffer.onReturn = () => this.close()
    this.#listener = {
      wantsBuffers: what.buffers,
      onConfirmed: (topic) => this.#onConfirmed(topic),
      onMessage: (channel, message, topic) => this.#onMessage(channel, message, topic),
      onFailed: (error) => this.#fail(error),
    }
    const { signal } = options
    if (signal?.aborted) {
      this.close()
      return
    }
    if (signal !== undefined) watchSignal(this.#abortable, signal)
    this.#topics = subscriber.add(what.kind, what.names, this.#listener)
    for (const topic of this.#topics) this.#unconfirmed.add(topic)
  }

  /** The number of messages that were dropped because they were not read in time. */
  get dropped(): number {
    return this.#messageBuffer.dropped
  }

  /** The number of gaps, during which messages may have been missed. */
  get gaps(): number {
    return this.#gaps
  }

  /** @internal */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /** Ends the subscription. It receives no more messages, and `for await` ends after the messages that are already buffered. */
  close(): void {
    this.#end(undefined)
  }

  /** Reads the messages. With `onMessage`, there are none to read, so `next` rejects with a UsageError. */
  [Symbol.asyncIterator](): AsyncIterator<Message<Bulk>> {
    return this.#options.onMessage === undefined ? this.#messageBuffer : { next: refuseIteration }
  }

  /** For `await using subscription = client.subscribe('news')`: closes it at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }

  /**
   * Called when the connection was lost.
   * @internal
   * @param heardAt wall time at which the connection last received data
   */
  noteLost(reason: Error, heardAt: number): void {
    for (const topic of this.#topics) this.#unconfirmed.add(topic)
    if (!this.#hasBegun) return
    // If the connection is lost again before everything is subscribed, the outage continues, and its gap is reported again.
    const { from, reason: first } = this.#outage ?? { from: new Date(heardAt), reason }
    this.#outage = { from, reason: first, isTold: false }
  }

  #onConfirmed(topic: Topic): void {
    this.#unconfirmed.delete(topic)
    if (this.#unconfirmed.size > 0 || this.#isEnded) return
    this.#hasBegun = true
    if (this.#outage !== undefined) this.#tellGap(this.#outage)
    this.#outage = undefined
    this.#settleReady.resolve()
  }

  #tellGap({ from, reason }: Outage): void {
    // The wall clock may have been set back.
    const until = new Date(Math.max(this.#subscriber.wallTime, from.getTime()))
    const gap = { from, until, reason }
    this.#gap = joined(this.#gap, gap)
    this.#gaps += 1
    const { onGap } = this.#options
    if (onGap !== undefined) this.#callLater(onGap, gap)
  }

  /** Calls the listener in a microtask, unless the subscription has ended by then. */
  #callLater<Value>(listener: (value: Value) => void, value: Value): void {
    this.#callsDue += 1
    notify(() => {
      this.#callsDue -= 1
      if (!this.#isEnded) listener(value)
    })
  }

  #onMessage(channel: string, message: Payload, topic: Topic): void {
    // The message was decoded as text for other listeners, because it began to arrive before this one was added.
    if (this.#buffers && typeof message === 'string') return
    this.#hasBegun = true
    if (this.#outage !== undefined && !this.#outage.isTold) {
      // One channel is subscribed again before the others. Its gap is reported now, and the gap of the others when they are
      // subscribed.
      this.#outage = { ...this.#outage, isTold: true }
      this.#tellGap(this.#outage)
    }
    const isList = message === null || Array.isArray(message)
    // Properties are added one by one, because spreading objects into a new one is slow on some runtimes.
    const told: Told<Bulk> = { channel, message: this.#wanted(isList ? noBytes : message) }
    if (isList) told.keys = message?.map((key) => this.#wanted(key)) ?? null
    if (topic.kind === 'pattern') told.pattern = topic.text
    if (this.#gap !== undefined) told.gap = this.#gap
    this.#gap = undefined
    const { onMessage } = this.#options
    if (onMessage === undefined) this.#messageBuffer.put(told)
    // A gap must be reported first, so this message is delivered after it.
    else if (this.#callsDue > 0) this.#callLater(onMessage, told)
    else callNow(onMessage, told)
  }

  /** Converts a value to the form that this subscription wants. If any subscription wants Buffers, it was decoded to a Buffer. */
  #wanted(bulk: string | Buffer): Bulk {
    return (this.#buffers || typeof bulk === 'string' ? bulk : decodeText(bulk, 0, bulk.length)) as Bulk
  }

  #fail(error: Error): void {
    if (this.#isEnded) return
    const { onError } = this.#options
    if (onError !== undefined) notify(onError, error)
    this.#end(error)
  }

  #end(error: Error | undefined): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#abortable.signals?.delete(this.#abortable)
    this.#subscriber.remove(this.#topics, this.#listener)
    this.#settleReady.reject(error ?? closedError())
    this.#messageBuffer.end(error)
    this.#onEnd(this)
  }
}

const noBytes = Buffer.alloc(0)

/** Joins two gaps that have no message between them. */
function joined(earlier: Gap | undefined, later: Gap): Gap {
  return earlier === undefined ? later : { ...earlier, until: later.until }
}

/** When a message is dropped, its gap is moved to the next message. */
function inheritGap<Told extends Message<string | Buffer>>(dropped: Told, next: Told): Told {
  const { gap } = dropped
  if (gap === undefined) return next
  return { ...next, gap: next.gap === undefined ? gap : joined(gap, next.gap) }
}

const refuseIteration = (): Promise<never> =>
  Promise.reject(
    new UsageError('for await: the messages go to onMessage; leave that out to read them here', {
      fate: 'not-executed',
    }),
  )

const closedError = (): ClientClosedError =>
  new ClientClosedError('the subscription was closed', { fate: 'not-executed' })
