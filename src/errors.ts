/**
 * What became of a command that was not answered as hoped.
 *
 * - `not-executed`: a promise: it has not run and will not run.
 * - `unknown`: it was sent, and nothing shows whether it ran.
 * - `executed`: it ran; its reply is lost.
 * - `refused`: the server answered with an error.
 */
export type Fate = 'not-executed' | 'unknown' | 'executed' | 'refused'

/** What every error of this package can be told at its making. */
export interface ErrorDetails {
  readonly fate: Fate
  /** The command's name; arguments never appear in errors. Absent when no command is concerned. */
  readonly command?: string | undefined
  /** How often the command was handed to a socket. */
  readonly attempts?: number | undefined
  readonly cause?: unknown
}

const brand: unique symbol = /* @__PURE__ */ Symbol.for('respite.error')

/**
 * The base of every error that this package rejects with or throws, but for the TypeError of an impossible option.
 *
 * `instanceof` recognises instances across copies of the package, by a brand registered with `Symbol.for`.
 */
export class RespiteError extends Error {
  /** A stable string for programs: it does not change when messages do. */
  readonly code: string = 'RESPITE'
  readonly fate: Fate
  readonly command: string | undefined
  readonly attempts: number

  constructor(message: string, details: ErrorDetails) {
    RespiteError.#namePrototype(new.target)
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.fate = details.fate
    this.command = details.command
    this.attempts = details.attempts ?? 0
  }

  /** Given here, not read from the class's `name`: minifiers change that. */
  protected static readonly className: string = 'RespiteError'

  /** Every class above an instance's own, by name, so that a subclass is recognised across copies too. */
  get [brand](): readonly string[] {
    const names: string[] = []
    for (let c = Object.getPrototypeOf(this); c !== null && c !== Error.prototype; c = Object.getPrototypeOf(c)) {
      const name = RespiteError.#ownName(c.constructor)
      if (name !== undefined) names.push(name)
    }
    return names
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: subclasses inherit the method; `this` is the class that is asked
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true
    // A class that users derived has no name here, and needs none: it is the only copy of itself.
    const name = RespiteError.#ownName(this)
    // biome-ignore-end lint/complexity/noThisInStatic: see above
    if (name === undefined || typeof value !== 'object' || value === null || !(brand in value)) return false
    return Array.isArray(value[brand]) && value[brand].includes(name)
  }

  static #ownName(errorClass: typeof RespiteError): string | undefined {
    return Object.hasOwn(errorClass, 'className') ? errorClass.className : undefined
  }

  /**
   * Puts the name where an Error has it, for the first error of each class. Not when the module is loaded: a bundler then
   * could not leave out the classes that are not used.
   */
  static #namePrototype(errorClass: typeof RespiteError): void {
    const { prototype } = errorClass
    if (Object.hasOwn(prototype, 'name')) return
    const value = RespiteError.#ownName(errorClass)
    if (value !== undefined) Object.defineProperty(prototype, 'name', { value, writable: true, configurable: true })
    else RespiteError.#namePrototype(Object.getPrototypeOf(errorClass))
  }
}

/**
 * The server answered with an error. Fate `refused`.
 *
 * The message is the server's own text. RESP: simple error, bulk error; the first word, in upper case, is the prefix by convention.
 */
export class ReplyError extends RespiteError {
  protected static override readonly className: string = 'ReplyError'
  override readonly code = 'REPLY_ERROR'
  /** The first word of the server's text: `WRONGTYPE`, `NOAUTH`, `ERR` ... */
  readonly prefix: string

  constructor(message: string, details: Omit<ErrorDetails, 'fate'> & { readonly fate?: Fate }) {
    super(message, { ...details, fate: details.fate ?? 'refused' })
    this.prefix = prefixOf(message)
  }
}

/**
 * A transaction did not do all it should. With code `TRANSACTION_FAILED` at least one of its commands was refused: fate
 * `refused` when the server threw the whole transaction away (EXECABORT), `executed` when it ran and some of its commands
 * failed within it: the others took effect. With code `TRANSACTION_CONFLICT` the watched keys were changed by others at
 * each try: fate `not-executed`.
 */
export class TransactionError extends RespiteError {
  protected static override readonly className: string = 'TransactionError'
  override readonly code: 'TRANSACTION_FAILED' | 'TRANSACTION_CONFLICT'
  /** One entry a command, in order: its result, or its own ReplyError; undefined where the transaction never ran. */
  readonly results: readonly unknown[]

  constructor(
    message: string,
    details: ErrorDetails & {
      readonly results: readonly unknown[]
      readonly code?: 'TRANSACTION_FAILED' | 'TRANSACTION_CONFLICT'
    },
  ) {
    super(message, details)
    this.code = details.code ?? 'TRANSACTION_FAILED'
    this.results = details.results
  }
}

/** No connection could be made within the limits; another try may succeed. Fate `not-executed`. */
export class ConnectError extends RespiteError {
  protected static override readonly className: string = 'ConnectError'
  override readonly code = 'CONNECT_FAILED'
}

/**
 * The server was reached but did not let the client in: AUTH, ACL, HELLO, SELECT or TLS. Another try can't mend it
 * before somebody changes the configuration. Fate `not-executed`.
 */
export class HandshakeError extends RespiteError {
  protected static override readonly className: string = 'HandshakeError'
  override readonly code = 'HANDSHAKE_FAILED'
  /** The step that failed. */
  readonly step: HandshakeStep

  constructor(message: string, details: ErrorDetails & { readonly step: HandshakeStep }) {
    super(message, details)
    this.step = details.step
  }
}

/** A step of making a connection usable. */
export type HandshakeStep = 'TLS' | 'CREDENTIALS' | 'HELLO' | 'AUTH' | 'SELECT' | 'SETNAME' | 'SETINFO' | 'ID'

/** The connection ended while the command's reply was owed, and the retry policy did not allow another try. Fate `unknown`, `executed` or `refused`. */
export class ConnectionLostError extends RespiteError {
  protected static override readonly className: string = 'ConnectionLostError'
  override readonly code = 'CONNECTION_LOST'
}

/** Details of an error whose command may still be answered. */
interface LateDetails extends ErrorDetails {
  /** Settles with what became of the command after all; absent when the command was never sent. */
  readonly outcome?: Promise<unknown> | undefined
}

/** The caller's signal was aborted. Fate `not-executed` while queued, `unknown` once sent. */
export class AbortError extends RespiteError {
  protected static override readonly className: string = 'AbortError'
  override readonly name = 'AbortError'
  override readonly code = 'ABORT_ERR'
  /**
   * Of a sent command: resolves with its reply when that still arrives, rejects with its error reply or the connection's loss.
   * Unobserved, it raises nothing.
   */
  readonly outcome: Promise<unknown> | undefined

  constructor(message: string, details: LateDetails) {
    super(message, details)
    this.outcome = details.outcome
  }
}

/** A time limit passed. Fate `not-executed` while queued, `unknown` once sent. */
export class TimeoutError extends RespiteError {
  protected static override readonly className: string = 'TimeoutError'
  override readonly name = 'TimeoutError'
  override readonly code = 'TIMEOUT'
  /** As in {@link AbortError}. */
  readonly outcome: Promise<unknown> | undefined

  constructor(message: string, details: LateDetails) {
    super(message, details)
    this.outcome = details.outcome
  }
}

/** The queue of commands waiting for a connection is full, or queueing is switched off and there is no connection. Fate `not-executed`. */
export class QueueFullError extends RespiteError {
  protected static override readonly className: string = 'QueueFullError'
  override readonly code: 'QUEUE_FULL' | 'OFFLINE'

  constructor(message: string, details: ErrorDetails & { readonly code?: 'QUEUE_FULL' | 'OFFLINE' }) {
    super(message, details)
    this.code = details.code ?? 'QUEUE_FULL'
  }
}

/** The client was closed or destroyed. Fate `not-executed` for what was not sent, else as when a connection is lost. */
export class ClientClosedError extends RespiteError {
  protected static override readonly className: string = 'ClientClosedError'
  override readonly code = 'CLIENT_CLOSED'
}

/** The connection of a session ended, and with it the session's state. Fate of the command as when a connection is lost. */
export class SessionLostError extends RespiteError {
  protected static override readonly className: string = 'SessionLostError'
  override readonly code = 'SESSION_LOST'
}

/** The server's bytes are not RESP, or exceed a limit. The connection is ended: a stream out of step is never read on. */
export class ProtocolError extends RespiteError {
  protected static override readonly className: string = 'ProtocolError'
  override readonly code = 'PROTOCOL_ERROR'
  /** Position of the offending byte in the connection's stream, counted from 0. */
  readonly offset: number
  /** A few bytes from there on, escaped. */
  readonly excerpt: string

  constructor(message: string, details: ErrorDetails & { readonly offset: number; readonly excerpt: string }) {
    super(message, details)
    this.offset = details.offset
    this.excerpt = details.excerpt
  }
}

/** The call itself is wrong: bad arguments, or a command that would change the state of the shared connection. Fate `not-executed`. */
export class UsageError extends RespiteError {
  protected static override readonly className: string = 'UsageError'
  override readonly code = 'USAGE'
}

/** The first word of a server's error text; empty when it doesn't look like a prefix. */
export function prefixOf(message: string): string {
  return /^[A-Z][A-Z0-9_]*(?= |$)/.exec(message)?.[0] ?? ''
}
