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
 * - `queued`: its frame was not given to a socket;
 * - `sent`: its frame may be sent; its reply is pending;
 * - `settled`: its caller has been told. If it was sent, it keeps its slot in the ledger until its reply is read, so that
 *   replies match commands.
 */
export type RequestState = 'queued' | 'sent' | 'settled'

/** An error reply after which the request may be sent again. */
export interface Refusal {
  /**
   * When: after a pause (the server is busy), on a new connection (this server no longer takes it), or at once (in another
   * form).
   */
  readonly retry: 'later' | 'elsewhere' | 'now'
  /** In a cluster: where. */
  readonly redirect?: Redirect | undefined
  /** The error may come from the user's code, after that did some work. Else it proves that nothing ran. */
  readonly mayHaveRun: boolean
}

/** The keys that a request may change, by their bytes as Latin-1; empty if it changes none; 'all' if they are not known. */
export type ChangedKeys = ReadonlySet<string> | 'all'

/** The details of the error of a request. */
export interface FailureDetails {
  readonly fate: Fate
  readonly command: string
  readonly attempts: number
  /** For a sent request whose caller no longer waits: its later result. */
  readonly outcome?: Promise<unknown>
  /** For fate `unknown`: what becomes known later. */
  readonly aftermath?: Aftermath
}

/** Makes the error that a request is rejected with: a new object for each. */
export type Rejection = (details: FailureDetails) => RespiteError

/** The requests with the same time limit. */
export interface DeadlineList {
  delete(request: Request): void
}

/** What waits under the same signal. */
export interface SignalGroup<Item> {
  delete(item: Item): void
}

/** What an AbortSignal can end: a link of the list of its signal. */
export interface Cancellable<Item> {
  signals: SignalGroup<Item> | null
  nextOfSignal: Item | null
  previousOfSignal: Item | null
}

/** Settles the promise that `AbortError.outcome` or `TimeoutError.outcome` holds. */
interface Outcome {
  /** Whether the attempt ran. */
  readonly doubt: Doubt
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * One command or transaction. The connection layer knows no command by name: subclasses, above this layer, describe
 * them.
 */
export abstract class Request implements Cancellable<Request> {
  state: RequestState = 'queued'
  /** How often it was sent to a socket. */
  attempts = 0
  /** Earlier attempts, if one has had a fate. If one may have run, later attempts don't change that. */
  #earlier: { certain: Fate; readonly doubts: Doubt[] } | null = null
  /** Clock time of the call. */
  calledAt = 0
  /** Size of its arguments, for queue limits. */
  bytes = 0
  /** Bytes of its current attempt in the stream: its frames, and frames without a reply before them. */
  frameBytes = 0
  /** The queue it waits in. */
  queue: { withdrawn(request: Request): void } | null = null
  /** The server's last refusal for now, and how many there were. */
  refusal: ErrorReply | null = null
  refusals = 0
  /** Pending replies of the current attempt: 1 for a command, more for a transaction. */
  repliesOwed = 1

  // Links of the deadline list, here so that adding and removing allocate nothing.
  deadlines: DeadlineList | null = null
  later: Request | null = null
  earlier: Request | null = null

  // The same for the list of its signal.
  signals: SignalGroup<Request> | null = null
  nextOfSignal: Request | null = null
  previousOfSignal: Request | null = null
  /** Null while it waits since its call: a number costs each command 16 bytes. */
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
  /** How to decode its replies. */
  abstract get mode(): DecodeMode
  /** Replies to one attempt. */
  abstract get replyCount(): number
  /** Time limit in milliseconds from the call; 0: none. */
  abstract get timeout(): number
  /** How often it may be sent to a socket. */
  abstract get maxAttempts(): number
  /** Milliseconds that it may wait at the server; 0: none, Infinity: no limit. */
  abstract get serverWait(): number
  /**
   * Appends its frame, or frames, to the current batch.
   * @param known what this server already has, so that it need not be sent
   */
  abstract encode(encoder: Encoder, known: Set<string>): void
  /** Whether its retry policy allows a replay after it may have run. */
  abstract mayReplay(): boolean
  /**
   * Whether it may be sent again after this last reply, an error.
   * @returns undefined if the error is its result
   */
  abstract refusedForNow(reply: ErrorReply): Refusal | undefined

  /** Whether it sends a question first, which is no attempt, and may continue after a reply that is no error. */
  get asksFurther(): boolean {
    return false
  }

  /**
   * Whether it continues after this reply, no error. Called only if `asksFurther`.
   * @returns undefined if the reply is the result
   */
  continueAfter(_reply: Reply): Refusal | undefined {
    return undefined
  }

  /**
   * Whether it may be sent again after this last reply, and its caller still waits.
   * @param error the reply, if it is one
   */
  refusalBy(reply: Reply, error: ErrorReply | undefined): Refusal | undefined {
    if (this.state === 'settled') return undefined
    if (error !== undefined) return this.refusedForNow(error)
    return this.asksFurther ? this.continueAfter(reply) : undefined
  }

  /** Takes a reply that is not the last one. */
  abstract collect(reply: Reply): void
  /** Returns the result for the last reply, or throws the error that the caller gets. */
  abstract conclude(reply: Reply, hasNestedErrors: boolean): unknown

  /** Whether it has run, by its last reply, which is no error. */
  hasRun(_reply: Reply): boolean {
    return true
  }

  /** The keys that it may change. Not kept, because it is needed seldom. */
  changedKeys(): ChangedKeys {
    return 'all'
  }

  /** Whether it is sent only when no reply is pending, and nothing after it until it is answered. */
  get isSentAlone(): boolean {
    return false
  }

  /** Of a request that is sent alone: whether it can't be sent yet. Until it can, nothing behind it is sent. */
  get isHeld(): boolean {
    return false
  }

  /** Whether its signal or time limit may settle it before its frame is sent. */
  get mayBeAbandoned(): boolean {
    return this.timeout > 0 || this.signals !== null
  }

  /** So many bytes at the end of its frames are needed for the server to run any of it. */
  get neededBytes(): number {
    return 1
  }

  /** What a part of its last reply proves. `none`: nothing. */
  evidenceOf(part: ReplyPart): ReplyPart {
    return part
  }

  /** Whether the connection's state at the server is in doubt after this last reply: then it must not be used any more. */
  leavesDoubt(_reply: ErrorReply): boolean {
    return false
  }

  /** Whether it is the client's own, which no caller waits for. */
  get isOwn(): boolean {
    return false
  }

  /** Whether its promise is that of a caller. */
  protected get hasCaller(): boolean {
    return false
  }

  /** Whether it changes no data. */
  get isRead(): boolean {
    return false
  }

  /** Whether it may be sent again without asking whether it ran: that leaves the same state and an equally true reply. */
  get isIdempotent(): boolean {
    return this.isRead
  }

  /** Whether an earlier attempt may still run. */
  get mayRunLate(): boolean {
    return this.#earlier?.doubts.some(({ isFenced }) => !isFenced) === true
  }

  /** Notes the fate of an attempt that is not the last. @param doubt of an attempt whose fate may become known later */
  noteAttempt(fate: Fate, doubt?: Doubt): void {
    this.#earlier ??= { certain: 'not-executed', doubts: [] }
    if (doubt === undefined) this.#earlier.certain = joinFates(this.#earlier.certain, fate)
    else this.#earlier.doubts.push(doubt)
  }

  /**
   * The details of a failure. Only here the fate of the last attempt is joined with earlier ones.
   * @param fate of the last attempt
   * @param doubt as of `noteAttempt`
   */
  detailsOf(fate: Fate, doubt?: Doubt): FailureDetails {
    const { certain: before, doubts: earlier } = this.#earlier ?? { certain: 'not-executed', doubts: [] }
    const certain = doubt === undefined ? joinFates(before, fate) : before
    const doubts = doubt === undefined ? earlier : [...earlier, doubt]
    const joined = doubts.reduce((sum, { fate: each }) => joinFates(sum, each), certain)
    const details = { fate: joined, command: this.name, attempts: this.attempts }
    return joined === 'unknown' ? { ...details, aftermath: new JoinedDoubts([...doubts], certain) } : details
  }

  /** Takes the last reply. */
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
    resolveInOrder(this.#resolve, value)
  }

  /**
   * Rejects the request. If it is already settled, only its `outcome` is rejected.
   * @param fate of the last attempt
   * @param doubt as of `noteAttempt`
   */
  fail(fate: Fate, rejection: Rejection, doubt?: Doubt): void {
    if (this.state === 'settled') {
      const outcome = this.#outcome
      this.#outcome = null
      outcome?.reject(rejection(this.detailsOf(fate, doubt)))
      if (doubt === undefined) outcome?.doubt.settle(fate !== 'unknown', fate)
      else outcome?.doubt.follow(doubt)
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
    // If nobody looks at it, it must not be reported.
    outcome.catch(() => {})
    this.#leave()
    this.#rejectCaller(rejection({ ...this.detailsOf('unknown', doubt), outcome }))
  }

  #rejectCaller(error: unknown): void {
    // Any other error is a fault in this package, whose stack shows where.
    if (this.hasCaller && error instanceof RespiteError) rejectWithCallers(this.#resolve, this.#reject, error)
    else this.#reject(error)
  }

  #answerLate(reply: Reply, hasNestedErrors: boolean): void {
    const outcome = this.#outcome
    if (outcome === null) return
    this.#outcome = null
    try {
      outcome.resolve(this.conclude(reply, hasNestedErrors))
      outcome.doubt.settle(true, this.hasRun(reply) ? 'executed' : 'not-executed')
    } catch (error) {
      outcome.reject(error)
      const { fate = 'executed' } = error as Partial<RespiteError>
      outcome.doubt.settle(true, fate)
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
