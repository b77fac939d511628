/**
 * What became of a command that failed.
 *
 * - `not-executed`: the command has not run, and it is guaranteed that it will not run.
 * - `unknown`: the command was sent, and nothing shows whether it ran.
 * - `executed`: the command ran, but its reply is lost.
 * - `refused`: the server answered with an error.
 */
export type Fate = 'not-executed' | 'unknown' | 'executed' | 'refused'

/** Constructor arguments of every error in this package. */
export interface ErrorDetails {
  readonly fate: Fate
  /** The command's name, without arguments; undefined if the error does not concern a command. */
  readonly command?: string | undefined
  /** How many times the command was handed to a socket; default 0. */
  readonly attempts?: number | undefined
  readonly cause?: unknown
  /**
   * For fate `unknown`: promises of what becomes known later; default: nothing becomes known.
   * @internal
   */
  readonly aftermath?: Aftermath | undefined
}

/** What becomes known about a command after its error. */
export interface Aftermath {
  readonly fenced: Promise<boolean>
  readonly resolved: Promise<Fate>
}

const brand: unique symbol = /* @__PURE__ */ Symbol.for('respite.error')

/**
 * The base class of every error that this package rejects with or throws, except the TypeError for an invalid option.
 *
 * `instanceof` also recognizes instances from another copy of the package, by a brand registered with `Symbol.for`.
 */
export class RespiteError extends Error {
  /** A stable string for programs. Unlike messages, it does not change. */
  readonly code: string = 'RESPITE'
  readonly fate: Fate
  readonly command: string | undefined
  readonly attempts: number
  #aftermath: Aftermath | undefined

  constructor(message: string, details: ErrorDetails) {
    namePrototype(new.target)
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.fate = details.fate
    this.command = details.command
    this.attempts = details.attempts ?? 0
    if (details.fate !== 'unknown') return
    this.#aftermath = details.aftermath ?? { fenced: Promise.resolve(false), resolved: Promise.resolve(details.fate) }
  }

  /**
   * Resolves with true once the server has confirmed that every connection which carried the command is closed. The command
   * can't run any more then, so what the data shows is final. Resolves with false if the server has not confirmed this within
   * `fenceTimeout`, counted from the error or from the loss of the connection, whichever is later. Never rejects. Undefined
   * unless the fate is `unknown`.
   */
  get fenced(): Promise<boolean> | undefined {
    return this.#aftermath?.fenced
  }

  /**
   * The fate, if it becomes known within the same time: from a late reply, or from the number of bytes that the server reports
   * to have read. Otherwise resolves with `unknown`. Never rejects. Undefined unless the fate is `unknown`.
   */
  get resolved(): Promise<Fate> | undefined {
    return this.#aftermath?.resolved
  }

  /** The class's own `name` is not used, because minifiers change it. */
  protected static readonly className: string = 'RespiteError'

  /** The names of the instance's class and of its base classes, for `instanceof` with a class of another copy of the package. */
  get [brand](): readonly string[] {
    const names: string[] = []
    for (let c = Object.getPrototypeOf(this); c instanceof Error; c = Object.getPrototypeOf(c)) {
      const name = ownName(c.constructor)
      if (name !== undefined) names.push(name)
    }
    return names
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: subclasses inherit the method; `this` is the class being tested
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true
    // A class that users derive has no `className`. It needs none, because there is only one copy of it.
    const name = ownName(this)
    // biome-ignore-end lint/complexity/noThisInStatic: see above
    const names = (value as { readonly [brand]?: unknown } | null | undefined)?.[brand]
    return name !== undefined && Array.isArray(names) && names.includes(name)
  }
}

// The next two are functions of the module, not methods, because esbuild renames a class whose code contains its name.

function ownName(errorClass: object): string | undefined {
  return Object.hasOwn(errorClass, 'className') ? (errorClass as { readonly className: string }).className : undefined
}

/**
 * Sets `name` on the prototype, like Error does, when the first error of a class is created. If this was done when the module
 * is loaded, bundlers could not remove unused classes, because that would be a side effect.
 */
function namePrototype(errorClass: typeof RespiteError): void {
  const { prototype } = errorClass
  if (Object.hasOwn(prototype, 'name')) return
  const value = ownName(errorClass)
  if (value !== undefined) Object.defineProperty(prototype, 'name', { value, writable: true, configurable: true })
  else namePrototype(Object.getPrototypeOf(errorClass))
}

/**
 * The server answered with an error. Fate `refused`; `not-executed` if the error was temporary and lasted until the time limit, or
 * TIME was refused to a call with `once`; `unknown` for ONCE_UNKNOWN; or the fate of an earlier attempt that may have run.
 *
 * The message is the server's own text. RESP specification: simple errors, bulk errors; by convention, the first word
 * is a prefix in upper case.
 */
export class ReplyError extends RespiteError {
  protected static override readonly className: string = 'ReplyError'
  override readonly code = 'REPLY_ERROR'
  /** The first word of the server's text: `WRONGTYPE`, `NOAUTH`, `ERR` and so on; empty if there is none. */
  readonly prefix: string

  constructor(message: string, details: Omit<ErrorDetails, 'fate'> & { readonly fate?: Fate }) {
    super(message, { ...details, fate: details.fate ?? 'refused' })
    this.prefix = prefixOf(message)
  }
}

/** An error with replies of the server. */
class ErrorWithReplies extends RespiteError {
  /** The fields as JSON can hold them: bigints become strings. */
  toJSON(): object {
    return JSON.parse(
      JSON.stringify({ ...this }, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)),
    )
  }
}

/**
 * A transaction failed, or some of its commands did.
 * With code `TRANSACTION_FAILED`, the server refused at least one command. The fate is `refused` if the server discarded the whole
 * transaction (EXECABORT), and `executed` if it ran: the commands that did not fail took effect. It is `not-executed` if the reply
 * to EXEC is null although no key was watched. With code `TRANSACTION_CONFLICT`, other clients changed the watched keys at every
 * attempt. Fate `not-executed`.
 */
export class TransactionError extends ErrorWithReplies {
  protected static override readonly className: string = 'TransactionError'
  override readonly code: 'TRANSACTION_FAILED' | 'TRANSACTION_CONFLICT'
  /** One entry per command, in order: its result or its own ReplyError, or undefined if the transaction never ran. */
  readonly results: readonly unknown[]

  constructor(
    message: string,
    details: ErrorDetails & { readonly results: readonly unknown[]; readonly code?: TransactionError['code'] },
  ) {
    super(message, details)
    this.code = details.code ?? 'TRANSACTION_FAILED'
    this.results = details.results
  }
}

/**
 * The command ran, and its reply is an integer beyond 2^53, which a number can't hold, or a list with one. Fate `executed`.
 * `call` returns a bigint instead, and so do the methods of INCR and related commands with `integers: 'bigint'`.
 */
export class IntegerTooLargeError extends ErrorWithReplies {
  protected static override readonly className: string = 'IntegerTooLargeError'
  override readonly code = 'INTEGER_TOO_LARGE'
  /** The reply; of a list, the first integer that is too large. */
  readonly value: bigint

  constructor(message: string, details: ErrorDetails & { readonly value: bigint }) {
    super(message, details)
    this.value = details.value
  }
}

/** No connection could be made within the limits. Another attempt may succeed. Fate `not-executed`. */
export class ConnectError extends RespiteError {
  protected static override readonly className: string = 'ConnectError'
  override readonly code = 'CONNECT_FAILED'

  constructor(message: string, details: ErrorDetails) {
    super(message, withoutRepetition(details, new.target))
  }
}

/**
 * Returns details without a cause that says the same as the error. If the cause has the class of the error, the message of the
 * error already contains the message of the cause, so the error gets the cause of its cause.
 */
function withoutRepetition<D extends ErrorDetails>(details: D, errorClass: typeof RespiteError): D {
  return details.cause instanceof errorClass ? { ...details, cause: details.cause.cause } : details
}

/**
 * The server was reached but rejected the client: AUTH, ACL, HELLO, SELECT or TLS. Another attempt fails too, until
 * somebody changes the configuration. Fate `not-executed`.
 */
export class HandshakeError extends RespiteError {
  protected static override readonly className: string = 'HandshakeError'
  override readonly code = 'HANDSHAKE_FAILED'
  /** The step that failed. */
  readonly step: HandshakeStep

  constructor(message: string, details: ErrorDetails & { readonly step: HandshakeStep }) {
    super(message, withoutRepetition(details, new.target))
    this.step = details.step
  }
}

/**
 * A step of connecting, before the first command can be sent. A refusal of SETINFO, ID, CLIENT INFO, INFO or PING does not fail
 * the handshake.
 */
export type HandshakeStep =
  | 'TLS'
  | 'CREDENTIALS'
  | 'HELLO'
  | 'AUTH'
  | 'SELECT'
  | 'SETNAME'
  | 'SETINFO'
  | 'ID'
  | 'ROLE'
  | 'SENTINEL'
  | 'CLIENT INFO'
  | 'INFO'
  | 'PING'

/**
 * The connection ended with the command's reply pending, and the command could not be sent again. Fate `unknown`,
 * `executed`, `refused` or `not-executed`.
 */
export class ConnectionLostError extends RespiteError {
  protected static override readonly className: string = 'ConnectionLostError'
  override readonly code = 'CONNECTION_LOST'
}

/**
 * The servers of a cluster redirected it more than `maxRedirects` times. Fate `not-executed`, or that of an earlier attempt.
 */
export class RedirectError extends RespiteError {
  protected static override readonly className: string = 'RedirectError'
  override readonly code = 'TOO_MANY_REDIRECTS'
}

/** The result of one part of a command that was split by slots: the part's keys, and its reply or its error. */
export type Part =
  | { readonly keys: readonly unknown[]; readonly value: unknown }
  | { readonly keys: readonly unknown[]; readonly error: RespiteError }

/**
 * A command was split by slots, or sent to all masters, and at least one of the parts failed. If all parts have the same fate,
 * this is the fate of the error. Otherwise the fate is `executed` if one part ran, and `unknown` if none is known to have run.
 */
export class PartialError extends ErrorWithReplies {
  protected static override readonly className: string = 'PartialError'
  override readonly code = 'PARTIAL'
  readonly parts: readonly Part[]

  constructor(message: string, details: ErrorDetails & { readonly parts: readonly Part[] }) {
    super(message, details)
    this.parts = details.parts
  }
}

/** Constructor arguments of an error whose command may still be answered. */
export interface LateDetails extends ErrorDetails {
  /** Settles with the command's real result; undefined if the command was never sent. */
  readonly outcome?: Promise<unknown> | undefined
}

/**
 * The caller's signal was aborted. Fate `not-executed` while the command is queued, `unknown` once it was sent; while
 * it waits to be sent again, the fate of its earlier attempts. A blocking command that was unblocked: `not-executed`.
 */
export class AbortError extends RespiteError {
  protected static override readonly className: string = 'AbortError'
  override readonly name = 'AbortError'
  override readonly code = 'ABORT_ERR'
  /**
   * The real result of a command that was sent: resolves with its reply if that still arrives, rejects with the
   * server's error or the loss of the connection. Ignoring it never causes an unhandled rejection.
   */
  readonly outcome: Promise<unknown> | undefined

  constructor(message: string, details: LateDetails) {
    super(message, details)
    this.outcome = details.outcome
  }
}

/**
 * A time limit passed. Fate `not-executed` while the command is queued, `unknown` once it was sent; while it waits to
 * be sent again, the fate of its earlier attempts. A blocking command that was unblocked: `not-executed`.
 */
export class TimeoutError extends RespiteError {
  protected static override readonly className: string = 'TimeoutError'
  override readonly name = 'TimeoutError'
  override readonly code = 'TIMEOUT'
  /** The real result of a command that was sent: see {@link AbortError}. */
  readonly outcome: Promise<unknown> | undefined

  constructor(message: string, details: LateDetails) {
    super(message, details)
    this.outcome = details.outcome
  }
}

/**
 * The queue of commands that wait for a connection is full, or there is no connection and `offline` is `'reject'`. Fate
 * `not-executed`.
 */
export class QueueFullError extends RespiteError {
  protected static override readonly className: string = 'QueueFullError'
  override readonly code: 'QUEUE_FULL' | 'OFFLINE'

  constructor(message: string, details: ErrorDetails & { readonly code?: 'QUEUE_FULL' | 'OFFLINE' }) {
    super(message, details)
    this.code = details.code ?? 'QUEUE_FULL'
  }
}

/**
 * The client was closed or destroyed. Fate `not-executed` if the command was not sent or was unblocked; else that of a loss.
 */
export class ClientClosedError extends RespiteError {
  protected static override readonly className: string = 'ClientClosedError'
  override readonly code = 'CLIENT_CLOSED'
}

/**
 * The connection of a session ended: its state is lost. Fate `not-executed` if the command was not sent; else as for a lost one.
 */
export class SessionLostError extends RespiteError {
  protected static override readonly className: string = 'SessionLostError'
  override readonly code = 'SESSION_LOST'
}

/**
 * The received bytes are not RESP, or exceed a limit. The connection is closed: the rest of the stream can't be
 * trusted. Fate `unknown`.
 */
export class ProtocolError extends RespiteError {
  protected static override readonly className: string = 'ProtocolError'
  override readonly code = 'PROTOCOL_ERROR'
  /** Position of the invalid byte in the connection's stream, from 0. */
  readonly offset: number
  /** A few bytes from that position, escaped. */
  readonly excerpt: string

  constructor(message: string, details: ErrorDetails & { readonly offset: number; readonly excerpt: string }) {
    super(message, details)
    this.offset = details.offset
    this.excerpt = details.excerpt
  }
}

/**
 * The call itself is wrong: invalid arguments, or a command that would change the state of the shared connection. Fate
 * `not-executed`. With code `ONCE_MISMATCH`, the id of a call with `once` was already used for another call at the same key. With
 * code `CROSS_SLOT`, the keys of a command are in different slots of a cluster.
 */
export class UsageError extends RespiteError {
  protected static override readonly className: string = 'UsageError'
  override readonly code: 'USAGE' | 'ONCE_MISMATCH' | 'CROSS_SLOT'

  constructor(message: string, details: ErrorDetails & { readonly code?: UsageError['code'] }) {
    super(message, details)
    this.code = details.code ?? 'USAGE'
  }
}

/**
 * Returns the message of a thrown value. For an AggregateError without a message, such as for a host with several addresses, it
 * returns the messages of its errors. `instanceof Error` is not used, because it is false for errors of another realm (a `vm`
 * context, jsdom).
 */
export function messageOf(thrown: unknown): string {
  try {
    const { message, errors } = Object(thrown) as { readonly message?: unknown; readonly errors?: unknown }
    if (typeof message === 'string' && message !== '') return message
    return Array.isArray(errors) && errors.length > 0 ? errors.map(messageOf).join('; ') : String(thrown)
  } catch {
    return 'an error that cannot be shown'
  }
}

/** The first word of a server's error text; empty if it does not look like a prefix. */
export function prefixOf(message: string): string {
  return /^[A-Z][A-Z0-9_]*(?= |$)/.exec(message)?.[0] ?? ''
}
