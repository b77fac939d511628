import type { Cluster } from '../../../src/cluster/cluster.js'
import { slotOfKey } from '../../../src/commands/slots.js'
import type { Gap, Subscription } from '../../../src/pubsub/subscription.js'
import type { SimulatedClock } from '../clock.js'
import type { Tally } from '../tally.js'
import type { SimulatedServers } from './servers.js'

/** Of the slot that moves most often. */
const shardChannel = '{a}news'

type Kind = 'channel' | 'pattern' | 'shard'

/** A subscription, and what it has been told. */
interface Listener {
  readonly kind: Kind
  readonly subscription: Subscription
  last: number
  /** Messages with this number and higher ones are owed: published when it was ready. */
  owedFrom: number
  gaps: Gap[]
  hasEnded: boolean
}

interface Dependencies {
  readonly cluster: Cluster
  readonly servers: SimulatedServers
  readonly clock: SimulatedClock
  readonly tally: Tally
  note(text: () => string): void
  violation(text: string): void
  /** Whether nobody may have been reached for so long that a subscription ends. */
  mayEnd(): boolean
}

/** Those who subscribe, and check what they are told: each message once, in order, and none missing without a gap. */
export class Listeners {
  readonly #dependencies: Dependencies
  readonly #all: Listener[] = []
  readonly #missed: { kind: Kind; number: number; time: number; gaps: readonly Gap[] }[] = []
  /** When each message was published, by its number. */
  readonly #published: Readonly<Record<'channel' | 'shard', number[]>> = { channel: [], shard: [] }

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  /** How many connections they need. */
  get connections(): number {
    return new Set(this.#all.map(({ kind }) => (kind === 'shard' ? kind : 'channel'))).size
  }

  subscribe(kind: Kind): void {
    const { cluster, tally, violation, mayEnd } = this.#dependencies
    tally.note(`subscription by ${kind}`)
    const options = {
      onMessage: ({ message }: { readonly message: string }) => this.#onMessage(listener, Number(message)),
      onGap: (gap: Gap) => {
        tally.note(`gap told by ${kind}`)
        listener.gaps.push(gap)
      },
      onError: (error: Error) => {
        listener.hasEnded = true
        if (cluster.status === 'closed' || mayEnd() || this.#neverReachedOwner(listener)) return
        violation(`a subscription by ${kind} has ended: ${error.message}`)
      },
    }
    const subscription =
      kind === 'channel'
        ? cluster.subscribe('news', options)
        : kind === 'pattern'
          ? cluster.psubscribe('ne*', options)
          : cluster.ssubscribe(shardChannel, options)
    const listener: Listener = { kind, subscription, last: -1, owedFrom: Infinity, gaps: [], hasEnded: false }
    this.#all.push(listener)
    subscription.ready.then(
      () => {
        listener.owedFrom = this.#publishedBy(kind).length
      },
      () => {},
    )
  }

  /** Somebody publishes one message to all, and one in the shard. */
  publish(): void {
    const { servers, clock } = this.#dependencies
    const { channel, shard } = this.#published
    servers.publish('news', String(channel.length))
    channel.push(clock.now())
    if (servers.publishToShard(shardChannel, String(shard.length))) shard.push(clock.now())
  }

  /** Once the servers are well, and all has had time to arrive. */
  checkComplete(): void {
    for (const { kind, last, hasEnded } of this.#all) {
      if (hasEnded) continue
      const { length } = this.#publishedBy(kind)
      this.#dependencies.tally.note('invariant: a subscription comes back')
      if (last !== length - 1)
        this.#dependencies.violation(`a subscription by ${kind} was told ${last} last of ${length}`)
    }
  }

  /**
   * @param isSilent whether a server may have been cut off from the others, and have answered its clients: when a subscription to
   *   it has begun to miss messages, nobody can know
   * @param slack milliseconds that a message may be under way
   */
  checkGaps(isSilent: boolean, slack: number): void {
    for (const { kind, number, time, gaps } of this.#missed) {
      this.#dependencies.tally.note('invariant: what was missed is within a gap')
      const covers = ({ from, until }: Gap): boolean => time >= from.getTime() - slack && time <= until.getTime() + 1
      if (isSilent ? gaps.length > 0 : gaps.some(covers)) continue
      const told = gaps.map(({ from, until }) => `${from.getTime()} to ${until.getTime()}`).join(', ')
      this.#dependencies.violation(
        `a subscription by ${kind} missed ${number}, published at ${time.toFixed(1)}; told gaps: ${told || 'none'}`,
      )
    }
  }

  #onMessage(listener: Listener, number: number): void {
    const { kind, last, owedFrom, gaps } = listener
    this.#dependencies.note(() => `a subscription by ${kind} is told ${number}`)
    if (number <= last) this.#dependencies.violation(`a subscription by ${kind} was told ${number} after ${last}`)
    const published = this.#publishedBy(kind)
    for (let missed = last === -1 ? owedFrom : last + 1; missed < number; missed += 1) {
      this.#missed.push({ kind, number: missed, time: published[missed] as number, gaps })
    }
    listener.last = number
    listener.gaps = []
  }

  /** Whether the master of the shard is dead or silent, and was never reached: the subscription ends after `connectDeadline`. */
  #neverReachedOwner({ kind, owedFrom }: Listener): boolean {
    if (kind !== 'shard' || owedFrom < Infinity) return false
    const { servers, clock } = this.#dependencies
    const owner = servers.ownerOf(slotOfKey(shardChannel))
    return owner === undefined || owner.isDead || owner.stoppedUntil > clock.now()
  }

  #publishedBy(kind: Kind): number[] {
    return this.#published[kind === 'shard' ? 'shard' : 'channel']
  }
}
