import type { Fate, RespiteError } from '../../errors.js'
import type { Encoder } from '../../protocol/encoder.js'
import type { DecodeMode, ErrorReply, Reply } from '../../protocol/types.js'
import { joinFates, type ReplyPart } from './fate.js'

/**
 * Where a request is in its life.
 *
 * - `queued`: its frame has not been given to a socket;
 * - `sent`: its whole frame may have left, a reply is owed;
 * - `settled`: its caller has been told. One that was sent keeps its slot in the ledger all the same until its reply
 *   is read: that keeps replies and commands paired.
 */
export type RequestState = 'queued' | 'sent' | 'settled'

/** An error reply after which the request may be sent again. */
export interface Refusal {
  /**
   * When: after a wait (the server is busy with itself), on a new connection (this server does not take it any more), or
   * at once (in another form).
   */
  readonly retry: 'later' | 'elsewhere' | 'now'
  /** The error may be the word of code of the user, which did its work before. Else it proves that nothing ran. */
  readonly mayHaveRun: boolean
}

/** What the error of a failed request is made of. */
export interface FailureDetails {
  readonly fate: Fate
  readonly command: string
  readonly attempts: number
  /** Of a sent request whose caller does not wait any longer: what becomes of it after all. */
  readonly outcome?: Promise<unknown>
}

/** Makes the error that a request is rejected with: an object of its own for each. */
export type Rejection = (details: FailureDetails) => RespiteError

/** The requests that have the same time limit as this one. */
export interface DeadlineList {
  delete(request: Request): void
}

/** Whom a request's signal tells that it ended, so that the listener can go. */
export interface SignalGroup {
  delete(request: Request): void
}

/** Settles the promise that `AbortError.outcome` or `TimeoutError.outcome` holds. */
interface Outcome {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * One command, or one transaction, on its way: what the connection layer carries without knowing any command by name.
 * Subclasses, above this layer, say what it is.
 */
export abstract class Request {
  state: RequestState = 'queued'
  /** How often it was handed to a socket. */
  attempts = 0
  /** What is known of the attempts that were lost: once one may have run, no later refusal to send makes that undone. */
  #fateSoFar: Fate = 'not-executed'
  /** Clock time of the call. */
  calledAt = 0
  /** Size of its arguments, for the queue's bound. */
  bytes = 0
  /** Bytes of the stream that its present attempt takes: its frame or frames, and what got no reply before them. */
  frameBytes = 0
  /** The queue it waits in. */
  queue: { withdrawn(request: Request): void } | null = null
  /** The server's last answer that it can't run it now, and how many such answers there were. */
  refusal: ErrorReply | null = null
  refusals = 0
  /** Replies that are still owed for the present attempt: 1 for a command, more for a transaction. */
  repliesOwed = 1

  // Intrusive links of the deadline list it stands in: entering and leaving allocates nothing.
  deadlines: DeadlineList | null = null
  later: Request | null = null
  earlier: Request | null = null

  // The same of the signal that can withdraw it.
  signals: SignalGroup | null = null
  nextOfSignal: Request | null = null
  previousOfSignal: Request | null = null
  /** Null while it waits since its call: a number of its own costs each command 16 bytes. */
  #requeuedAt: number | null = null
  #outcome: Outcome | null = null
  #resolve: (value: unknown) => void
  #reject: (error: unknown) => void

  constructor(resolve: (value: unknown) => void, reject: (error: unknown) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Clock time since when it waits in the queue. */
  get queuedAt(): number {
    return this.#requeuedAt ?? this.calledAt
  }

  set queuedAt(time: number) {
    this.#requeuedAt = time
  }

  /** The command's name, for errors and listings. */
  abstract get name(): string
  /** How its replies are to be decoded. */
  abstract get mode(): DecodeMode
  /** Replies that one attempt is owed. */
  abstract get replyCount(): number
  /** Milliseconds from the call to its settling; 0 for no limit. */
  abstract get timeout(): number
  /** How often it may be handed to a socket. */
  abstract get maxAttempts(): number
  /** Milliseconds that the server was asked to let it wait; 0 for none, Infinity for no end. */
  abstract get serverWait(): number
  /**
   * Appends its frame, or frames, to the batch under way.
   * @param known what the server behind this connection has been given to keep, and may be spared
   */
  abstract encode(encoder: Encoder, known: Set<string>): void
  /** Whether its retry policy allows to send it again after it may have run. */
  abstract mayReplay(): boolean
  /**
   * Whether it may be sent again after this last reply, an error.
   * @returns undefined when it is an answer like any other
   */
  abstract refusedForNow(reply: ErrorReply): Refusal | undefined
  /**
   * What is sent for it is a question, which is no attempt; it may go on after a reply that is no error. A field, since it
   * is read for every reply.
   */
  asksFurther = false

  /**
   * Whether it goes on after this reply, which is no error; asked only if `asksFurther`.
   * @returns undefined if the reply is the answer
   */
  continueAfter(_reply: Reply): Refusal | undefined {
    return undefined
  }

  /** Takes a reply that is not the last of those owed. */
  abstract collect(reply: Reply): void
  /** What the caller gets for the last reply; throws what the caller's promise is to reject with. */
  abstract conclude(reply: Reply, hasNestedErrors: boolean): unknown

  /** Whether it is to be sent only when no reply is owed, and nothing behind it before it is answered. */
  get isSentAlone(): boolean {
    return false
  }

  /** Whether its caller may be told before its frame has left: by its signal or its time limit. */
  get mayBeAbandoned(): boolean {
    return this.timeout > 0 || this.signals !== null
  }

  /**
   * Whether the server can't have run any of it, when the last bytes of its frames provably never left.
   * @param _unsentBytes how many of them, 1 or more
   */
  provesNotRun(_unsentBytes: number): boolean {
    return true
  }

  /** What the part that was seen of its last reply shows. `none` from here on means that it shows nothing. */
  evidenceOf(part: ReplyPart): ReplyPart {
    return part
  }

  /** Whether this last reply leaves it in doubt what the server holds of this connection, so that it must not be used on. */
  leavesDoubt(_reply: ErrorReply): boolean {
    return false
  }

  /** Notes what an attempt came to that is not the last. */
  noteAttempt(fate: Fate): void {
    this.#fateSoFar = joinFates(this.#fateSoFar, fate)
  }

  /**
   * What a failure is told with: the one place where the fate of the last attempt is joined with those before.
   * @param fate of the last attempt
   */
  detailsOf(fate: Fate): FailureDetails {
    return { fate: joinFates(this.#fateSoFar, fate), command: this.name, attempts: this.attempts }
  }

  /** The last reply has come. */
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
      this.#reject(error)
      return
    }
    this.#resolve(value)
  }

  /**
   * No reply will come, or none is waited for any longer. Of a request already settled only its `outcome` is told.
   * @param fate of the last attempt
   */
  fail(fate: Fate, rejection: Rejection): void {
    if (this.state === 'settled') {
      this.#outcome?.reject(rejection(this.detailsOf(fate)))
      this.#outcome = null
      return
    }
    this.#leave()
    this.#reject(rejection(this.detailsOf(fate)))
  }

  /** Frees the caller of a sent request, whose reply may still come. */
  abandon(rejection: Rejection): void {
    const outcome = new Promise<unknown>((resolve, reject) => {
      this.#outcome = { resolve, reject }
    })
    // Whoever does not look at it is not to be troubled by it.
    outcome.catch(() => {})
    this.#leave()
    this.#reject(rejection({ ...this.detailsOf('unknown'), outcome }))
  }

  #answerLate(reply: Reply, hasNestedErrors: boolean): void {
    const outcome = this.#outcome
    if (outcome === null) return
    this.#outcome = null
    try {
      outcome.resolve(this.conclude(reply, hasNestedErrors))
    } catch (error) {
      outcome.reject(error)
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
