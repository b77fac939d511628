import { slotCount } from '../commands/slots.js'
import type { Clock } from '../connection/timing/clock.js'
import { connectError, isFatal } from '../connection/wire/connect-failure.js'
import { messageOf, RespiteError } from '../errors.js'
import { EarliestTimer } from './earliest-timer.js'
import type { Node } from './node.js'
import type { Nodes } from './nodes.js'
import { isMasterIn, type MasterView, mostAgreed, type View, votesFor } from './view.js'

/** Milliseconds to wait for a node's answer with its view. */
const patienceMs = 500

/** The shortest pause between rounds of questions, in milliseconds. */
const leastPauseMs = 100
/** The longest pause during the time that a failover may take. Two rounds may be needed, because gossip takes time. */
const mostPauseMs = 200
/** The longest pause after that time. */
const longPauseMs = 2_000
/** The time that a failover may take: with a `cluster-node-timeout` of 15 s, which is the default, up to 21 s were measured. */
const failoverMs = 30_000

/** The number of nodes that are asked for one view. */
const voters = 3

/** What `Topology` needs from its cluster. */
export interface TopologySubject {
  /** @param askedAt clock time when the view was asked for @returns whether the view contains something new */
  onView(view: View, askedAt: number): boolean
  /** Whether a newer view is needed. */
  isNeeded(): boolean
  /** Called when all nodes were asked and none has returned a view. */
  onNoView(error: RespiteError): void
}

/** Asks the nodes for their views of the cluster, when there is a reason, and with a pause between rounds. */
export class Topology {
  readonly #clock: Clock
  readonly #nodes: Pick<Nodes, typeof Symbol.iterator | 'seeds' | 'update'>
  readonly #subject: TopologySubject
  readonly #timer: EarliestTimer
  readonly #stagger: EarliestTimer
  #isAsking = false
  #isWanted = false
  #isStopped = false
  /** Undefined from when something has changed until the next round is planned. */
  #neededSince: number | undefined
  #lastEnd = -Infinity
  /** The view that is in use. */
  #known: View | undefined
  /** The ids of all nodes that were masters in a view in use. */
  readonly #masters = new Set<string>()
  /** Whether seeds were asked in the last round, because the view in use is partial. */
  #asksSeeds = false
  /** Asks this many more seeds, until one has answered. To be called when an attempt to connect to a node has failed. */
  askNext: (count: number) => void = () => {}
  /** The node's view is not waited for. To be called when an attempt to connect to it has failed. */
  noteUnreachable: (node: Node) => void = () => {}

  constructor(clock: Clock, nodes: Pick<Nodes, typeof Symbol.iterator | 'seeds' | 'update'>, subject: TopologySubject) {
    this.#clock = clock
    this.#nodes = nodes
    this.#subject = subject
    this.#timer = new EarliestTimer(clock, () => this.#round())
    this.#stagger = new EarliestTimer(clock, () => this.askNext(2))
  }

  /**
   * Asks soon, because the last view may be outdated.
   * @param isNews whether something has just happened; in that case, the next pauses are short ones again
   */
  refresh(isNews = false): void {
    this.#isWanted = true
    if (isNews) this.#neededSince = undefined
    if (this.#isStopped || this.#isAsking || (this.#timer.isSet && !isNews)) return
    const now = this.#clock.now()
    this.#neededSince ??= now
    this.#timer.setFor(this.#lastEnd + this.#pause(now - this.#neededSince))
  }

  /** Asks the seeds, at the first connect. */
  async begin(): Promise<void> {
    const first = await this.#askSeeds()
    if (this.#isStopped) return
    this.#stagger.stop()
    if (first instanceof RespiteError) return this.#subject.onNoView(first)
    this.#nodes.update(first.view)
    // `mapAddress` may have closed the cluster.
    if (this.#isStopped) return
    this.#known = first.view
    // Other masters are asked too, because this node may have been demoted without knowing it. If they disagree, replicas decide.
    const others = this.#shuffled().filter((node) => node !== first.node)
    const some = (role: Node['role']): Node[] => others.filter((node) => node.role === role).slice(0, voters)
    const asked = [...new Set([...(this.#isPartial ? this.#seeds(first.node) : []), ...some('master')])].slice(
      0,
      voters,
    )
    // If some slots have no owner, the replicas that this node names would agree with it, and the other seeds decide.
    const reserve = this.#isPartial ? [] : some('replica')
    // Of three views, two that agree are enough, so one other master that is lost is not waited for.
    if (asked.length === 1) asked.push(...reserve.splice(0, 1))
    // If attempts to connect to them have failed before, the next one may be far away.
    for (const node of asked) node.renew()
    await this.#round(asked, [first.view], reserve)
  }

  stop(): void {
    this.#isStopped = true
    this.#timer.stop()
    this.#stagger.stop()
  }

  /** Returns a pause with full jitter. It is longer in large clusters, because many clients ask at the same time. */
  #pause(neededFor: number): number {
    const most = neededFor > failoverMs ? longPauseMs : mostPauseMs
    return (leastPauseMs + this.#clock.random() * (most - leastPauseMs)) * (1 + [...this.#nodes].length / 100)
  }

  /** @param reserve nodes that are asked only if the views of the others differ */
  async #round(nodes = this.#choose(), known: readonly View[] = [], reserve: readonly Node[] = []): Promise<void> {
    this.#isAsking = true
    this.#isWanted = false
    const askedAt = this.#clock.now()
    let views = await this.#viewsOf(nodes, known)
    if (views.some(({ text }) => text !== views[0]?.text)) views = await this.#viewsOf(reserve, views)
    this.#isAsking = false
    if (this.#isStopped) return
    this.#lastEnd = this.#clock.now()
    const view = mostAgreed(this.#believed(views, askedAt), [...this.#nodes].filter(isSuspect), this.#known?.text)
    let isNew = false
    if (view !== undefined) {
      this.#known = view
      for (const { id } of view.masters) this.#masters.add(id)
      isNew = this.#subject.onView(view, askedAt)
    }
    if (this.#isWanted || this.#subject.isNeeded()) this.refresh(isNew)
    else this.#neededSince = undefined
  }

  /**
   * Returns the views without any that may be that of a demoted master which does not know it: it names a node that was a master, but
   * others have all slots now, and it is the view of only one node, which the view in use does not name. Servers that are cut off
   * refuse commands within the time that a failover may take, so such a view is used after that time.
   */
  #believed(views: readonly View[], askedAt: number): readonly View[] {
    if (this.#isPartial || askedAt - (this.#neededSince ?? askedAt) > failoverMs) return views
    const isBack = (node: MasterView): boolean => this.#masters.has(node.id) && !isMasterIn(node, this.#known)
    return views.filter((view) => view.by.role !== 'unknown' || votesFor(view, views) > 1 || !view.masters.some(isBack))
  }

  /** Asks all these nodes. Resolves when most of them agree, or when all have answered or failed. */
  #viewsOf(nodes: readonly Node[], known: readonly View[]): Promise<readonly View[]> {
    const views = [...known]
    const total = nodes.length + known.length
    return new Promise((resolve) => {
      const open = new Set(nodes)
      if (open.size === 0) resolve(views)
      const end = (node: Node): void => {
        open.delete(node)
        if (open.size === 0 || views.some((view) => votesFor(view, views) > total / 2)) resolve(views)
      }
      if (known.length === 0) this.noteUnreachable = end
      for (const node of nodes) {
        node.ask(patienceWith(node)).then(
          (view) => {
            views.push(view)
            end(node)
          },
          () => end(node),
        )
      }
    })
  }

  /**
   * Chooses a few nodes: first masters, then other nodes, without those that are being connected to, because they may be dead: the
   * round that brings the new view must not wait for them. If none is ready, also nodes that may be lost. If the view in use is
   * partial, two of the nodes are seeds in every second round; between these, those that no view names are removed.
   */
  #choose(): readonly Node[] {
    this.#asksSeeds = this.#isPartial && !this.#asksSeeds
    const seeds = this.#asksSeeds ? this.#seeds() : []
    const all = this.#shuffled()
    const isChosen = (node: Node): boolean => seeds.includes(node)
    const trusted = all.filter(
      (node) => !isSuspect(node) && !node.isConnecting && (node.role !== 'unknown' || isChosen(node)),
    )
    const rank = (node: Node): number => (isChosen(node) ? 0 : node.isReady && node.role === 'master' ? 1 : 2)
    const best = trusted.sort((one, other) => rank(one) - rank(other)).slice(0, voters)
    if (best.some(({ isReady }) => isReady)) return best
    return [...new Set([best, all.slice(0, voters), this.#seeds()].flat())]
  }

  /** Whether some slots have no owner in the view in use. The nodes that it names may have been cut off from the other nodes. */
  get #isPartial(): boolean {
    return (this.#known?.covered ?? slotCount) < slotCount
  }

  /** Returns two seeds. */
  #seeds(except?: Node): Node[] {
    return this.#shuffled(this.#nodes.seeds().filter((node) => node !== except)).slice(0, 2)
  }

  #shuffled(nodes: Iterable<Node> = this.#nodes): Node[] {
    return [...nodes]
      .map((node) => [this.#clock.random(), node] as const)
      .sort(([one], [other]) => one - other)
      .map(([, node]) => node)
  }

  /** Asks two seeds at a time. The next ones are asked when these have been silent for a while, or when an attempt has failed. */
  #askSeeds(): Promise<{ readonly view: View; readonly node: Node } | RespiteError> {
    const seeds = this.#nodes.seeds()
    const total = seeds.length
    const errors: unknown[] = []
    return new Promise((resolve) => {
      this.askNext = (count) => {
        for (const seed of seeds.splice(0, count)) {
          seed.ask(seed.settings.options.connectTimeout).then(
            (view) => {
              seeds.length = 0
              resolve({ view, node: seed })
            },
            (error: unknown) => {
              if (errors.push(error) === total) resolve(failureOf(errors))
              this.askNext(1)
            },
          )
        }
        // After 200 ms, the next seeds are asked too.
        if (seeds.length > 0) this.#stagger.setFor(this.#clock.now() + 200)
      }
      this.askNext(2)
    })
  }
}

/** Milliseconds until a silent node may be lost; 0 or less if it may be lost already. */
const timeLeft = ({ settings, silence }: Node): number => Math.min(patienceMs, settings.options.suspectAfter) - silence

/** Whether a node may be lost. */
const isSuspect = (node: Node): boolean => node.confirmedFrom !== undefined || timeLeft(node) <= 0

/** Milliseconds to wait for a node's view. A node that becomes suspect has no vote, because another may have taken its place. */
const patienceWith = (node: Node): number => (isSuspect(node) ? patienceMs : timeLeft(node))

/** What servers reply that have no cluster, or do not permit the question. */
const refusal = /^(NOPERM|ERR (unknown|.*disabled))/

/** Returns the first error if each further attempt would fail too, because of all nodes; otherwise a ConnectError. */
function failureOf(errors: readonly unknown[]): RespiteError {
  const [first] = errors
  if (errors.every((error) => error instanceof RespiteError && (isFatal(error) || refusal.test(error.message))))
    return first as RespiteError
  const list = errors.map(messageOf).join('; ')
  return connectError(`no node with slots was found (${list})`, first)
}
