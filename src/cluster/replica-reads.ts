import type { Refusal, Request } from '../connection/request/request.js'
import type { SharedConnection } from '../connection/shared/shared-connection.js'
import type { Timer } from '../connection/timing/clock.js'
import type { ConfiguredRequest } from '../dispatch/configured-request.js'
import { ReplyError } from '../errors.js'
import { ErrorReply } from '../protocol/types.js'
import type { CommonIntake } from './common-intake.js'
import type { Node } from './node.js'
import type { RouterSubject } from './router-subject.js'

/** The longest pause between views in milliseconds while replicas are used, because no error tells that there are new replicas. */
const viewMs = 60_000
/**
 * The pause after the cluster has changed. It doubles with each view. A demoted master becomes a replica soon. A replica that has
 * refused a read is not used for as long.
 */
const earlyMs = 1_000
/** Milliseconds until the next look for a replica that is ready, if there was none. */
const lookMs = 100

/** What reads from replicas need from the router. */
export interface ReadsSubject extends Pick<RouterSubject, 'options' | 'clock' | 'refresh' | 'onSent' | 'onError'> {
  readonly nodes: Iterable<Node>
  readonly intake: CommonIntake
  /** Called with a read that no replica has answered. */
  onReturned(request: Request): void
}

/**
 * Sends reads to replicas, on separate connections with READONLY. These connections are used for nothing else: a demoted
 * master must not answer commands that are for a master.
 *
 * A read never waits for a replica. If none is ready, or if the replica refuses it or is lost, it is sent to the master.
 */
export class ReplicaReads {
  readonly #subject: ReadsSubject
  /** The replica that is used for a master. It is not changed without a reason, so that reads don't go back in time. */
  readonly #choices = new WeakMap<Node, Node>()
  /** Masters without a replica that is ready, and the clock time of the next look. */
  #without = new WeakMap<Node, number>()
  #timer: Timer | undefined
  #pause = earlyMs

  constructor(subject: ReadsSubject) {
    this.#subject = subject
  }

  /**
   * Sends a request to a replica of this master, or rejects it because too much waits there.
   * @returns false if it must be sent to the master
   */
  take(request: ConfiguredRequest, signal: AbortSignal | undefined, master: Node): boolean {
    const { intake, onSent } = this.#subject
    const reader = this.#replicaOf(master)?.reader
    if (!reader) return false
    if (!reader.admit(request)) return true
    intake.watchNew(request, signal)
    reader.push(request)
    onSent()
    return true
  }

  /** Leaves replicas that are silent. @returns whether replies of replicas are pending */
  leaveSilent(): boolean {
    const { nodes, options } = this.#subject
    let isBusy = false
    for (const { reader } of nodes) {
      if (!reader?.connection?.isBusy) continue
      isBusy = true
      if (reader.connection.silence >= options.suspectAfter)
        reader.moveTo(() => false, new Error('the replica is silent'))
    }
    return isBusy
  }

  /**
   * Called with each view. Closes the connections to replicas that have become masters.
   * @param isNew whether the cluster has changed
   */
  onView(isNew: boolean): void {
    if (isNew && this.#timer !== undefined) {
      this.stop()
      this.#pause = earlyMs
      this.#watch()
    }
    for (const node of this.#subject.nodes) {
      const { reader, role } = node
      // Reads that were called in this tick are not sent yet. The connection is closed with a later view.
      if (role !== 'master' || !reader || reader.connection?.isBusy || reader.backlog.count > 0) continue
      reader.destroy()
      node.reader = undefined
    }
  }

  stop(): void {
    this.#subject.clock.cancel(this.#timer)
    this.#timer = undefined
  }

  #replicaOf(master: Node): Node | undefined {
    const { clock, nodes } = this.#subject
    const isReplica = ({ role, masterId }: Node): boolean => role === 'replica' && masterId === master.id
    const isUsable = (node: Node): boolean =>
      isReplica(node) && node.reader?.status === 'ready' && (node.restsUntil === 0 || node.restsUntil <= clock.now())
    const choice = this.#choices.get(master)
    if (choice && isUsable(choice)) return choice
    const now = clock.now()
    if ((this.#without.get(master) ?? 0) > now) return undefined
    this.#watch()
    const replicas = [...nodes].filter(isReplica)
    const ready = this.#oneOf(replicas.filter(isUsable))
    if (ready) {
      this.#choices.set(master, ready)
      return ready
    }
    this.#without.set(master, now + lookMs)
    if (replicas.some(({ reader }) => reader?.status === 'connecting')) return undefined
    const next = this.#oneOf(replicas.filter(({ reader }) => !reader || reader.status === 'idle'))
    if (next) this.#open(next)
    return undefined
  }

  #oneOf(nodes: readonly Node[]): Node | undefined {
    return nodes[Math.floor(this.#subject.clock.random() * nodes.length)]
  }

  #open(node: Node): void {
    const { intake, onError, refresh } = this.#subject
    node.reader ??= node.openReader({
      router: {
        intake,
        onRefused: (request, reply, refusal) => reply !== null && this.#onRefused(node, request, reply, refusal),
        onQuiet: () => {},
      },
      onStatus: (status) => {
        if (status === 'ready') void this.#begin(node)
      },
      onLost: (loss) => {
        node.diagnostics.publish({ event: 'lost', ...loss })
        const { backlog } = node.reader as SharedConnection
        backlog.rejoin()
        for (const request of backlog.queue.takeAll()) {
          // The client's own requests concern this connection only. AUTH has been withdrawn with it.
          if (!request.isOwn) this.#subject.onReturned(request)
        }
        refresh(true)
      },
      onError: (error) => {
        onError(error)
        refresh()
      },
      onPush: () => {},
    })
    node.reader.start()
  }

  /** Sends READONLY before anything else. Server documentation: READONLY. */
  async #begin(node: Node): Promise<void> {
    const { clock, options, onError } = this.#subject
    node.restsUntil = 0
    this.#without = new WeakMap()
    // If there is no reply, the connection is lost.
    const reply = await node
      .question(node.reader as SharedConnection, ['READONLY'], options.connectTimeout)
      .catch(() => undefined)
    if (!(reply instanceof ErrorReply)) return
    node.restsUntil = Infinity
    // While the server is busy with a script, the connection stays open.
    if (/^BUSY /.test(reply.message)) clock.after(earlyMs, () => void this.#begin(node), false)
    onError(new ReplyError(reply.message, { command: 'READONLY', attempts: 1 }))
  }

  /** @returns whether the request is no longer for the replica */
  #onRefused(node: Node, request: Request, reply: ErrorReply, { retry, redirect, mayHaveRun }: Refusal): boolean {
    if (!redirect && retry === 'now') return false
    if (mayHaveRun && !(request.mayReplay() && request.attempts < request.maxAttempts)) {
      request.answer(reply, false)
      return true
    }
    const now = this.#subject.clock.now()
    // After ASK and TRYAGAIN, the replica can answer other reads.
    if (redirect?.to !== 'ask' && redirect?.to !== 'later') {
      node.restsUntil = Math.max(node.restsUntil, now + earlyMs)
      this.#subject.refresh()
    }
    request.state = 'queued'
    request.queuedAt = now
    this.#subject.onReturned(request)
    return true
  }

  /** Asks for a view regularly. */
  #watch(): void {
    const { clock, refresh } = this.#subject
    this.#timer ??= clock.after(this.#pause, () => {
      this.#timer = undefined
      this.#pause = Math.min(2 * this.#pause, viewMs)
      refresh()
      this.#watch()
    })
  }
}
