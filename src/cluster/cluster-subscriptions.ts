import { slotOfKey } from '../commands/slots.js'
import { Fence } from '../connection/fence/fence.js'
import { Subscriber } from '../connection/pubsub/subscriber.js'
import type { SubscriberObserver } from '../connection/pubsub/subscriber-observer.js'
import type { Request } from '../connection/request/request.js'
import { connectionSettings } from '../connection/supervisor/connection-settings.js'
import type { ConnectorSettings } from '../connection/supervisor/connector.js'
import { connectError } from '../connection/wire/connect-failure.js'
import type { Connection } from '../connection/wire/connection.js'
import type { ConnectionSettings } from '../connection/wire/settings.js'
import type { Diagnostics } from '../dispatch/diagnostics.js'
import { ErrorReply, type Reply } from '../protocol/types.js'
import type { Subscription } from '../pubsub/subscription.js'
import { type SubscribeArguments, Subscriptions } from '../pubsub/subscriptions.js'
import { isTextOrBytes } from './cluster-options.js'
import type { Node, NodeDependencies } from './node.js'
import { isSame } from './nodes.js'
import { redirectOf } from './redirects.js'
import { crossSlot } from './slots-of-requests.js'
import type { Address } from './view.js'

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

/**
 * The subscriptions of a cluster. Channels and patterns use one connection to any node, because servers forward messages to each
 * other. Shard channels use one connection for each slot, to the node that has the slot.
 */
export class ClusterSubscriptions {
  readonly #subject: SubscriptionsSubject
  readonly #settings: ConnectorSettings
  readonly #anywhere: Subscriptions
  readonly #bySlot = new Map<number, Subscriptions>()
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
    const patience = Math.max(1, options.suspectAfter)
    const alert = {
      ...options,
      pingInterval: options.pingInterval && Math.min(options.pingInterval, patience),
      stallTimeout: options.stallTimeout && Math.min(options.stallTimeout, 2 * patience),
    }
    this.#settings = {
      options: alert,
      connectionSettings: () => this.#anywhereElse(),
      provider: 'the cluster or the credentials provider',
      dial,
      clock,
      fence: new Fence(clock, options, () => {}),
      nextId,
    }
    this.#anywhere = new Subscriptions(
      this.#settings,
      this.#observer((error) => subject.onError(error)),
    )
  }

  /** Subscriptions that have not ended. */
  get count(): number {
    return this.#all.reduce((sum, { count }) => sum + count, 0)
  }

  subscribe<Bulk extends string | Buffer>(
    kind: 'channel' | 'pattern',
    given: SubscribeArguments<Bulk>,
  ): Subscription<Bulk> {
    return this.#anywhere.subscribe(kind, given)
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

  /** Called when there is a new view. Leaves connections to nodes that no longer have the channels. */
  onView(): void {
    const reason = new Error('the cluster has changed')
    // A demoted master may have been cut off from the other nodes, and then it has missed messages.
    const places = this.#subject
      .nodes()
      .filter(({ role }) => role === 'master' || (role === 'replica' && !this.#isAtMaster))
    this.#anywhere.moveTo((endpoint) => places.some((node) => isSame(endpoint, node.address)), reason)
    this.#isAtMaster = this.#last?.role === 'master'
    for (const [slot, subscriptions] of this.#bySlot) {
      if (subscriptions.count === 0) {
        subscriptions.close()
        this.#bySlot.delete(slot)
        continue
      }
      const owner = this.#subject.ownerOf(slot)
      if (owner !== undefined) subscriptions.moveTo((endpoint) => isSame(endpoint, owner.address), reason)
    }
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
    return [this.#anywhere, ...this.#bySlot.values()]
  }

  #of(slot: number): Subscriptions {
    const known = this.#bySlot.get(slot)
    if (known !== undefined) return known
    const settings = { ...this.#settings, connectionSettings: () => this.#atOwnerOf(slot) }
    const observer = this.#observer((error) => {
      this.#subject.onError(error)
      this.#subject.onMoved()
    })
    const made = new Subscriptions(settings, observer, ShardSubscriber)
    if (this.#isClosed) made.close()
    this.#bySlot.set(slot, made)
    return made
  }

  #observer(onError: (error: Error) => void): Omit<SubscriberObserver, 'onLost'> {
    const publish = (connection: Connection, reason?: Error): void => {
      const { endpoint } = connection
      const { diagnostics } = this.#subject.nodes().find((node) => isSame(endpoint, node.address)) ?? this.#subject
      diagnostics.connection('subscriptions', connection, reason)
    }
    return { onReady: publish, onEnded: publish, onError }
  }

  async #atOwnerOf(slot: number): Promise<ConnectionSettings> {
    const { options } = this.#settings
    const { address } = await this.#subject.nodeWith(slot, options.connectTimeout)
    return this.#settingsFor(address)
  }

  /** Returns the settings for a node that is ready, or else for any node; not for the last one again, if there are others. */
  async #anywhereElse(): Promise<ConnectionSettings> {
    const { options, clock } = this.#settings
    if (this.#subject.nodes().every(({ role }) => role === 'unknown')) {
      await this.#subject.nodeWith(0, options.connectTimeout).catch(() => {})
    }
    const nodes = this.#subject.nodes().filter(({ role }) => role !== 'unknown')
    const others = nodes.filter((node) => node !== this.#last)
    const ready = others.filter(({ isUsable }) => isUsable)
    const choice = ready.length > 0 ? ready : others.length > 0 ? others : nodes
    const node = choice[Math.floor(clock.random() * choice.length)]
    if (node === undefined) throw connectError('no node is known')
    this.#last = node
    this.#isAtMaster = node.role === 'master'
    return this.#settingsFor(node.address)
  }

  #settingsFor(address: Address): ConnectionSettings | Promise<ConnectionSettings> {
    const { options, fence } = this.#settings
    return connectionSettings({ ...options, ...address }, fence, this.#subject.dependencies.onExpiry)
  }
}

/** Leaves its connection if the server redirects the slot. The next connection is opened to the new owner. */
class ShardSubscriber extends Subscriber {
  override onUnowed(reply: Reply): boolean {
    if (!(reply instanceof ErrorReply) || redirectOf(reply.message)?.to !== 'moved') return super.onUnowed(reply)
    this.moveTo(() => false, new Error(reply.message))
    return true
  }
}
