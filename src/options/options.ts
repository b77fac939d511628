import type { ConnectionOptions } from 'node:tls'
import { defaultLimits, type Limits } from '../protocol/limits.js'
import type { DecodeMode } from '../protocol/types.js'
import {
  boolean,
  checkOptions,
  count,
  group,
  instance,
  isPlainObject,
  isRecord,
  milliseconds,
  oneOf,
  type Rule,
  type Rules,
  ruleOf,
  text,
  wholeNumber,
} from './rules.js'
import { parseUrl } from './url.js'

/**
 * Which commands may be sent again after they may have run, by retry class; each value includes those before it.
 *
 * - `never`: none;
 * - `read`: commands that change nothing;
 * - `idempotent`: also commands that leave the same state and give an equally true reply. If another client writes in
 *   between, a repeated SET can overwrite that write;
 * - `convergent`: also commands that leave the same state, although the reply may differ;
 * - `always`: all commands, even if their work may be done twice.
 */
export type RetryPolicy = 'never' | 'read' | 'idempotent' | 'convergent' | 'always'

/** Options of `tls.connect` in `node:tls`, without those that say where to connect. */
export type TlsOptions = Omit<ConnectionOptions, 'host' | 'port' | 'path' | 'socket'>

/** The credentials of a connection. */
export interface Credentials {
  /** The ACL user; default: the server's default user. */
  readonly username?: string | undefined
  readonly password: string
}

/** Returns the credentials for one connection. It is called for each new connection, so they may change. */
export type CredentialsProvider = () => Credentials | Promise<Credentials>

/** Delays between attempts to reconnect: exponential backoff with full jitter. */
export interface ReconnectBackoff {
  /** Upper bound of the first delay in milliseconds, doubled with each attempt; default 50. */
  readonly baseDelay: number
  /** Maximum of that bound in milliseconds; default 2,000. */
  readonly maxDelay: number
  /** Consecutive attempts before the client gives up; default Infinity. */
  readonly maxAttempts: number
}

/**
 * Decides on an attempt to reconnect.
 * @param attempt 1 for the first attempt after a connection that answered something, or stayed up for a second
 * @param error why the connection, or the previous attempt, ended
 * @returns the delay before the attempt in milliseconds, or false to give up
 */
export type ReconnectFunction = (attempt: number, error: Error) => number | false

/** The pool of connections for blocking commands and sessions. */
export interface BlockingOptions {
  /** Maximum number of connections; default 16. */
  readonly maxConnections: number
  /** Milliseconds after which an unused connection is closed; default 30,000. */
  readonly idleTimeout: number
  /** Milliseconds that a command or session waits for a connection; default 5,000. */
  readonly acquireTimeout: number
}

/** Members may be omitted or undefined. */
type Given<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** The options of a client. All are optional; undefined counts as omitted. */
export interface ClientOptions {
  /**
   * The server, and the user to connect as: `redis:`, `rediss:`, `valkey:`, `valkeys:`, `unix:` or `redis+unix:`. The
   * query may hold every other option that is a string, a number or a boolean, except `host`, `port`, `path`, `tls`, and
   * those that decide the types of replies (`buffers`, `maps`, `sets`, `integers`).
   * Options override the URL. Default: none.
   */
  readonly url?: string | URL | undefined
  /** Name or address of the server; default `localhost`. */
  readonly host?: string | undefined
  /** TCP port of the server, 1 to 65535; default 6379. */
  readonly port?: number | undefined
  /** Path of the server's Unix socket; excludes host and port; default: none. */
  readonly path?: string | undefined
  /**
   * `true`, or options of `tls.connect`, to encrypt the connection; default: none, or `{}` with `rediss:` and
   * `valkeys:` URLs.
   */
  readonly tls?: boolean | TlsOptions | undefined
  /** The ACL user; without a password, an empty one is sent; default: none, the server's default user. */
  readonly username?: string | undefined
  /** The user's password; an empty one without a username counts as none; default: none. */
  readonly password?: string | undefined
  /** Returns username and password for each new connection; excludes those two options; default: none. */
  readonly credentials?: CredentialsProvider | undefined
  /** Database number, from 0; default 0. */
  readonly database?: number | undefined
  /** Name of the connections in CLIENT LIST: printable ASCII without spaces; default: none. */
  readonly clientName?: string | undefined
  /** 3: RESP3, or RESP2 if the server has no RESP3; 2: RESP2 only; default 3. */
  readonly protocol?: 2 | 3 | undefined
  /** Prefix for every key of a command; default `''`, none. */
  readonly keyPrefix?: string | undefined
  /** Which commands are sent again after they may have run; default `idempotent`. */
  readonly retry?: RetryPolicy | undefined
  /** How often a command is sent at most, including the first time, from 1; default 3. */
  readonly maxAttempts?: number | undefined
  /** Milliseconds from the call of a command until it settles; default 0, no limit. */
  readonly timeout?: number | undefined
  /** Milliseconds that a command waits for a connection; 0: no limit; default 5,000. */
  readonly queueTimeout?: number | undefined
  /** Milliseconds without data, with replies pending, until a connection counts as lost; 0: never; default 10,000. */
  readonly stallTimeout?: number | undefined
  /** Milliseconds without data after which a PING is sent on an idle connection; 0: never; default 30,000. */
  readonly pingInterval?: number | undefined
  /** Milliseconds for one attempt to connect, including the handshake; default 5,000. */
  readonly connectTimeout?: number | undefined
  /** Milliseconds for all attempts of the first connect; default 10,000. */
  readonly connectDeadline?: number | undefined
  /**
   * How to reconnect after a loss: delays of the backoff, a function that decides, or false for never; default:
   * backoff.
   */
  readonly reconnect?: Given<ReconnectBackoff> | ReconnectFunction | false | undefined
  /** Whether commands called without a connection are queued or rejected at once; default `queue`. */
  readonly offline?: 'queue' | 'reject' | undefined
  /** Commands that may be queued while there is no connection, from 1; default 100,000. */
  readonly maxQueued?: number | undefined
  /** Bytes of arguments that may be queued, from 1; default 67,108,864 (64 MiB). */
  readonly maxQueuedBytes?: number | undefined
  /** The pool of connections for blocking commands and sessions. */
  readonly blocking?: Given<BlockingOptions> | undefined
  /** Limits on the size of replies: see {@link Limits}. */
  readonly limits?: Given<Limits> | undefined
  /** Milliseconds of silence before the first TCP keep-alive probe, from 1,000; default 30,000. */
  readonly keepAlive?: number | undefined
  /** Bulk strings in replies as Buffers instead of strings; default false. */
  readonly buffers?: boolean | undefined
  /** Maps in replies as plain objects or as Map; default `object`. */
  readonly maps?: 'object' | 'map' | undefined
  /** Sets in replies as arrays or as Set; default `array`. */
  readonly sets?: 'array' | 'set' | undefined
  /**
   * Integers that INCR and related methods return: as numbers (a reply beyond 2^53 rejects with code
   * `INTEGER_TOO_LARGE`), or always as bigints; default `number`.
   */
  readonly integers?: 'number' | 'bigint' | undefined
  /** Whether traces include the arguments of commands, which may be secret; default false. */
  readonly traceArguments?: boolean | undefined
}

/** Options of single calls, for `client.with()`; undefined counts as omitted. */
export interface CallOptions {
  /** Cancels the command; if it was already sent, rejects its promise; default: none. */
  readonly signal?: AbortSignal | undefined
  /** As in {@link ClientOptions}, in milliseconds; default: the client's. */
  readonly timeout?: number | undefined
  /** As in {@link ClientOptions}; default: the client's. */
  readonly retry?: RetryPolicy | undefined
  /** As in {@link ClientOptions}; default: the client's. */
  readonly maxAttempts?: number | undefined
  /** As in {@link ClientOptions}; default: the client's. */
  readonly buffers?: boolean | undefined
  /** As in {@link ClientOptions}; default: the client's. */
  readonly maps?: 'object' | 'map' | undefined
  /** As in {@link ClientOptions}; default: the client's. */
  readonly sets?: 'array' | 'set' | undefined
  /** As in {@link ClientOptions}; default: the client's. */
  readonly integers?: 'number' | 'bigint' | undefined
  /**
   * Replies as the server sent them: maps as Map, integers beyond 2^53 as bigint; they may differ between RESP2 and
   * RESP3. Error replies still reject. Default false.
   */
  readonly raw?: boolean | undefined
}

/** The complete options of a call. They also serve as its {@link DecodeMode}. */
export interface ResolvedCallOptions extends DecodeMode {
  readonly integers: 'number' | 'bigint'
  readonly raw: boolean
  readonly signal: AbortSignal | undefined
  readonly timeout: number
  readonly retry: RetryPolicy
  readonly maxAttempts: number
}

/**
 * The client's options, checked, complete and frozen; see {@link ClientOptions}. They are the defaults for a call's
 * options.
 */
export interface ResolvedOptions extends Omit<ResolvedCallOptions, 'signal' | 'raw'> {
  readonly host: string
  readonly port: number
  /** If set, host and port are not used. */
  readonly path: string | undefined
  readonly tls: TlsOptions | undefined
  readonly username: string | undefined
  /** Always set if username is. */
  readonly password: string | undefined
  /** If set, username and password are undefined. */
  readonly credentials: CredentialsProvider | undefined
  readonly database: number
  readonly clientName: string | undefined
  readonly protocol: 2 | 3
  readonly keyPrefix: string
  readonly queueTimeout: number
  readonly stallTimeout: number
  readonly pingInterval: number
  readonly connectTimeout: number
  readonly connectDeadline: number
  readonly reconnect: ReconnectBackoff | ReconnectFunction | false
  readonly offline: 'queue' | 'reject'
  readonly maxQueued: number
  readonly maxQueuedBytes: number
  readonly blocking: BlockingOptions
  readonly limits: Limits
  readonly keepAlive: number
  readonly traceArguments: boolean
}

/** The default of every option; times in milliseconds. */
export const defaultOptions = Object.freeze({
  url: undefined,
  host: 'localhost',
  port: 6379,
  path: undefined,
  tls: undefined,
  username: undefined,
  password: undefined,
  credentials: undefined,
  database: 0,
  clientName: undefined,
  protocol: 3,
  keyPrefix: '',
  retry: 'idempotent',
  maxAttempts: 3,
  timeout: 0,
  queueTimeout: 5_000,
  stallTimeout: 10_000,
  pingInterval: 30_000,
  connectTimeout: 5_000,
  connectDeadline: 10_000,
  reconnect: Object.freeze({ baseDelay: 50, maxDelay: 2_000, maxAttempts: Infinity }),
  offline: 'queue',
  maxQueued: 100_000,
  maxQueuedBytes: 64 * 1024 * 1024,
  blocking: Object.freeze({ maxConnections: 16, idleTimeout: 30_000, acquireTimeout: 5_000 }),
  limits: defaultLimits,
  keepAlive: 30_000,
  buffers: false,
  maps: 'object',
  sets: 'array',
  integers: 'number',
  traceArguments: false,
} satisfies Record<keyof ClientOptions, unknown> & Omit<ResolvedOptions, never>)

const callRules = {
  signal: instance('an AbortSignal', isAbortSignal),
  timeout: milliseconds(0, 'no limit'),
  retry: oneOf('never', 'read', 'idempotent', 'convergent', 'always'),
  maxAttempts: count(),
  buffers: boolean(),
  maps: oneOf('object', 'map'),
  sets: oneOf('array', 'set'),
  integers: oneOf('number', 'bigint'),
  raw: boolean(),
} satisfies Record<keyof CallOptions, Rule>

const listener = instance('a function', isFunction)
const subscribeRules: Rules = {
  onMessage: listener,
  onGap: listener,
  onError: listener,
  buffers: callRules.buffers,
  maxBuffered: count(),
  overflow: oneOf('drop-oldest', 'end'),
  signal: callRules.signal,
}

const monitorRules: Rules = { maxBuffered: count() }

const backoffRules = { baseDelay: milliseconds(1), maxDelay: milliseconds(1), maxAttempts: count() }

const clientRules = {
  url: instance('a URL', (value) => typeof value === 'string' || value instanceof URL),
  host: instance('a host name or address', isFilledText),
  port: instance('a whole number from 1 to 65535', wholeNumber(1, 65_535).accepts),
  path: instance('the path of a Unix socket', isFilledText),
  tls: instance('true, false or options of tls.connect without host, port, path and socket', isTlsOption),
  username: text(),
  password: { ...text(), isSecret: true },
  credentials: instance('a function', isFunction),
  database: wholeNumber(0),
  // The server refuses other names, and the connection would fail.
  clientName: text('printable ASCII without spaces', /^[!-~]+$/),
  protocol: oneOf(3, 2),
  keyPrefix: text(),
  retry: callRules.retry,
  maxAttempts: callRules.maxAttempts,
  timeout: callRules.timeout,
  queueTimeout: milliseconds(0, 'no limit'),
  stallTimeout: milliseconds(0, 'never'),
  pingInterval: milliseconds(0, 'never'),
  connectTimeout: milliseconds(1),
  connectDeadline: milliseconds(1),
  reconnect: {
    expected: `false, a function, or ${group(backoffRules).expected}`,
    accepts: (value) => value === false || isFunction(value) || isPlainObject(value),
    members: backoffRules,
  },
  offline: oneOf('queue', 'reject'),
  maxQueued: count(),
  maxQueuedBytes: count(),
  blocking: group({ maxConnections: count(), idleTimeout: milliseconds(1), acquireTimeout: milliseconds(1) }),
  limits: group(Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, wholeNumber(1)]))),
  // The socket option counts seconds; less than one would mean the system default.
  keepAlive: milliseconds(1_000),
  // Not in a URL: these decide the types of replies, and the compiler can't read a URL.
  buffers: instance(callRules.buffers.expected, callRules.buffers.accepts),
  maps: instance(callRules.maps.expected, callRules.maps.accepts),
  sets: instance(callRules.sets.expected, callRules.sets.accepts),
  integers: instance(callRules.integers.expected, callRules.integers.accepts),
  traceArguments: boolean(),
} satisfies Record<keyof ClientOptions, Rule>

/**
 * Checks the options, and adds those in the URL and the defaults.
 *
 * @param input a URL, or options with or without a `url`
 * @param more further options, which override `input`; all options override those in the URL
 * @returns frozen options that share no mutable object with the arguments
 * @throws TypeError that names an unknown or invalid option and says what was expected
 * @example
 * const { host, timeout } = resolveOptions('redis://cache.example/2?timeout=200', { retry: 'read' })
 */
export function resolveOptions(input?: string | URL | ClientOptions, more: ClientOptions = {}): ResolvedOptions {
  const { url, ...given } = joinOptions(input, more)
  checkCombination(given)
  const inherited = url === undefined ? {} : withoutRivals(urlOptions(url), given)
  if (given.tls === false && inherited.tls !== undefined) {
    throw new TypeError('invalid option tls: expected true or TLS options, because the URL requires TLS; got false')
  }
  const { url: _, ...all } = { ...defaultOptions, ...inherited, ...given }
  const { tls, username, reconnect } = all
  // A user without a password must not become the default user. No user and no password means: don't authenticate.
  const password = username === undefined ? all.password || undefined : (all.password ?? '')
  return Object.freeze({
    ...all,
    password,
    tls: tls === undefined || tls === false ? undefined : Object.freeze(tls === true ? {} : { ...tls }),
    reconnect: typeof reconnect === 'object' ? completed(defaultOptions.reconnect, reconnect) : reconnect,
    blocking: completed(defaultOptions.blocking, all.blocking),
    limits: completed(defaultOptions.limits, all.limits),
  })
}

/**
 * Checks the options of a call and completes them.
 * @param base the options of the client or view that `with` was called on
 * @throws TypeError that names an unknown or invalid option and says what was expected
 */
export function resolveCallOptions(
  given: CallOptions,
  base: Omit<ResolvedCallOptions, 'signal' | 'raw'> & Partial<Pick<ResolvedCallOptions, 'signal' | 'raw'>>,
): ResolvedCallOptions {
  requirePlainObject(given)
  // Read once: what is checked is what is used.
  const own = { ...given }
  checkOptions(own, callRules)
  return {
    signal: own.signal ?? base.signal,
    timeout: own.timeout ?? base.timeout,
    retry: own.retry ?? base.retry,
    maxAttempts: own.maxAttempts ?? base.maxAttempts,
    buffers: own.buffers ?? base.buffers,
    maps: own.maps ?? base.maps,
    sets: own.sets ?? base.sets,
    integers: own.integers ?? base.integers,
    raw: own.raw ?? base.raw ?? false,
  }
}

/** The options from both arguments, checked, without undefined members. */
function joinOptions(input: string | URL | ClientOptions | undefined, more: ClientOptions): Defined<ClientOptions> {
  requirePlainObject(more)
  if (typeof input !== 'string' && !(input instanceof URL)) {
    const first = input === undefined ? {} : input
    requirePlainObject(first)
    return { ...checked(first), ...checked(more) }
  }
  const others = checked(more)
  if (others.url !== undefined) throw new TypeError('invalid option url: expected it once; it was passed twice')
  return { ...others, url: input }
}

/** A checked copy without undefined members. Each option is read only once. */
function checked(given: ClientOptions): Defined<ClientOptions> {
  const own = { ...given }
  checkOptions(own, clientRules)
  return defined(own)
}

function checkCombination(given: Defined<ClientOptions>): void {
  if (given.path !== undefined && (given.host !== undefined || given.port !== undefined)) {
    throw new TypeError('invalid option path: expected either path, or host and port')
  }
  if (given.credentials !== undefined && (given.username !== undefined || given.password !== undefined)) {
    throw new TypeError('invalid option credentials: expected either credentials, or username and password')
  }
}

/**
 * Checks the options of a subscription.
 * @throws TypeError that names an unknown or invalid option and says what was expected
 */
export function checkSubscribeOptions(given: object): void {
  requirePlainObject(given)
  checkOptions(given, subscribeRules)
}

/**
 * Checks the options of `session.monitor()`.
 * @throws TypeError that names an unknown or invalid option and says what was expected
 */
export function checkMonitorOptions(given: object): void {
  requirePlainObject(given)
  checkOptions(given, monitorRules)
}

/** The options in a URL, including its query. */
function urlOptions(url: string | URL): Defined<ClientOptions> {
  const { query, isSecure, ...parts } = parseUrl(url)
  const options: Record<string, unknown> = defined({ ...parts, tls: isSecure ? {} : undefined })
  for (const [key, value] of query) {
    const name = key === 'db' ? 'database' : key
    const { fromText } = ruleOf(name, clientRules)
    if (fromText === undefined) throw new TypeError(`invalid option ${name}: expected it as an option, not in the URL`)
    if (name in options) throw new TypeError(`invalid option ${name}: expected it once; the URL has it twice`)
    options[name] = fromText(value)
  }
  checkOptions(options, clientRules)
  // The rules have just checked this.
  return options as Defined<ClientOptions>
}

/** The options of a URL, without those that other options replace. */
function withoutRivals(inherited: Defined<ClientOptions>, given: Defined<ClientOptions>): Defined<ClientOptions> {
  const { path, username, password, ...rest } = inherited
  const isReplaced = given.host !== undefined || given.port !== undefined
  const user = { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
  return {
    ...rest,
    ...(path === undefined || isReplaced ? {} : { path }),
    ...(given.credentials === undefined ? user : {}),
  }
}

/** An object whose members may be omitted, but are not undefined. */
type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends object>(given: T): Defined<T> {
  // Only undefined members were removed.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>
}

function completed<T extends object>(defaults: T, given: Given<T>): Readonly<T> {
  return Object.freeze({ ...defaults, ...defined(given) })
}

function requirePlainObject(given: unknown): void {
  if (!isPlainObject(given)) throw new TypeError('invalid options: expected a plain object')
}

function isFilledText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isTlsOption(value: unknown): boolean {
  if (typeof value === 'boolean') return true
  return isRecord(value) && !['host', 'port', 'path', 'socket'].some((name) => name in value)
}

/** By its members, so that signals from other realms and polyfills are accepted too. */
function isAbortSignal(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>
  return typeof aborted === 'boolean' && isFunction(addEventListener) && isFunction(removeEventListener)
}
