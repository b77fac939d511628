import { type Aftermath, type Fate, RespiteError } from '../../errors.js'
import type { Redirect } from '../../options/options.js'
import type { Encoder } from '../../protocol/encoder.js'
import type { DecodeMode, ErrorReply, Reply } from '../../protocol/types.js'
import { rejectWithCallers, resolveInOrder } from './async-callers.js'
import { Doubt, JoinedDoubts } from './doubt.js'
import { joinFates, type ReplyPart } from './fate.js'

/**
 * State of a request.
 *
 * - `queued`: its frame was not passed to a socket;
 * - `sent`: its frame may be sent; its reply is pending;
 * - `settled`: its promise is settled. If the request was sent, it keeps its slot in the ledger until its reply is
 *   read, so that replies match commands.
 */
export type RequestState = 'queued' | 'sent' | 'settled'

/** An error reply after which the request may be sent again. */
export interface Refusal {
  /**
   * When to send it again: after a pause (the server is busy), on a new connection (this server no longer accepts it),
   * or immediately (in another form).
   */
  readonly retry: 'later' | 'elsewhere' | 'now'
  /** In a cluster, the node to send the request to. */
  readonly redirect?: Redirect | undefined
  /**
   * Whether the error may come from the user's code, which may have done some work before. Otherwise, the error proves
   * that nothing ran.
   */
  readonly mayHaveRun: boolean
}

/**
 * The keys that a request may change, with their bytes as Latin-1. It is empty if the request changes none, and 'all'
 * if the keys are not known.
 */
export type ChangedKeys = ReadonlySet<string> | 'all'

/** The details of the error of a request. */
export interface FailureDetails {
  readonly fate: Fate
  readonly command: string
  readonly attempts: number
  /** The later result of a sent request whose caller no longer waits. */
  readonly outcome?: Promise<unknown>
  /** What becomes known later, if the fate is `unknown`. */
  readonly aftermath?: Aftermath
}

/** Creates the error that a request is rejected with. Each request gets a new object. */
export type Rejection = (details: FailureDetails) => RespiteError

/** The requests with the same time limit. */
export interface DeadlineList {
  delete(request: Request): void
}

/** The items that wait with the same signal. */
export interface SignalGroup<Item> {
  delete(item: Item): void
}

/** An item whose wait an AbortSignal can end. It is a link in the list of its signal. */
export interface Cancellable<Item> {
  signals: SignalGroup<Item> | null
  nextOfSignal: Item | null
  previousOfSignal: Item | null
}

/** Settles the promise that `AbortError.outcome` or `TimeoutError.outcome` holds. */
interface Outcome {
  /** Reports whether the attempt ran. */
  readonly doubt: Doubt
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Requests that the server refused for now when their callers no longer waited: they have not run. */
export const refusedUnheard = new WeakSet<Request>()

/**
 * One command or transaction. The connection layer does not know any command by name. Subclasses above this layer
 * describe the commands.
 */
export abstract class Request implements Cancellable<Request> {
  state: RequestState = 'queued'
  /** How many times it was passed to a socket. */
  attempts = 0
  /**
   * What is known about earlier attempts; null if there is nothing yet. If an earlier attempt may have run, later
   * attempts don't change that.
   */
  #earlier: { certain: Fate; readonly doubts: Doubt[] } | null = null
  /** Clock time of the call. */
  calledAt = 0
  /** Size of its arguments, for queue limits. */
  bytes = 0
  /**
   * Number of bytes of the current attempt in the stream. They include frames without a reply just before its own
   * frames.
   */
  frameBytes = 0
  /** The queue it waits in. */
  queue: { withdrawn(request: Request): void } | null = null
  /** The server's last temporary refusal, until the request is lost with its connection; and the number of such refusals. */
  refusal: ErrorReply | null = null
  refusals = 0
  /** Pending replies of the current attempt: 1 for a command, more for a transaction. */
  repliesOwed = 1

  // Links of the deadline list. They are fields of the request, so that adding and removing allocate nothing.
  deadlines: DeadlineList | null = null
  later: Request | null = null
  earlier: Request | null = null

  // Links of the list of the request's signal.
  signals: SignalGroup<Request> | null = null
  nextOfSignal: Request | null = null
  previousOfSignal: Request | null = null
  /** Null if the wait began at the call, because storing a number would cost 16 bytes for each command. */
  #requeuedAt: number | null = null
  #outcome: Outcome | null = null
  #resolve: (value: unknown) => void
  #reject: (error: unknown) => void

  constructor(resolve: (value: unknown) => void, reject: (error: unknown) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Clock time when its wait began. */
  get queuedAt(): number {
    return this.#requeuedAt ?? this.calledAt
  }

  set queuedAt(time: number) {
    this.#requeuedAt = time
  }

  /** The command's name, for errors and listings. */
  abstract get name(): string
  /** How to decode the replies. */
  abstract get mode(): DecodeMode
  /** The number of replies to one attempt. */
  abstract get replyCount(): number
  /** Time limit in milliseconds from the call; 0: none. */
  abstract get timeout(): number
  /** How many times it may be passed to a socket. */
  abstract get maxAttempts(): number
  /**
   * Appends its frame, or frames, to the current batch.
   * @param known the scripts that this server already has, so that they need not be sent
   */
  abstract encode(encoder: Encoder, known: Set<string>): void
  /** Whether the retry policy allows sending the request again after it may have run. */
  abstract mayReplay(): boolean
  /**
   * Whether it may be sent again after this last reply, which is an error.
   * @returns undefined if the error is its result
   */
  abstract refusedForNow(reply: ErrorReply): Refusal | undefined

  /** How many milliseconds it may wait at the server; 0 if it does not wait, Infinity if there is no limit. */
  get serverWait(): number {
    return 0
  }

  /**
   * Whether it first sends a question, which does not count as an attempt, and may continue after a reply that is not
   * an error.
   */
  get asksFurther(): boolean {
    return false
  }

  /**
   * Whether it continues after this reply, which is not an error. Called only if `asksFurther`.
   * @returns undefined if the reply is the result
   */
  continueAfter(_reply: Reply): Refusal | undefined {
    return undefined
  }

  /**
   * Whether it may be sent again after this last reply, and its caller still waits.
   * @param error the reply, if it is an error
   */
  refusalBy(reply: Reply, error: ErrorReply | undefined): Refusal | undefined {
    if (this.state === 'settled') {
      if (error !== undefined && this.refusedForNow(error)?.mayHaveRun === false) refusedUnheard.add(this)
      return undefined
    }
    if (error !== undefined) return this.refusedForNow(error)
    return this.asksFurther ? this.continueAfter(reply) : undefined
  }

  /** Accepts a reply that is not the last one. Overridden by requests that have several replies. */
  collect(_reply: Reply): void {}

  /** Returns the result for the last reply, or throws the error that the caller gets. */
  abstract conclude(reply: Reply, hasNestedErrors: boolean): unknown

  /** What its last reply, which is not an error, shows. */
  fateBy(_reply: Reply): Fate {
    return 'executed'
  }

  /** The keys that it may change. The result is not stored, because it is rarely needed. */
  changedKeys(): ChangedKeys {
    return 'all'
  }

  /** Whether it is sent only when no reply is pending, and nothing after it until it is answered. */
  get isSentAlone(): boolean {
    return false
  }

  /** Whether the server replies to it by closing the connection, if it accepts it. Such a request is sent alone. */
  get isAnsweredByClose(): boolean {
    return false
  }

  /** Whether a request that is sent alone can't be sent yet. Until it can, no request after it is sent. */
  get isHeld(): boolean {
    return false
  }

  /** Whether its signal or time limit may settle it before its frame is sent. */
  get mayBeAbandoned(): boolean {
    return this.timeout > 0 || this.signals !== null
  }

  /** The number of bytes at the end of its frames without which the server can't run any part of it. */
  get neededBytes(): number {
    return 1
  }

  /** What a part of the last reply proves. `none` means nothing. */
  evidenceOf(part: ReplyPart): ReplyPart {
    return part
  }

  /**
   * Whether the state of the connection at the server is unknown after this last reply. If so, the connection must not
   * be used any more.
   */
  leavesDoubt(_reply: ErrorReply): boolean {
    return false
  }

  /** Whether this is a request of the client itself, which no caller waits for. */
  get isOwn(): boolean {
    return false
  }

  /** Whether `close()` waits for its reply, even if its caller no longer does: the reply settles its `outcome`. */
  get isWanted(): boolean {
    return true
  }

  /** Whether its promise is the promise that a caller has. */
  protected get hasCaller(): boolean {
    return false
  }

  /** Whether it changes no data. */
  get isRead(): boolean {
    return false
  }

  /**
   * Whether it may be sent again without asking whether it ran, because that leaves the same state and gives an equally
   * true reply.
   */
  get isIdempotent(): boolean {
    return this.isRead
  }

  /** Whether an earlier attempt may still run. */
  get mayRunLate(): boolean {
    return this.#earlier?.doubts.some(({ isFenced }) => !isFenced) === true
  }

  /**
   * Records the fate of an attempt that is not the last one.
   * @param doubt given if the fate of the attempt may become known later
   */
  noteAttempt(fate: Fate, doubt?: Doubt): void {
    this.#earlier ??= { certain: 'not-executed', doubts: [] }
    if (doubt === undefined || fate !== 'unknown') this.#earlier.certain = joinFates(this.#earlier.certain, fate)
    if (doubt !== undefined) this.#earlier.doubts.push(doubt)
  }

  /**
   * The details of a failure. This is the only place where the fate of the last attempt is joined with the fates of
   * earlier attempts.
   * @param fate the fate of the last attempt
   * @param doubt see `noteAttempt`
   */
  detailsOf(fate: Fate, doubt?: Doubt): FailureDetails {
    const { certain: before, doubts: earlier } = this.#earlier ?? { certain: 'not-executed', doubts: [] }
    const certain = doubt === undefined || fate !== 'unknown' ? joinFates(before, fate) : before
    const doubts = doubt === undefined ? earlier : [...earlier, doubt]
    const joined = doubts.reduce((sum, { fate: each }) => joinFates(sum, each), certain)
    const details = { fate: joined, command: this.name, attempts: this.attempts }
    return joined === 'unknown' ? { ...details, aftermath: new JoinedDoubts([...doubts], certain) } : details
  }

  /** Accepts the last reply. */
  answer(reply: Reply, hasNestedErrors: boolean): void {
    if (this.state === 'settled') {
      this.#answerLate(reply, hasNestedErrors)
      return
    }
    this.#leave()
    let value: unknown
    try {
      value = this.conclude(reply, hasNestedErrors)
    } catch (error) {
      this.#rejectCaller(error)
      return
    }
    // A request of the client itself is settled immediately, because its reply may decide what is sent next.
    if (this.hasCaller) resolveInOrder(this.#resolve, value)
    else this.#resolve(value)
  }

  /**
   * Rejects the request. If it is already settled, only its `outcome` is rejected.
   * @param fate the fate of the last attempt
   * @param doubt see `noteAttempt`
   */
  fail(fate: Fate, rejection: Rejection, doubt?: Doubt): void {
    if (this.state === 'settled') {
      const outcome = this.#outcome
      this.#outcome = null
      outcome?.reject(rejection(this.detailsOf(fate, doubt)))
      if (doubt === undefined) outcome?.doubt.settle(fate)
      else outcome?.doubt.follow(doubt, fate)
      return
    }
    this.#leave()
    this.#rejectCaller(rejection(this.detailsOf(fate, doubt)))
  }

  /** Rejects a sent request whose reply may still come. */
  abandon(rejection: Rejection): void {
    const doubt = new Doubt()
    const outcome = new Promise<unknown>((resolve, reject) => {
      this.#outcome = { resolve, reject, doubt }
    })
    // If nobody handles this promise, its rejection must not be reported as unhandled.
    outcome.catch(() => {})
    this.#leave()
    this.#rejectCaller(rejection({ ...this.detailsOf('unknown', doubt), outcome }))
  }

  #rejectCaller(error: unknown): void {
    // Any other error is a bug in this package, and the error's own stack shows where.
    if (this.hasCaller && error instanceof RespiteError) rejectWithCallers(this.#resolve, this.#reject, error)
    else this.#reject(error)
  }

  #answerLate(reply: Reply, hasNestedErrors: boolean): void {
    const outcome = this.#outcome
    if (outcome === null) return
    this.#outcome = null
    try {
      outcome.resolve(this.conclude(reply, hasNestedErrors))
      outcome.doubt.settle(this.fateBy(reply))
    } catch (error) {
      outcome.reject(error)
      const { fate = 'executed' } = error as Partial<RespiteError>
      outcome.doubt.settle(fate, true)
    }
  }

  #leave(): void {
    this.state = 'settled'
    if (this.deadlines !== null) this.deadlines.delete(this)
    if (this.signals !== null) {
      this.signals.delete(this)
      this.signals = null
    }
  }
}
