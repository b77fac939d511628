import type { ResolvedOptions } from '../../options/options.js'
import type { LostRequest } from '../request/lost-request.js'
import type { Clock } from '../timing/clock.js'
import type { Identity, Question } from './identity.js'
import { UnfencedConnection } from './unfenced-connection.js'

/** The maximum number of lost connections that are remembered. */
const mostRemembered = 64

/** Lost connections are remembered for this many times `fenceTimeout`. */
const memory = 10

/** The result of an attempt to fence a lost connection. */
export type FenceResult = 'tried' | 'proven' | 'not possible'

const counterOf = {
  tried: 'fencesTried',
  proven: 'fencesProven',
  'not possible': 'fencesNotPossible',
} as const satisfies Record<FenceResult, string>

/** Commands of the fence itself that a server may refuse. */
export type FenceCommand = Question | 'CLIENT KILL' | 'CLIENT LIST'

/**
 * The fence for one address (a host and port, or a path). It makes the server close the connections that the client has
 * lost. A command that is still under way on such a connection can't run after that.
 *
 * ```
 *   lost connection      id 7 at 10.0.0.9:4711, process a   ── remembered
 *   next connection      process a    CLIENT KILL ID 7 ADDR 10.0.0.9:4711 ── 1 (closed) or 0 (not found): proven
 *                        process b    nothing is sent, because id 7 is another client there
 * ```
 *
 * Server documentation: CLIENT KILL.
 */
export class Fence {
  readonly #clock: Clock
  readonly #options: Pick<ResolvedOptions, 'fence' | 'fenceTimeout'>
  /** Open connections, and lost connections that are remembered. */
  readonly #known = new Set<Identity>()
  readonly #refused = new Set<string>()
  #unfenced: UnfencedConnection[] = []
  #isClosed = false
  /**
   * Whether the client received connection IDs that can't come from one server process. There is then a proxy at this
   * address that shares its connections to the server among clients.
   */
  #isMultiplexed = false
  readonly counts = { fencesTried: 0, fencesProven: 0, fencesNotPossible: 0 }
  /** Whether CLIENT UNBLOCK may be used. It needs the identity of the server process. */
  hasBlocking = false
  /** Called when a connection that may be fenced was lost. */
  onLost: () => void = () => {}
  readonly #onResult: (connection: number, result: FenceResult) => void

  constructor(
    clock: Clock,
    options: Pick<ResolvedOptions, 'fence' | 'fenceTimeout'>,
    onResult: (connection: number, result: FenceResult) => void,
  ) {
    this.#clock = clock
    this.#options = options
    this.#onResult = onResult
  }

  /** Whether a request that changes data may be sent again only after its lost connection was fenced. */
  get isRequired(): boolean {
    return this.#options.fence === 'require'
  }

  /** Whether connections leave out the questions that only the fence needs. */
  get isOff(): boolean {
    return this.#options.fence === 'off'
  }

  /** The questions that a connection of this user asks first. */
  questionsOf(user: string): readonly Question[] {
    const asked: Question[] = this.isOff ? (this.hasBlocking ? ['INFO'] : []) : ['CLIENT INFO', 'INFO']
    return asked.filter((question) => this.allows(user, question))
  }

  /** False after the server has refused the command to this user. */
  allows(user: string, command: FenceCommand): boolean {
    return !this.#refused.has(`${user} ${command}`)
  }

  /** Records that the server has refused the command to this user. The command is left out from now on. */
  noteRefused(user: string, command: FenceCommand): void {
    this.#refused.add(`${user} ${command}`)
  }

  /** Records the identity of a connection, after its questions were answered. */
  note(identity: Identity): void {
    for (const question of identity.refused) this.noteRefused(identity.user, question)
    identity.toldAt = this.#clock.now()
    this.#known.add(identity)
    for (const other of this.#known) if (identity.contradicts(other)) this.#isMultiplexed = true
    if (this.#isMultiplexed) this.#giveUp(this.#unfenced)
  }

  /**
   * Whether both connections lead to the same server process. If they do, a command on one of them can name the other
   * by its ID. If they do not, this ID may belong to a connection of another client.
   */
  isSameServer(one: Identity, other: Identity): boolean {
    return !this.#isMultiplexed && one.isAtServerOf(other)
  }

  /**
   * Called when a connection has ended.
   * @param wentSilent whether callers' commands to which the server does not reply (CLIENT REPLY OFF or SKIP) were sent
   *   after the last command to which it replies
   * @returns the lost connection, if commands of it may still run
   */
  lose(
    number: number,
    identity: Identity,
    lostRequests: readonly LostRequest[],
    wentSilent: boolean,
  ): UnfencedConnection | undefined {
    const doubts = lostRequests.flatMap(({ doubt }) => (doubt === undefined ? [] : [doubt]))
    if (doubts.length === 0 && !wentSilent) {
      this.#known.delete(identity)
      return undefined
    }
    const loss = { clock: this.#clock, at: this.#clock.now(), patience: this.#options.fenceTimeout }
    const unfenced = new UnfencedConnection(number, identity, doubts, loss)
    if (this.#isClosed || this.isOff) this.#end([unfenced])
    else if (!this.#isPossible(identity)) this.#giveUp([unfenced])
    else {
      this.#unfenced.push(unfenced)
      if (this.#unfenced.length > mostRemembered) this.#giveUp(this.#unfenced.slice(0, 1))
      this.onLost()
    }
    return unfenced
  }

  /** The connections to fence, the earliest first. */
  get unfenced(): readonly UnfencedConnection[] {
    const oldest = this.#clock.now() - memory * this.#options.fenceTimeout
    this.#giveUp(this.#unfenced.filter(({ loss }) => loss.at < oldest))
    return this.#unfenced
  }

  /**
   * The lost connections that can be killed over this connection, without those whose kill was already sent on it. They
   * were at the same server process, so their IDs can't belong to another client.
   */
  possible(on: Identity): readonly UnfencedConnection[] {
    if (!this.allows(on.user, 'CLIENT KILL')) return []
    return this.unfenced.filter(({ identity, askedOn }) => askedOn !== on && this.isSameServer(identity, on))
  }

  /** Counts the result now, and reports it later, because the loss must be reported first. */
  report({ number }: UnfencedConnection, result: FenceResult): void {
    this.counts[counterOf[result]] += 1
    this.#clock.defer(() => this.#onResult(number, result))
  }

  /** Called when the server has closed the connection. @param bytesRead see `UnfencedConnection.settle` */
  prove(unfenced: UnfencedConnection, bytesRead: number | undefined): void {
    if (!this.#take(unfenced)) return
    unfenced.settle(true, bytesRead)
    this.report(unfenced, 'proven')
  }

  /**
   * Gives up on all connections that were lost until now. Used when the server refuses or discards the commands that may
   * still run on them, so these commands do no harm.
   */
  abandon(): void {
    this.#giveUp(this.#unfenced)
  }

  /** Gives up on all lost connections. After this, no connection is fenced. */
  close(): void {
    this.#isClosed = true
    this.#end(this.#unfenced)
  }

  /**
   * Whether CLIENT INFO returned the line of this very connection, the server process is known, and there is no
   * multiplexing proxy.
   */
  #isPossible(identity: Identity): boolean {
    return identity.isOwn && identity.runId !== undefined && !this.#isMultiplexed
  }

  #giveUp(all: readonly UnfencedConnection[]): void {
    for (const unfenced of this.#end(all)) this.report(unfenced, 'not possible')
  }

  #end(all: readonly UnfencedConnection[]): readonly UnfencedConnection[] {
    for (const unfenced of all) {
      this.#take(unfenced)
      unfenced.settle(false)
    }
    return all
  }

  /** @returns whether the connection was remembered */
  #take(unfenced: UnfencedConnection): boolean {
    const count = this.#unfenced.length
    this.#unfenced = this.#unfenced.filter((other) => other !== unfenced)
    this.#known.delete(unfenced.identity)
    return this.#unfenced.length < count
  }
}
