import type { Audience } from '../../../lab/server/pubsub.js'
import type { Cluster } from '../../../src/cluster/cluster.js'
import { slotOfKey } from '../../../src/commands/slots.js'
import type { Gap, Subscription } from '../../../src/pubsub/subscription.js'
import type { SimulatedClock } from '../clock.js'
import type { Tally } from '../tally.js'
import { gossip } from './invariants.js'
import type { SimulatedServer, SimulatedServers } from './servers.js'

/** Of the slot that moves most often. */
const shardChannel = '{a}news'

type Kind = 'channel' | 'pattern' | 'shard'

/** A message that somebody has published. */
interface Published {
  readonly time: number
  /** When the last server has it. */
  readonly latest: number
  /** Connections whose server was cut off from the others before it got it. */
  readonly cutOff: ReadonlyMap<Audience, SimulatedServer>
}

/** Milliseconds that a message, or the confirmation of a subscription, may be under way to the client. */
const slack = 500

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
  readonly #missed: { kind: Kind; number: number; gaps: readonly Gap[]; isUnknowable: boolean }[] = []
  /** By their numbers. */
  readonly #published: Readonly<Record<'channel' | 'shard', Published[]>> = { channel: [], shard: [] }

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
    const time = clock.now()
    const audience = servers.audienceOf('news')
    const cutOff = new Map<Audience, SimulatedServer>()
    const latest = servers.publish('news', String(channel.length), (without) => {
      for (const [connection, server] of audience) if (server === without) cutOff.set(connection, server)
    })
    channel.push({ time, latest, cutOff })
    if (!servers.publishToShard(shardChannel, String(shard.length))) return
    const withoutIt = [...servers.audienceOf(shardChannel)].filter(([, { isIsolated }]) => isIsolated)
    shard.push({ time, latest: time, cutOff: new Map(withoutIt) })
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

  /** What was missed is within a gap. */
  checkGaps(): void {
    for (const { kind, number, gaps, isUnknowable } of this.#missed) {
      if (isUnknowable) continue
      this.#dependencies.tally.note('invariant: what was missed is within a gap')
      const { time, cutOff } = this.#publishedBy(kind)[number] as Published
      const covers = ({ from, until }: Gap): boolean => time >= from.getTime() - slack && time <= until.getTime() + 1
      // A server that is cut off from the others answers its clients, so nobody can know when a subscription to it began to miss
      // messages: some gap is told.
      if (cutOff.size > 0 ? gaps.length > 0 : gaps.some(covers)) continue
      const told = gaps.map(({ from, until }) => `${from.getTime()} to ${until.getTime()}`).join(', ')
      this.#dependencies.violation(
        `a subscription by ${kind} missed ${number}, published at ${time.toFixed(1)}; told gaps: ${told || 'none'}`,
      )
    }
  }

  #onMessage(listener: Listener, number: number): void {
    const { kind, last, owedFrom, gaps } = listener
    this.#dependencies.note(() => `a subscription by ${kind} is told ${number}`)
    const published = this.#publishedBy(kind)
    // After a gap, a message may come again from another server, which has got it only now.
    const { latest } = published[number] as Published
    const isLate = gaps.some(({ until }) => latest >= until.getTime() - slack)
    if (number <= last && !isLate)
      this.#dependencies.violation(`a subscription by ${kind} was told ${number} after ${last}`)
    for (let missed = last === -1 ? owedFrom : last + 1; missed < number; missed += 1) {
      this.#missed.push({ kind, number: missed, gaps, isUnknowable: this.#isUnknowable(kind, missed) })
    }
    listener.last = number
    listener.gaps = []
  }

  /**
   * Whether the client can't know that a message was missed: its connection, which is still there, leads to a server that was cut
   * off from the others meanwhile, and no view has told it yet that this server was demoted.
   */
  #isUnknowable(kind: Kind, number: number): boolean {
    const { cluster, servers } = this.#dependencies
    const { cutOff } = this.#publishedBy(kind)[number] as Published
    const audience = [...servers.audienceOf(kind === 'shard' ? shardChannel : 'news').keys()]
    const isStillMaster = (connection: Audience): boolean => {
      const id = cutOff.get(connection)?.self.id
      return cluster.nodes().some((node) => node.id === id && node.role === 'master')
    }
    return audience.length > 0 && audience.every(isStillMaster)
  }

  /**
   * Whether the master of the shard is dead or silent, or has just taken the place of such a one, and was never reached: the
   * subscription ends after `connectDeadline`.
   */
  #neverReachedOwner({ kind, owedFrom }: Listener): boolean {
    if (kind !== 'shard' || owedFrom < Infinity) return false
    const { servers, clock } = this.#dependencies
    const owner = servers.ownerOf(slotOfKey(shardChannel))
    // By then, all servers know of it; and a view is asked for as long as it takes.
    const isKnown = (owner?.promotedAt ?? 0) + gossip + 500 <= clock.now()
    return owner === undefined || owner.isDead || owner.stoppedUntil > clock.now() || !isKnown
  }

  #publishedBy(kind: Kind): Published[] {
    return this.#published[kind === 'shard' ? 'shard' : 'channel']
  }
}
