import { slotOfKey } from '../commands/slots.js'
import { Fence } from '../connection/fence/fence.js'
import { Subscriber } from '../connection/pubsub/subscriber.js'
import type { SubscriberObserver } from '../connection/pubsub/subscriber-observer.js'
import type { Request } from '../connection/request/request.js'
import { connectionSettings } from '../connection/supervisor/connection-settings.js'
import type { ConnectorSettings } from '../connection/supervisor/connector.js'
import type { Connection } from '../connection/wire/connection.js'
import type { Diagnostics } from '../dispatch/diagnostics.js'
import { ErrorReply, type Reply } from '../protocol/types.js'
import type { Subscription } from '../pubsub/subscription.js'
import { type SubscribeArguments, Subscriptions } from '../pubsub/subscriptions.js'
import { isTextOrBytes } from './cluster-options.js'
import type { Node, NodeDependencies } from './node.js'
import { redirectOf } from './redirects.js'
import { anySlot, crossSlot } from './slots-of-requests.js'
import type { Address } from './view.js'
import { isSame } from './view.js'

/** What subscriptions need from their cluster. */
export interface SubscriptionsSubject {
  readonly dependencies: NodeDependencies
  nodes(): readonly Node[]
  /** Returns the node that has a slot, if this is certain. */
  ownerOf(slot: number): Node | undefined
  /** Waits until the node that has a slot is known. */
  nodeWith(slot: number, patience: number): Promise<Node>
  /** Called when a newer view is needed, because a server has redirected a slot or was lost. */
  onMoved(): void
  readonly diagnostics: Diagnostics
  onError(error: Error): void
}

/** The subscriptions that share a connection. */
interface Group {
  readonly subscriptions: Subscriptions
  /** The address of the last attempt to connect. */
  tried?: Address
  /** Undefined while it is not ready. */
  connection?: Connection | undefined
}

/**
 * The subscriptions of a cluster. Channels and patterns use one connection to any node, because servers forward messages to each
 * other. Shard channels use one connection for each slot, to the node that has the slot.
 */
export class ClusterSubscriptions {
  readonly #subject: SubscriptionsSubject
  readonly #settings: Omit<ConnectorSettings, 'connectionSettings'>
  /** The subscriptions to channels and patterns have `anySlot`. */
  readonly #bySlot = new Map<number, Group>()
  /** The node that the connection for channels and patterns was last opened to. */
  #last: Node | undefined
  /** Whether that node was a master in the last view. */
  #isAtMaster = false
  #isClosed = false

  constructor(subject: SubscriptionsSubject) {
    this.#subject = subject
    const { options, dial, clock, nextId } = subject.dependencies
    // A node may be gone although its connection has not ended. So `suspectAfter` bounds both limits, unless they are disabled: a
    // PING is sent after at most this time, and its reply may take at most twice this time.
    const patience = options.suspectAfter
    const alert = {
      ...options,
      pingInterval: options.pingInterval && Math.min(options.pingInterval, patience),
      stallTimeout: options.stallTimeout && Math.min(options.stallTimeout, 2 * patience),
    }
    this.#settings = {
      options: alert,
      provider: 'the cluster or the credentials provider',
      dial,
      clock,
      fence: new Fence(clock, options, () => {}),
      nextId,
    }
  }

  /** Subscriptions that have not ended. */
  get count(): number {
    return this.#all.reduce((sum, { count }) => sum + count, 0)
  }

  subscribe<Bulk extends string | Buffer>(
    kind: 'channel' | 'pattern',
    given: SubscribeArguments<Bulk>,
  ): Subscription<Bulk> {
    return this.#of(anySlot).subscribe(kind, given)
  }

  /** @throws UsageError if the channels have different slots */
  ssubscribe<Bulk extends string | Buffer>(given: SubscribeArguments<Bulk>): Subscription<Bulk> {
    const [channels] = given
    const slots = new Set([channels].flat().filter(isTextOrBytes).map(slotOfKey))
    if (slots.size > 1) {
      throw crossSlot('SSUBSCRIBE', 'its channels have different slots: subscribe to each')
    }
    const [slot = 0] = slots
    // This call refuses arguments that are not channels.
    return this.#of(slot).subscribe('shard', given)
  }

  /** Whether a view may show that a connection must be opened to another node. */
  get needsView(): boolean {
    return [...this.#bySlot.values()].some(({ connection }) => !connection)
  }

  /** Called when there is a new view. Leaves connections to nodes that no longer have the channels. */
  onView(): void {
    // A demoted master may have been cut off from the other nodes, and then it has missed messages.
    const anywhere = this.#subject
      .nodes()
      .filter(({ role }) => role === 'master' || (role === 'replica' && !this.#isAtMaster))
    for (const [slot, { subscriptions, tried }] of this.#bySlot) {
      if (subscriptions.count === 0) {
        subscriptions.close()
        this.#bySlot.delete(slot)
        continue
      }
      const owner = this.#subject.ownerOf(slot)
      const places = slot === anySlot ? anywhere : owner && [owner]
      // At the same address, the option `reconnect` decides when the next attempt is made.
      if (places?.some(({ address }) => tried && isSame(tried, address)) === false) {
        subscriptions.moveTo(() => false, new Error('the cluster has changed'))
      }
    }
    this.#isAtMaster = this.#last?.role === 'master'
  }

  /** See {@link Subscriptions.authenticate}. */
  authenticate(make: () => Request): void {
    for (const each of this.#all) each.authenticate(make)
  }

  close(): void {
    this.#isClosed = true
    for (const each of this.#all) each.close()
    this.#bySlot.clear()
  }

  get #all(): Subscriptions[] {
    return [...this.#bySlot.values()].map(({ subscriptions }) => subscriptions)
  }

  #of(slot: number): Subscriptions {
    const known = this.#bySlot.get(slot)
    if (known) return known.subscriptions
    const subject = this.#subject
    const publish = (connection: Connection, reason?: Error): void => {
      const { endpoint } = connection
      const { diagnostics } = subject.nodes().find((node) => isSame(endpoint, node.address)) ?? subject
      diagnostics.connection('subscriptions', connection, reason)
    }
    const settings = {
      ...this.#settings,
      connectionSettings: async () => {
        const { options, fence } = this.#settings
        const { address } = await (slot === anySlot ? this.#anyNode() : subject.nodeWith(slot, options.connectTimeout))
        group.tried = address
        return connectionSettings({ ...options, ...address }, fence, subject.dependencies.onExpiry)
      },
      onRefused: (text: string): boolean => {
        // The server may not know the address of the owner.
        const isMoved = text.startsWith('MOVED')
        if (isMoved) group.connection?.end(new Error(text))
        else if (redirectOf(text)) subject.onMoved()
        return isMoved
      },
    }
    const observer = {
      onReady: (connection: Connection) => {
        group.connection = connection
        publish(connection)
      },
      onEnded: publish,
      onError: (error: Error) => {
        group.connection = undefined
        subject.onError(error)
        subject.onMoved()
      },
    }
    const made = new Subscriptions(settings, observer, ClusterSubscriber)
    const group: Group = { subscriptions: made }
    if (this.#isClosed) made.close()
    this.#bySlot.set(slot, group)
    return made
  }

  /** Returns a node that is ready, or else any node; not the last one again, if there are others. */
  async #anyNode(): Promise<Node> {
    const { options, clock } = this.#settings
    const known = (): Node[] => this.#subject.nodes().filter(({ role }) => role !== 'unknown')
    if (known().length === 0) await this.#subject.nodeWith(anySlot, options.connectTimeout)
    const nodes = known()
    const others = nodes.filter((node) => node !== this.#last)
    const ready = others.filter(({ isUsable }) => isUsable)
    const choice = ready.length > 0 ? ready : others.length > 0 ? others : nodes
    const node = choice[Math.floor(clock.random() * choice.length)] as Node
    this.#last = node
    this.#isAtMaster = node.role === 'master'
    return node
  }
}

/** Reports errors first. If the server redirects the slot, the connection is ended, and the next one leads to the new owner. */
class ClusterSubscriber extends Subscriber {
  readonly #onRefused: (text: string) => boolean

  constructor(settings: ConnectorSettings & { onRefused(text: string): boolean }, observer: SubscriberObserver) {
    super(settings, observer)
    this.#onRefused = settings.onRefused
  }

  override onUnowed(reply: Reply): boolean {
    return (reply instanceof ErrorReply && this.#onRefused(reply.message)) || super.onUnowed(reply)
  }
}
