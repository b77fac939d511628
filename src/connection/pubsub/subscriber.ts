import { ReplyError, type RespiteError } from '../../errors.js'
import { bufferMode, type DecodeMode, ErrorReply, type Reply, textMode } from '../../protocol/types.js'
import { saysNotNow } from '../request/passing-refusals.js'
import { RequestQueue } from '../request/queue.js'
import { clientClosed } from '../request/rejections.js'
import type { ConnectorSettings } from '../supervisor/connector.js'
import { Supervisor, type SupervisorOwner } from '../supervisor/supervisor.js'
import type { Clock } from '../timing/clock.js'
import { SendPause } from '../timing/send-pause.js'
import { TickTask } from '../timing/tick-task.js'
import type { Connection } from '../wire/connection.js'
import type { LostConnection } from '../wire/connection-end.js'
import { SubscriptionRequest } from './subscription-request.js'
import { type Topic, type TopicKind, type TopicListener, Topics, words } from './topics.js'

/** Whom a subscriber tells of its connection. */
export interface SubscriberObserver {
  /** A connection was lost, or could not be made. */
  onError(error: Error): void
  /**
   * Messages may be missed from now on, until topics are confirmed again.
   * @param silence milliseconds since the last sign of life: what was published in them may be lost already
   */
  onLost(error: Error, silence: number): void
}

/** Kinds of topics, by the words for their messages. */
const kindsOfMessages: ReadonlyMap<Reply | undefined, TopicKind> = new Map([
  ['message', 'channel'],
  ['pmessage', 'pattern'],
  ['smessage', 'shard'],
])

/** A command under way, and the topics of which the server is to speak in answer, in this order. */
interface Asked {
  readonly action: 'subscribe' | 'unsubscribe'
  readonly kind: TopicKind
  readonly topics: readonly Topic[]
  /** How many of them the server has spoken of: counted, since taking off the first of many thousands moves all others. */
  confirmed: number
  /** PINGs that were sent on its connection before it. */
  pingsBefore: number
}

/**
 * The connection of all subscriptions: made when there is something to listen to, made anew when lost, everything being
 * subscribed to again, and ended when nobody listens any longer.
 *
 * The server's confirmations come in the order of the commands, among the messages; a command that it refuses is answered
 * by one error. So the oldest command under way is the one that is spoken of.
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
  /** What the server would not do just then (BUSY, say), to be asked for again after a pause. */
  readonly #putOff: Asked[] = []
  readonly #sendPause: SendPause
  readonly #flushing: TickTask
  /** How often it said so, since it last confirmed anything. */
  #refusals = 0
  /** The topic of the last message: mostly it is that of the next, too. */
  #lastTold: Topic | undefined

  constructor(settings: ConnectorSettings, observer: SubscriberObserver) {
    this.#clock = settings.clock
    this.#observer = observer
    this.#sendPause = new SendPause(settings.clock, () => this.#askAgain())
    this.#flushing = new TickTask(settings.clock, () => this.#flush())
    // Names may be any bytes, and so may messages: each topic has its own mode.
    const unowedMode: DecodeMode = { ...bufferMode, afterNames: (type, name) => this.#modeOfMessage(type, name) }
    this.#supervisor = new Supervisor(settings, this, (given) => ({ ...given, unowedMode }))
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

  /** Listens no longer. Without a connection nothing need be said to the server. */
  remove(topics: readonly Topic[], listener: TopicListener): void {
    const gone = topics.filter((topic) => this.#topics.remove(topic, listener))
    const first = gone[0]
    if (first !== undefined && this.#supervisor.status === 'ready') this.#ask('unsubscribe', first.kind, gone)
    else if (this.#topics.size === 0) this.#clock.defer(() => this.#restIfUnused())
  }

  /** Ends now; listeners are told nothing further. */
  close(): void {
    if (this.#supervisor.status !== 'closed') this.#supervisor.end()
  }

  // What the connection reports.

  onWritable(): void {
    this.#flush()
  }

  onDrained(): void {}

  onRefusedForNow(): void {}

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
    for (const topic of this.#topics) topic.isConfirmed = false
  }

  onLost({ lastReadAt }: Connection, { reason }: LostConnection): void {
    this.#observer.onError(reason)
    this.#observer.onLost(reason, this.#clock.now() - lastReadAt)
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

  /** Nobody listens: there is nothing to be connected for. */
  #restIfUnused(): void {
    if (this.#topics.size > 0 || this.#asked.length > 0 || this.#wanted.length > 0) return
    const { status } = this.#supervisor
    if (status !== 'closed' && status !== 'idle') this.#supervisor.rest()
  }

  // Talking to the server.

  #ask(action: Asked['action'], kind: TopicKind, topics: readonly Topic[]): void {
    if (topics.length === 0) return
    this.#wanted.push({ action, kind, topics, confirmed: 0, pingsBefore: 0 })
    this.#flushing.schedule()
  }

  #flush(): void {
    const { connection } = this.#supervisor
    if (connection === undefined || !connection.isWritable || this.#wanted.length === 0) return
    for (const asked of this.#wanted.splice(0)) {
      asked.pingsBefore = connection.pingsAsked
      this.#asked.push(asked)
      this.#queue.push(
        new SubscriptionRequest([words[asked.kind][asked.action], ...asked.topics.map(({ name }) => name)]),
      )
    }
    connection.send(this.#queue)
    // Nothing is owed for them in the ledger: a PING shows whether anybody is there.
    connection.ping()
  }

  /** The pause is over. Some may have lost their listeners meanwhile: they were unsubscribed from, or asked for anew. */
  #askAgain(): void {
    for (const { kind, topics } of this.#putOff.splice(0)) {
      this.#ask(
        'subscribe',
        kind,
        topics.filter(({ listeners }) => listeners.size > 0),
      )
    }
  }

  /** What was confirmed when it was called for may be lost by now; then its confirmation comes anew, to all. */
  #confirmLater(topic: Topic, listener: TopicListener): void {
    if (topic.isConfirmed) listener.onConfirmed(topic)
  }

  /** @returns whether a subscriber is told such things */
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
      default:
        // 'pong' answers the connection's own PING; other pushes (an invalidation, say) concern nobody here.
        return type !== 'pong'
    }
  }

  /** How a message is to be decoded, now that it is known whose it is. */
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
    // Nobody: it was published before the server read that nobody listens any longer. What comes before the confirmation
    // belongs to an earlier subscription: to give it out would feign that nothing is missing between that and this one.
    if (topic === undefined || !topic.isConfirmed) return
    const [, , second, third] = elements
    const message = kind === 'pattern' ? third : second
    if (typeof message !== 'string' && !(message instanceof Buffer)) {
      this.#supervisor.connection?.end(new Error('the server sent a message that is no string'))
      return
    }
    const channel = kind === 'pattern' ? String(second) : topic.text
    this.#tellMessage(topic, channel, message)
  }

  /** To those who listen now: who begins on hearing of it, begins with the next. Else two who do so never came to an end. */
  #tellMessage(topic: Topic, channel: string, message: string | Buffer): void {
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
      // The server ends a subscription by itself when a shard moves: where to, a new connection will show.
      this.#supervisor.connection?.end(
        new Error(`the server sent ${word} for ${name?.length ?? 0} bytes of name, unasked`),
      )
      return true
    }
    asked.confirmed += 1
    if (asked.confirmed === asked.topics.length) this.#asked.shift()
    if (action === 'subscribe') {
      topic.isConfirmed = true
      this.#supervisor.noteSuccess()
      this.#refusals = 0
      for (const listener of [...topic.listeners]) listener.onConfirmed(topic)
    } else {
      this.#restIfUnused()
    }
    return true
  }

  #onRefused(reply: ErrorReply): boolean {
    const asked = this.#asked[0]
    // A user may be forbidden to PING: that error is of none of the commands sent after it.
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
      // One that is forbidden must not stand in the way of the others.
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
