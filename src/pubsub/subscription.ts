import type { Subscriber } from '../connection/pubsub/subscriber.js'
import type { Topic, TopicKind, TopicListener } from '../connection/pubsub/topics.js'
import { ClientClosedError } from '../errors.js'
import { decodeText } from '../protocol/text.js'
import { MessageBuffer, type OverflowPolicy } from './message-buffer.js'

/** A message that was published. */
export interface Message<Bulk extends string | Buffer = string> {
  /** Where it was published. */
  readonly channel: string
  readonly message: Bulk
  /** The pattern that the channel matches; only of `psubscribe`. */
  readonly pattern?: string
  /** Messages may be missing just before this one. */
  readonly gap?: Gap
}

/** A time in which messages may have been missed: there was no connection. */
export interface Gap {
  /** When the lost connection gave its last sign of life. */
  readonly from: Date
  /** When everything was subscribed to again. */
  readonly until: Date
  /** Why the connection was lost. */
  readonly reason: Error
}

/** There is no connection, or not everything is subscribed to again. */
interface Outage {
  readonly from: Date
  readonly reason: Error
  readonly isTold: boolean
}

/** How a subscription is to be. */
export interface SubscribeOptions<Bulk extends string | Buffer = string> {
  /** Called with each message; without it the subscription is read by `for await`. */
  readonly onMessage?: (message: Message<Bulk>) => void
  /** Called when the subscription is whole again after its connection was lost. */
  readonly onGap?: (gap: Gap) => void
  /** Called when the subscription has ended because it can't go on: refused by the server, or no connection to be had. */
  readonly onError?: (error: Error) => void
  /** Messages as Buffers; default: as the client's option `buffers`. */
  readonly buffers?: boolean
  /** Messages that wait at most for a reader by `for await`; default 10,000. */
  readonly maxBuffered?: number
  /** What happens when more wait: `drop-oldest` (they are counted in `dropped`), or `end`, with a QueueFullError; default `drop-oldest`. */
  readonly overflow?: OverflowPolicy
  /** Ends the subscription when aborted. */
  readonly signal?: AbortSignal
}

/** Messages as Buffers, or as text, whatever the client's option says. */
export interface AsBuffers {
  readonly buffers: true
}
export interface AsText {
  readonly buffers: false
}

/**
 * What is published to some channels, until closed. Goes on over lost connections: everything is subscribed to again, and
 * a gap is told of, since messages published meanwhile are lost. Server documentation: SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE.
 *
 * @example
 * for await (const { channel, message } of client.subscribe('news')) console.log(channel, message)
 */
export class Subscription<Bulk extends string | Buffer = string> implements AsyncIterable<Message<Bulk>> {
  /**
   * Resolves when the server has confirmed every channel: what is published from then on arrives.
   *
   * Rejects with a ReplyError when the server refuses (NOPERM), ConnectError or HandshakeError when no connection can be
   * had, ClientClosedError when the client, or the subscription, is closed before. Unobserved, it raises nothing.
   */
  readonly ready: Promise<void>
  readonly #settleReady: { resolve(): void; reject(error: Error): void }
  readonly #subscriber: Subscriber
  readonly #options: SubscribeOptions<Bulk>
  readonly #buffers: boolean
  readonly #messageBuffer: MessageBuffer<Message<Bulk>>
  readonly #listener: TopicListener
  readonly #onEnd: (ended: Subscription<Bulk>) => void
  #topics: Topic[] = []
  /** Not confirmed on the connection of the moment. */
  readonly #unconfirmed = new Set<Topic>()
  /** It has been ready, or was told something before: on a topic that others had subscribed to. */
  #hasBegun = false
  #isEnded = false
  #outage: Outage | undefined
  #gap: Gap | undefined
  #gaps = 0

  /** Made by `client.subscribe` and its kin. */
  constructor(
    subscriber: Subscriber,
    what: { readonly kind: TopicKind; readonly names: readonly Buffer[]; readonly buffers: boolean },
    options: SubscribeOptions<Bulk>,
    onEnd: (ended: Subscription<Bulk>) => void,
  ) {
    this.#subscriber = subscriber
    this.#options = options
    this.#buffers = what.buffers
    this.#onEnd = onEnd
    const { promise, resolve, reject } = withResolvers()
    this.ready = promise
    this.#settleReady = { resolve, reject }
    promise.catch(() => {})
    this.#messageBuffer = new MessageBuffer(options.maxBuffered ?? 10_000, options.overflow ?? 'drop-oldest')
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
    signal?.addEventListener('abort', this.#onAbort)
    this.#topics = subscriber.add(what.kind, what.names, this.#listener)
    for (const topic of this.#topics) this.#unconfirmed.add(topic)
  }

  /** Messages that were dropped because nobody read them in time. */
  get dropped(): number {
    return this.#messageBuffer.dropped
  }

  /** How often messages may have been missed. */
  get gaps(): number {
    return this.#gaps
  }

  /** @internal */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /** Ends it: no message is given out from now on, and `for await` ends when it has read what was there before. */
  close(): void {
    this.#end(undefined)
  }

  [Symbol.asyncIterator](): AsyncIterator<Message<Bulk>> {
    return this.#messageBuffer
  }

  /** `await using subscription = client.subscribe('news')`: closes it at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }

  /**
   * The connection was lost.
   * @internal
   * @param silence milliseconds since its last sign of life
   */
  noteLost(reason: Error, silence: number): void {
    for (const topic of this.#topics) this.#unconfirmed.add(topic)
    if (this.#hasBegun) this.#outage ??= { from: new Date(Date.now() - silence), reason, isTold: false }
  }

  readonly #onAbort = (): void => this.close()

  #onConfirmed(topic: Topic): void {
    this.#unconfirmed.delete(topic)
    if (this.#unconfirmed.size > 0 || this.#isEnded) return
    this.#hasBegun = true
    this.#settleReady.resolve()
    if (this.#outage !== undefined) this.#tellGap(this.#outage)
    this.#outage = undefined
  }

  #tellGap(outage: Outage): void {
    this.#gap = { from: outage.from, until: new Date(), reason: outage.reason }
    this.#gaps += 1
    const { onGap } = this.#options
    if (onGap !== undefined) call(onGap, this.#gap)
  }

  #onMessage(channel: string, message: string | Buffer, topic: Topic): void {
    // As text for others: it had begun to arrive before this one listened.
    if (this.#buffers && typeof message === 'string') return
    this.#hasBegun = true
    if (this.#outage !== undefined && !this.#outage.isTold) {
      // One channel is back before the others: what is missing of it is told now, and of the others when they are back.
      this.#outage = { ...this.#outage, isTold: true }
      this.#tellGap(this.#outage)
      // Who was told of it may have closed it.
      if (this.#isEnded) return
    }
    const isWanted = this.#buffers || typeof message === 'string'
    const payload = (isWanted ? message : decodeText(message, 0, message.length)) as Bulk
    const gap = this.#gap
    this.#gap = undefined
    const told: Message<Bulk> = {
      channel,
      message: payload,
      ...(topic.kind === 'pattern' ? { pattern: topic.text } : {}),
      ...(gap === undefined ? {} : { gap }),
    }
    const { onMessage } = this.#options
    if (onMessage === undefined) this.#messageBuffer.put(told)
    else call(onMessage, told)
  }

  #fail(error: Error): void {
    if (this.#isEnded) return
    const { onError } = this.#options
    this.#end(error)
    if (onError !== undefined) call(onError, error)
  }

  #end(error: Error | undefined): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    this.#subscriber.remove(this.#topics, this.#listener)
    this.#settleReady.reject(error ?? closedError())
    this.#messageBuffer.end(error)
    this.#onEnd(this)
  }
}

/** Listeners are guests: one that throws harms no other; its error is raised as an uncaught exception of its own. */
function call<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve: () => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

const closedError = (): ClientClosedError =>
  new ClientClosedError('the subscription was closed', { fate: 'not-executed' })
