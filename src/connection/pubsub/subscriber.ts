import { ReplyError, type RespiteError } from '../../errors.js'
import { Buffer } from '../../protocol/buffer.js'
import { bufferMode, type DecodeMode, ErrorReply, type Reply, textMode } from '../../protocol/types.js'
import { saysNotNow } from '../request/passing-refusals.js'
import { RequestQueue } from '../request/queue.js'
import { clientClosed } from '../request/rejections.js'
import type { ConnectorSettings } from '../supervisor/connector.js'
import { type IsThere, Supervisor, type SupervisorOwner } from '../supervisor/supervisor.js'
import type { Clock } from '../timing/clock.js'
import { SendPause } from '../timing/send-pause.js'
import { TickTask } from '../timing/tick-task.js'
import type { Connection } from '../wire/connection.js'
import type { LostConnection } from '../wire/connection-end.js'
import { SubscriptionRequest } from './subscription-request.js'
import { type Payload, type Topic, type TopicKind, type TopicListener, Topics, words } from './topics.js'

/** The object that is told about the connection of a subscriber. */
export interface SubscriberObserver {
  /** A connection was lost, or could not be made. */
  onError(error: Error): void
  /**
   * Messages may be missed from now on, until topics are confirmed again.
   * @param heardAt wall time of the last data: what was published since then may be lost too
   */
  onLost(error: Error, heardAt: number): void
}

/** Kinds of topics, by the words for their messages. */
const kindsOfMessages: ReadonlyMap<Reply | undefined, TopicKind> = new Map([
  ['message', 'channel'],
  ['pmessage', 'pattern'],
  ['smessage', 'shard'],
])

/** Where a connection is told of keys that another one tracks. Server documentation: client-side caching, CLIENT TRACKING. */
const invalidations = '__redis__:invalidate'

const isContent = (payload: Reply | undefined): payload is string | Buffer =>
  typeof payload === 'string' || payload instanceof Buffer

const areKeys = (payload: Reply | undefined): payload is Buffer[] | null =>
  payload === null || (Array.isArray(payload) && payload.every((key) => key instanceof Buffer))

/** A pending command, and the topics that the server will confirm for it, in this order. */
interface Asked {
  readonly action: 'subscribe' | 'unsubscribe'
  readonly kind: TopicKind
  readonly topics: readonly Topic[]
  /** How many of them are confirmed. A number, because removing the first of many thousands moves all others. */
  confirmed: number
  /** PINGs that were sent on its connection before it. */
  pingsBefore: number
}

/**
 * The connection of all subscriptions. It is opened for the first listener and closed after the last. After a loss it
 * reconnects and subscribes to everything again.
 *
 * The server's confirmations come in the order of the commands, between the messages. A command that it refuses gets one
 * error. So each of them concerns the oldest pending command.
 *
 * RESP: push types `message`, `pmessage`, `smessage`, `subscribe` ...; arrays of the same elements in RESP2.
 */
export class Subscriber implements SupervisorOwner {
  readonly #clock: Clock
  readonly #observer: SubscriberObserver
  readonly #supervisor: Supervisor
  readonly #topics = new Topics()
  readonly #queue = new RequestQueue()
  readonly #wanted: Asked[] = []
  readonly #asked: Asked[] = []
  /** Commands that the server refused for now (BUSY, for example), to be sent again after a pause. */
  readonly #putOff: Asked[] = []
  readonly #sendPause: SendPause
  readonly #flushing: TickTask
  /** Number of such refusals since the last confirmation. */
  #refusals = 0
  /** Wall time of the last data: the other clock stands still while the machine sleeps, and messages are missed. */
  #heardAt = 0
  /** Commands were sent, or wait to be sent, without the PING behind them. */
  #isPingDue = false
  /** The topic of the last message: the next one often has the same. */
  #lastTold: Topic | undefined

  constructor(settings: ConnectorSettings, observer: SubscriberObserver) {
    this.#clock = settings.clock
    this.#observer = observer
    this.#sendPause = new SendPause(settings.clock, () => this.#askAgain())
    this.#flushing = new TickTask(settings.clock, () => this.#flush())
    // Names may be any bytes, and so may messages: each topic has its own mode.
    const unowedMode: DecodeMode = { ...bufferMode, afterNames: (type, name) => this.#modeOfMessage(type, name) }
    this.#supervisor = new Supervisor(settings, this, (given) => ({
      ...given,
      unowedMode,
      // A lost SUBSCRIBE changes no data.
      handshake: { ...given.handshake, questions: [] },
    }))
  }

  /** For the times of gaps. */
  get wallTime(): number {
    return this.#clock.wallTime()
  }

  /** Listens to topics. @returns the topics, to be given to `remove` */
  add(kind: TopicKind, names: readonly Buffer[], listener: TopicListener): Topic[] {
    if (this.#supervisor.status === 'closed') {
      this.#clock.defer(() => listener.onFailed(clientClosed()))
      return []
    }
    const fresh: Topic[] = []
    const topics = names.map((name) => {
      const { topic, isNew } = this.#topics.add(kind, name, listener)
      if (isNew) fresh.push(topic)
      else if (topic.isConfirmed) this.#clock.defer(() => this.#confirmLater(topic, listener))
      return topic
    })
    if (this.#supervisor.status === 'ready') this.#ask('subscribe', kind, fresh)
    else if (this.#supervisor.status === 'idle') this.#supervisor.start()
    return topics
  }

  /** Stops listening. Without a connection there is nothing to send. */
  remove(topics: readonly Topic[], listener: TopicListener): void {
    const gone = topics.filter((topic) => this.#topics.remove(topic, listener))
    const first = gone[0]
    if (first !== undefined && this.#supervisor.status === 'ready') this.#ask('unsubscribe', first.kind, gone)
    else if (this.#topics.size === 0) this.#clock.defer(() => this.#restIfUnused())
  }

  /** See {@link Supervisor.moveTo}. */
  moveTo(isThere: IsThere, reason: Error): void {
    this.#supervisor.moveTo(isThere, reason)
  }

  /** Disconnects. Listeners are not told. */
  close(): void {
    if (this.#supervisor.status !== 'closed') this.#supervisor.end()
  }

  // What the connection reports.

  onWritable(): void {
    this.#flush()
  }

  /** Data was read, and no reply to a PING is pending. */
  onDrained(): void {
    this.#heardAt = this.wallTime
  }

  onRefusedForNow(): void {}

  onReadOnly(): void {}

  onPush(elements: readonly Reply[]): void {
    this.#onTold(elements)
  }

  onUnowed(reply: Reply): boolean {
    if (Array.isArray(reply)) return this.#onTold(reply)
    if (!(reply instanceof ErrorReply)) return false
    return this.#onRefused(reply)
  }

  // What the supervisor reports.

  onStatus(): void {}

  onReady(): void {
    this.#heardAt = this.wallTime
    for (const kind of ['channel', 'pattern', 'shard'] as const) this.#ask('subscribe', kind, this.#topics.of(kind))
    this.#restIfUnused()
  }

  onGone(): void {
    this.#asked.length = 0
    this.#wanted.length = 0
    this.#putOff.length = 0
    this.#refusals = 0
    this.#sendPause.endPause()
    this.#queue.takeAll()
    this.#isPingDue = false
    for (const topic of this.#topics) topic.isConfirmed = false
  }

  onLost(_: Connection, { reason }: LostConnection): void {
    this.#observer.onError(reason)
    this.#observer.onLost(reason, this.#heardAt)
  }

  onAttemptFailed(error: RespiteError): void {
    this.#observer.onError(error)
  }

  onGivenUp(error: RespiteError): void {
    const listeners = new Set([...this.#topics].flatMap((topic) => [...topic.listeners]))
    for (const topic of [...this.#topics])
      for (const listener of [...topic.listeners]) this.#topics.remove(topic, listener)
    for (const listener of listeners) listener.onFailed(error)
  }

  isNeeded(): boolean {
    return this.#topics.size > 0
  }

  /** Disconnects if nobody listens. */
  #restIfUnused(): void {
    if (this.#topics.size > 0 || this.#asked.length > 0 || this.#wanted.length > 0) return
    const { status } = this.#supervisor
    if (status !== 'closed' && status !== 'idle') this.#supervisor.rest()
  }

  // Sending.

  #ask(action: Asked['action'], kind: TopicKind, topics: readonly Topic[]): void {
    if (topics.length === 0) return
    for (const part of inParts(topics)) this.#wanted.push({ action, kind, topics: part, confirmed: 0, pingsBefore: 0 })
    this.#flushing.schedule()
  }

  #flush(): void {
    const { connection } = this.#supervisor
    if (connection === undefined || !connection.isWritable) return
    if (this.#wanted.length === 0 && !this.#isPingDue) return
    for (const asked of this.#wanted.splice(0)) {
      asked.pingsBefore = connection.pingsAsked
      this.#asked.push(asked)
      this.#queue.push(
        new SubscriptionRequest([words[asked.kind][asked.action], ...asked.topics.map(({ name }) => name)]),
      )
    }
    connection.send(this.#queue)
    // The ledger waits for no replies to them. A PING behind the last shows whether the server still answers. While the
    // socket takes no more, the rest waits for `onWritable`.
    this.#isPingDue = !connection.isWritable
    if (!this.#isPingDue) connection.ping()
  }

  /** The pause is over. Topics without listeners were unsubscribed meanwhile. */
  #askAgain(): void {
    for (const { kind, topics } of this.#putOff.splice(0)) {
      this.#ask(
        'subscribe',
        kind,
        topics.filter(({ listeners }) => listeners.size > 0),
      )
    }
  }

  /** Unless the connection was lost meanwhile: then all listeners will be told of the next confirmation. */
  #confirmLater(topic: Topic, listener: TopicListener): void {
    if (topic.isConfirmed) listener.onConfirmed(topic)
  }

  /** @returns whether this is something that subscribers receive */
  #onTold(elements: readonly Reply[]): boolean {
    const [type, name] = elements
    const kind = kindsOfMessages.get(type)
    if (kind !== undefined) {
      this.#onMessage(kind, elements)
      return true
    }
    switch (type) {
      case 'subscribe':
      case 'psubscribe':
      case 'ssubscribe':
        return this.#onConfirmed('subscribe', type.toUpperCase(), name as string)
      case 'unsubscribe':
      case 'punsubscribe':
      case 'sunsubscribe':
        return this.#onConfirmed('unsubscribe', type.toUpperCase(), name as string)
      case 'invalidate':
        // RESP3 has a push of its own for it, and RESP2 a message on this channel.
        this.#onMessage('channel', ['message', invalidations, name ?? null])
        return true
      default:
        // 'pong' answers the connection's own PING. Nobody here requested other pushes.
        return type !== 'pong'
    }
  }

  /** How to decode a message, once its topic is known. */
  #modeOfMessage(type: Reply, name: Reply): DecodeMode {
    const kind = kindsOfMessages.get(type)
    const topic = kind === undefined ? undefined : this.#topicOf(kind, name)
    return topic !== undefined && topic.wantingBuffers > 0 ? bufferMode : textMode
  }

  #topicOf(kind: TopicKind, name: Reply | undefined): Topic | undefined {
    const last = this.#lastTold
    if (last !== undefined && last.key === name && last.kind === kind && last.listeners.size > 0) return last
    const topic = typeof name === 'string' ? this.#topics.get(kind, name) : undefined
    this.#lastTold = topic
    return topic
  }

  #onMessage(kind: TopicKind, elements: readonly Reply[]): void {
    const topic = this.#topicOf(kind, elements[1])
    // It was published before the server read UNSUBSCRIBE. And before the confirmation, it belongs to an earlier
    // subscription: delivering it would hide that messages between the two may be missing.
    if (topic === undefined || !topic.isConfirmed) return
    const [, , second, third] = elements
    const message = kind === 'pattern' ? third : second
    if (!isContent(message) && !(topic.key === invalidations && areKeys(message))) {
      this.#supervisor.connection?.end(new Error('the server sent a message that is no string'))
      return
    }
    const channel = kind === 'pattern' ? String(second) : topic.text
    this.#tellMessage(topic, channel, message)
  }

  /** To those who listen now. A listener that is added by one of them begins with the next message. */
  #tellMessage(topic: Topic, channel: string, message: Payload): void {
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

  #onConfirmed(action: Asked['action'], word: string, name: string): boolean {
    const asked = this.#asked[0]
    const topic = asked?.topics[asked.confirmed]
    if (asked === undefined || topic === undefined || words[asked.kind][action] !== word || asked.action !== action) {
      // The server ends a subscription by itself when a shard moves. A new connection leads to its new place.
      this.#supervisor.connection?.end(
        new Error(`the server sent ${word} for ${name?.length ?? 0} bytes of name, unasked`),
      )
      return true
    }
    asked.confirmed += 1
    if (asked.confirmed === asked.topics.length) this.#asked.shift()
    if (action === 'subscribe') {
      topic.isConfirmed = true
      this.#refusals = 0
      for (const listener of [...topic.listeners]) listener.onConfirmed(topic)
    } else {
      this.#restIfUnused()
    }
    return true
  }

  #onRefused(reply: ErrorReply): boolean {
    const asked = this.#asked[0]
    // PING itself may be forbidden: then this error does not concern the commands sent after it.
    if (asked === undefined || (this.#supervisor.connection?.pingsAnswered ?? 0) < asked.pingsBefore) return false
    this.#asked.shift()
    if (asked.action === 'unsubscribe') {
      this.#restIfUnused()
      return true
    }
    if (saysNotNow(reply.message)) {
      this.#putOff.push(asked)
      this.#refusals += 1
      this.#sendPause.pause(this.#refusals)
      return true
    }
    if (asked.topics.length > 1) {
      // One forbidden topic must not affect the others.
      for (const topic of asked.topics) if (topic.listeners.size > 0) this.#ask('subscribe', asked.kind, [topic])
      return true
    }
    const command = words[asked.kind].subscribe
    for (const topic of asked.topics) {
      const listeners = [...topic.listeners]
      for (const listener of listeners) this.#topics.remove(topic, listener)
      for (const listener of listeners) listener.onFailed(new ReplyError(reply.message, { command, attempts: 1 }))
    }
    // After the listeners have been told, in microtasks: one of them may subscribe again.
    queueMicrotask(() => this.#restIfUnused())
    return true
  }
}

/**
 * Names of about this many bytes are one command. One that held all of them could exceed what a server accepts: then it
 * would end every connection.
 */
const commandBytes = 16 * 1024

function* inParts(topics: readonly Topic[]): Generator<readonly Topic[]> {
  let first = 0
  let bytes = 0
  for (let next = 0; next < topics.length; next += 1) {
    bytes += (topics[next] as Topic).name.length
    if (bytes < commandBytes) continue
    yield topics.slice(first, next + 1)
    first = next + 1
    bytes = 0
  }
  if (first < topics.length) yield topics.slice(first)
}
