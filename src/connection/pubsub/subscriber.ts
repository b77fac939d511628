import { ConnectionLostError, ReplyError, type RespiteError } from '../../errors.js'
import { bufferMode, type DecodeMode, ErrorReply, type Reply, textMode } from '../../protocol/types.js'
import { Ledger } from '../request/ledger.js'
import { saysNotNow } from '../request/passing-refusals.js'
import { RequestQueue } from '../request/queue.js'
import { clientClosed, lost } from '../request/rejections.js'
import type { Request } from '../request/request.js'
import type { ConnectorSettings } from '../supervisor/connector.js'
import { type IsThere, Supervisor, type SupervisorOwner } from '../supervisor/supervisor.js'
import type { Clock } from '../timing/clock.js'
import { SendPause } from '../timing/send-pause.js'
import { TickTask } from '../timing/tick-task.js'
import type { Connection } from '../wire/connection.js'
import type { LostConnection } from '../wire/connection-end.js'
import type { SubscriberObserver } from './subscriber-observer.js'
import { type Asked, commandBytes, inParts, SubscriptionRequest } from './subscription-request.js'
import {
  areKeys,
  invalidations,
  isContent,
  kindsOfMessages,
  type Topic,
  type TopicKind,
  type TopicListener,
  Topics,
  tellMessage,
  words,
} from './topics.js'

/**
 * The connection of all subscriptions. It is opened for the first listener and closed after the last. After a loss it
 * reconnects and subscribes to everything again.
 *
 * The server's confirmations come in the order of the commands, between the messages. The server answers a refused
 * command with one error. So each confirmation or error belongs to the oldest pending command.
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
  readonly #asked = new Ledger<Asked>()
  /** Commands that the server refused temporarily (for example with BUSY), to be sent again after a pause. */
  readonly #putOff: Asked[] = []
  readonly #sendPause: SendPause
  readonly #flushing: TickTask
  /** Number of temporary refusals since the last confirmation. */
  #refusals = 0
  /** Wall time of the last data. The monotonic clock would stop while the machine sleeps and misses messages. */
  #heardAt = 0
  /** Whether there are commands, sent or waiting, that are not followed by a PING yet. */
  #isPingDue = false
  /** The last AUTH of the client. */
  #auth: Request | undefined
  /** The oldest command without an answer on the last connection. */
  #unanswered: Asked | undefined
  readonly #maxAttempts: number
  /** The topic of the last message. The next message often has the same topic. */
  #lastTold: Topic | undefined

  constructor(settings: ConnectorSettings, observer: SubscriberObserver) {
    this.#clock = settings.clock
    this.#observer = observer
    this.#maxAttempts = settings.options.maxAttempts
    this.#sendPause = new SendPause(settings.clock, () => this.#askAgain())
    this.#flushing = new TickTask(settings.clock, () => this.#flush())
    // Names and messages may contain any bytes, so each topic has its own mode.
    const unowedMode: DecodeMode = { ...bufferMode, afterNames: (type, name) => this.#modeOfMessage(type, name) }
    this.#supervisor = new Supervisor(settings, this, (given) => ({
      ...given,
      unowedMode,
      // A lost SUBSCRIBE changes no data.
      handshake: { ...given.handshake, questions: [] },
    }))
  }

  /** The clock that the start and end of gaps are measured with. */
  get wallTime(): number {
    return this.#clock.wallTime()
  }

  /** Listens to topics. @returns the topics, for `remove` */
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

  /** Stops listening. Without a connection, nothing needs to be sent. */
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

  /** Authenticates. With RESP2, AUTH is not allowed once there are subscriptions, so the connection is replaced. */
  authenticate(make: () => Request): void {
    const { connection } = this.#supervisor
    if (connection === undefined) return
    if (!connection.isReady || connection.protocol === 3) this.#auth = make()
    else connection.end(new Error('the credentials expire'))
    this.#flush()
  }

  /** Disconnects. This is not reported to listeners. */
  close(): void {
    if (this.#supervisor.status === 'closed') return
    this.#tellEnd('the client was closed')
    this.#supervisor.end()
  }

  // The connection calls the following methods.

  onWritable(): void {
    this.#flush()
  }

  /** Called when data was read, and no reply to a PING is pending. */
  onDrained(): void {
    this.#heardAt = this.wallTime
    if (this.#nextAuth !== undefined || this.#wanted.length > 0) this.#flush()
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

  // The supervisor calls the following public methods.

  onStatus(): void {}

  onReady(connection: Connection): void {
    this.#observer.onReady(connection)
    this.#heardAt = this.wallTime
    for (const kind of ['channel', 'pattern', 'shard'] as const) this.#ask('subscribe', kind, this.#topics.of(kind))
    this.#restIfUnused()
  }

  onGone(): void {
    this.#auth?.fail('not-executed', lost(undefined))
    this.#unanswered = this.#asked.takeAll()[0]
    this.#wanted.length = 0
    this.#putOff.length = 0
    this.#refusals = 0
    this.#sendPause.endPause()
    this.#queue.takeAll()
    this.#isPingDue = false
    for (const topic of this.#topics) topic.isConfirmed = false
  }

  onLost(connection: Connection, { reason }: LostConnection): void {
    this.#observer.onEnded(connection, reason)
    this.#observer.onError(reason)
    this.#observer.onLost(reason, this.#heardAt)
    this.#suspect(reason)
  }

  /** Fails a topic with a very long name if a server ends each connection that subscribes to it. */
  #suspect(cause: Error): void {
    const { topics, confirmed } = this.#unanswered ?? { topics: [], confirmed: 0 }
    const topic = topics[confirmed]
    if (topic === undefined || topic.name.length <= commandBytes) return
    topic.losses += 1
    if (topic.losses < this.#maxAttempts) return
    const { subscribe: command } = words[topic.kind]
    const message = `${command}: each connection was lost before its confirmation`
    this.#fail(
      topic,
      () => new ConnectionLostError(message, { fate: 'not-executed', command, attempts: topic.losses, cause }),
    )
  }

  #fail(topic: Topic, error: () => RespiteError): void {
    const listeners = [...topic.listeners]
    for (const listener of listeners) this.#topics.remove(topic, listener)
    for (const listener of listeners) listener.onFailed(error())
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

  /** Disconnects if there are no listeners. */
  #restIfUnused(): void {
    if (this.#topics.size > 0 || this.#asked.length > 0 || this.#wanted.length > 0) return
    const { status } = this.#supervisor
    if (status === 'closed' || status === 'idle') return
    this.#tellEnd('nobody listens')
    this.#supervisor.rest()
  }

  /** Reports that the current connection is about to be ended on purpose. */
  #tellEnd(why: string): void {
    const { connection, status } = this.#supervisor
    if (connection !== undefined && status === 'ready') this.#observer.onEnded(connection, new Error(why))
  }

  // The following methods send commands, and handle what arrives.

  get #nextAuth(): Request | undefined {
    return this.#auth?.state === 'queued' ? this.#auth : undefined
  }

  #ask(action: Asked['action'], kind: TopicKind, topics: readonly Topic[]): void {
    if (topics.length === 0) return
    for (const part of inParts(topics)) this.#wanted.push({ action, kind, topics: part, confirmed: 0, pingsBefore: 0 })
    this.#flushing.schedule()
  }

  #flush(): void {
    const { connection } = this.#supervisor
    if (connection === undefined || !connection.isWritable) return
    const auth = this.#nextAuth
    if (auth !== undefined) {
      // Errors of AUTH and SUBSCRIBE can't be distinguished, so each waits until the other is answered.
      if (connection.isBusy || this.#asked.length > 0) return
      this.#queue.push(auth)
      connection.send(this.#queue)
      return
    }
    if (this.#wanted.length === 0 && !this.#isPingDue) return
    for (const asked of this.#wanted.splice(0)) {
      asked.pingsBefore = connection.pingsAsked
      this.#asked.push(asked)
      this.#queue.push(
        new SubscriptionRequest([words[asked.kind][asked.action], ...asked.topics.map(({ name }) => name)]),
      )
    }
    connection.send(this.#queue)
    // These commands have no replies in the ledger. A PING after the last one shows whether the server still answers.
    // While the socket takes no more, the rest waits for `onWritable`.
    this.#isPingDue = !connection.isWritable
    if (!this.#isPingDue) connection.ping()
  }

  /** Called when the pause has ended. Topics that have no listeners any more are left out. */
  #askAgain(): void {
    for (const { kind, topics } of this.#putOff.splice(0)) {
      this.#ask(
        'subscribe',
        kind,
        topics.filter(({ listeners }) => listeners.size > 0),
      )
    }
  }

  /** If the connection was lost in the meantime, the next confirmation is reported to all listeners anyway. */
  #confirmLater(topic: Topic, listener: TopicListener): void {
    if (topic.isConfirmed) listener.onConfirmed(topic)
  }

  /** @returns whether subscribers receive elements of this type */
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
        // With RESP3, invalidations are a separate push type. With RESP2, they are messages on this channel.
        this.#onMessage('channel', ['message', invalidations, name ?? null])
        return true
      default:
        // 'pong' answers the connection's own PING. Other pushes were not requested.
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
    // If there is no topic, the server had not read UNSUBSCRIBE yet. If the topic is not confirmed, the message belongs to
    // an earlier subscription. Delivering it would hide that messages between the two subscriptions may be missing.
    if (topic === undefined || !topic.isConfirmed) return
    const [, , second, third] = elements
    const message = kind === 'pattern' ? third : second
    if (!isContent(message) && !(topic.key === invalidations && areKeys(message))) {
      this.#supervisor.connection?.end(new Error('the server sent a message that is not a string'))
      return
    }
    const channel = kind === 'pattern' ? String(second) : topic.text
    tellMessage(topic, channel, message)
  }

  #onConfirmed(action: Asked['action'], word: string, name: string): boolean {
    const asked = this.#asked.first()
    const topic = asked?.topics[asked.confirmed]
    if (asked === undefined || topic === undefined || words[asked.kind][action] !== word || asked.action !== action) {
      // The server itself ends a subscription when a shard moves. A new connection leads to the new node.
      this.#supervisor.connection?.end(
        new Error(`the server sent ${word} for ${name?.length ?? 0} bytes of name, unasked`),
      )
      return true
    }
    asked.confirmed += 1
    if (asked.confirmed === asked.topics.length) this.#asked.shift()
    if (action === 'subscribe') {
      topic.isConfirmed = true
      topic.losses = 0
      this.#refusals = 0
      for (const listener of [...topic.listeners]) listener.onConfirmed(topic)
    } else {
      this.#restIfUnused()
    }
    return true
  }

  #onRefused(reply: ErrorReply): boolean {
    const asked = this.#asked.first()
    // If PING itself is forbidden, this error does not belong to the commands sent after it.
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
    for (const topic of asked.topics) this.#fail(topic, () => new ReplyError(reply.message, { command, attempts: 1 }))
    // This runs after the listeners were called in microtasks, because one of them may subscribe again.
    queueMicrotask(() => this.#restIfUnused())
    return true
  }
}
