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
 * Which commands may be sent again after they may have run, by their retry class; each word includes those before it.
 *
 * - `never`: none;
 * - `read`: those that change nothing;
 * - `idempotent`: also those that leave the same state and give an equally true reply. With another writer in between, a
 *   repeated SET can overwrite what that one wrote;
 * - `convergent`: also those that leave the same state, though the reply may differ;
 * - `always`: all, even if their work may be done twice.
 */
export type RetryPolicy = 'never' | 'read' | 'idempotent' | 'convergent' | 'always'

/** TLS options of `node:tls`; where to connect is said by the client's own options. */
export type TlsOptions = Omit<ConnectionOptions, 'host' | 'port' | 'path' | 'socket'>

/** What a server asks of whoever connects. */
export interface Credentials {
  /** The ACL user; absent for the server's default user. */
  readonly username?: string | undefined
  readonly password: string
}

/** Gives the credentials of one connection; asked each time one is made, so that they may change. */
export type CredentialsProvider = () => Credentials | Promise<Credentials>

/** Waits between attempts to reconnect: exponential backoff with full jitter. */
export interface ReconnectBackoff {
  /** Milliseconds, the first bound of a wait, doubled with each attempt; default 50. */
  readonly baseDelay: number
  /** Milliseconds, the longest bound of a wait; default 2,000. */
  readonly maxDelay: number
  /** Attempts in a row before it is given up; default Infinity. */
  readonly maxAttempts: number
}

/**
 * Decides on an attempt to reconnect.
 * @param attempt 1 for the first after a connection that answered something, or stood for a second
 * @param error why the connection, or the attempt before, ended
 * @returns milliseconds to wait before it, or false to give up
 */
export type ReconnectFunction = (attempt: number, error: Error) => number | false

/** The pool of connections for blocking commands. */
export interface BlockingOptions {
  /** Connections at most; default 16. */
  readonly maxConnections: number
  /** Milliseconds after which a connection without work is closed; default 30,000. */
  readonly idleTimeout: number
  /** Milliseconds that a command waits at most for a connection; default 5,000. */
  readonly acquireTimeout: number
}

/** Members may be left out, or be undefined. */
type Given<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** The client's options, as users write them: all of them may be left out; undefined counts as left out. */
export interface ClientOptions {
  /**
   * Where and as whom to connect: `redis:`, `rediss:`, `valkey:`, `valkeys:`, `unix:` or `redis+unix:`; its query may hold
   * every option that is text, a number or a boolean. Options given beside it win. Default: none.
   */
  readonly url?: string | URL | undefined
  /** Name or address of the server; default `localhost`. */
  readonly host?: string | undefined
  /** TCP port of the server, 1 to 65535; default 6379. */
  readonly port?: number | undefined
  /** Path of the server's Unix socket, instead of host and port; default: none. */
  readonly path?: string | undefined
  /** `true`, or options of `tls.connect`, to encrypt the connection; default: none, with `rediss:` and `valkeys:` URLs `{}`. */
  readonly tls?: boolean | TlsOptions | undefined
  /** The ACL user; without a password it is authenticated with an empty one; default: none, the server's default user. */
  readonly username?: string | undefined
  /** The user's password; an empty one without a username counts as none; default: none. */
  readonly password?: string | undefined
  /** Asked for username and password at each connection, instead of the two options; default: none. */
  readonly credentials?: CredentialsProvider | undefined
  /** Number of the database, from 0; default 0. */
  readonly database?: number | undefined
  /** Name of the connections in CLIENT LIST: printable ASCII without spaces; default: none. */
  readonly clientName?: string | undefined
  /** 3: RESP3, and RESP2 where the server has no RESP3; 2: RESP2 only; default 3. */
  readonly protocol?: 2 | 3 | undefined
  /** Put before every key of a command; default `''`, none. */
  readonly keyPrefix?: string | undefined
  /** Which commands are sent again after they may have run; default `idempotent`. */
  readonly retry?: RetryPolicy | undefined
  /** How often a command is sent at most, the first time included, from 1; default 3. */
  readonly maxAttempts?: number | undefined
  /** Milliseconds from a command's call to its settling; default 0, no limit. */
  readonly timeout?: number | undefined
  /** Milliseconds that a command waits at most for a connection; 0 for no limit; default 5,000. */
  readonly queueTimeout?: number | undefined
  /** Milliseconds without a byte, while replies are owed, after which a connection is lost; 0 for never; default 10,000. */
  readonly stallTimeout?: number | undefined
  /** Milliseconds without a byte after which an idle connection is sent a PING; 0 for never; default 30,000. */
  readonly pingInterval?: number | undefined
  /** Milliseconds for one attempt to connect, handshake included; default 5,000. */
  readonly connectTimeout?: number | undefined
  /** Milliseconds for all attempts of the first connect; default 10,000. */
  readonly connectDeadline?: number | undefined
  /** How to come back after a lost connection: waits in milliseconds, a function that decides, or false for not at all. */
  readonly reconnect?: Given<ReconnectBackoff> | ReconnectFunction | false | undefined
  /** What becomes of commands called while there is no connection: kept in a queue, or rejected at once; default `queue`. */
  readonly offline?: 'queue' | 'reject' | undefined
  /** Commands that may wait in the queue, from 1; default 100,000. */
  readonly maxQueued?: number | undefined
  /** Bytes of arguments that may wait in the queue, from 1; default 67,108,864 (64 MiB). */
  readonly maxQueuedBytes?: number | undefined
  /** The pool of connections for blocking commands. */
  readonly blocking?: Given<BlockingOptions> | undefined
  /** What a reply may cost: see {@link Limits}. */
  readonly limits?: Given<Limits> | undefined
  /** Milliseconds of silence before the first TCP keep-alive probe, from 1,000; default 30,000. */
  readonly keepAlive?: number | undefined
  /** Bulk strings of replies as Buffers instead of text; default false. */
  readonly buffers?: boolean | undefined
  /** Maps of replies as plain objects, or as Map; default `object`. */
  readonly maps?: 'object' | 'map' | undefined
  /** Sets of replies as arrays, or as Set; default `array`. */
  readonly sets?: 'array' | 'set' | undefined
  /** Whether traces show the arguments of commands, which may be secret; default false. */
  readonly traceArguments?: boolean | undefined
}

/** Options of single calls, for `client.with()`; undefined counts as left out. */
export interface CallOptions {
  /** Withdraws the command, or frees its caller when it was sent already; default: none. */
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
}

/** Options of a call, complete. It is a {@link DecodeMode} by itself. */
export interface ResolvedCallOptions extends DecodeMode {
  readonly signal: AbortSignal | undefined
  readonly timeout: number
  readonly retry: RetryPolicy
  readonly maxAttempts: number
}

/** The client's options, checked, complete and frozen; see {@link ClientOptions}. They are the base of a call's options. */
export interface ResolvedOptions extends Omit<ResolvedCallOptions, 'signal'> {
  readonly host: string
  readonly port: number
  /** When given, host and port are not used. */
  readonly path: string | undefined
  readonly tls: TlsOptions | undefined
  readonly username: string | undefined
  /** Given wherever a username is. */
  readonly password: string | undefined
  /** When given, username and password are not. */
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

/** What every option is when it is left out; times in milliseconds. */
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
  host: instance('the name or address of a host', isFilledText),
  port: instance('a whole number from 1 to 65535', wholeNumber(1, 65_535).accepts),
  path: instance('the path of a Unix socket', isFilledText),
  tls: instance('true, false or options of tls.connect without host, port, path and socket', isTlsOption),
  username: text(),
  password: { ...text(), isSecret: true },
  credentials: instance('a function', isFunction),
  database: wholeNumber(0),
  // The server refuses other names, and with them the connection.
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
  // TCP counts it in seconds; less than one would be taken for "as the system likes".
  keepAlive: milliseconds(1_000),
  buffers: callRules.buffers,
  maps: callRules.maps,
  sets: callRules.sets,
  traceArguments: boolean(),
} satisfies Record<keyof ClientOptions, Rule>

/**
 * Checks the options and completes them with those of the URL, and with the defaults.
 *
 * @param input a URL, or the options with or without a `url`
 * @param more further options, which win over those of `input`; all options win over those of the URL
 * @returns frozen options that share nothing changeable with what was given
 * @throws TypeError that names an unknown or impossible option and says what was expected
 * @example
 * const { host, timeout } = resolveOptions('redis://cache.example/2?timeout=200', { retry: 'read' })
 */
export function resolveOptions(input?: string | URL | ClientOptions, more: ClientOptions = {}): ResolvedOptions {
  const { url, ...given } = joinOptions(input, more)
  checkCombination(given)
  const inherited = url === undefined ? {} : withoutRivals(urlOptions(url), given)
  if (given.tls === false && inherited.tls !== undefined) {
    throw new TypeError('impossible option tls: expected it not to be false beside a URL that asks for TLS')
  }
  const { url: _, ...all } = { ...defaultOptions, ...inherited, ...given }
  const { tls, username, reconnect } = all
  // A user without a password is not to be mistaken for the default user; no password at all means: don't authenticate.
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
 * @param base the client's options, or those of the view that this one is made from
 * @throws TypeError that names an unknown or impossible option and says what was expected
 */
export function resolveCallOptions(
  given: CallOptions,
  base: Omit<ResolvedCallOptions, 'signal'> & { readonly signal?: AbortSignal | undefined },
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
  }
}

/** Options given in either place, checked, without those that are undefined. */
function joinOptions(input: string | URL | ClientOptions | undefined, more: ClientOptions): Defined<ClientOptions> {
  requirePlainObject(more)
  if (typeof input !== 'string' && !(input instanceof URL)) {
    const first = input === undefined ? {} : input
    requirePlainObject(first)
    return { ...checked(first), ...checked(more) }
  }
  const others = checked(more)
  if (others.url !== undefined) throw new TypeError('impossible option url: expected it once, it is given twice')
  return { ...others, url: input }
}

/** A copy that was checked, without what is undefined: each option is read once. */
function checked(given: ClientOptions): Defined<ClientOptions> {
  const own = { ...given }
  checkOptions(own, clientRules)
  return defined(own)
}

function checkCombination(given: Defined<ClientOptions>): void {
  if (given.path !== undefined && (given.host !== undefined || given.port !== undefined)) {
    throw new TypeError('impossible option path: expected either a path, or host and port')
  }
  if (given.credentials !== undefined && (given.username !== undefined || given.password !== undefined)) {
    throw new TypeError('impossible option credentials: expected either credentials, or username and password')
  }
}

/**
 * Checks the options of a subscription.
 * @throws TypeError that names an unknown or impossible option and says what was expected
 */
export function checkSubscribeOptions(given: object): void {
  requirePlainObject(given)
  checkOptions(given, subscribeRules)
}

/** @throws TypeError that names the first unknown or impossible option */
export function checkMonitorOptions(given: object): void {
  requirePlainObject(given)
  checkOptions(given, monitorRules)
}

/** The options that a URL says, its query included. */
function urlOptions(url: string | URL): Defined<ClientOptions> {
  const { query, isSecure, ...parts } = parseUrl(url)
  const options: Record<string, unknown> = defined({ ...parts, tls: isSecure ? {} : undefined })
  for (const [key, value] of query) {
    const name = key === 'db' ? 'database' : key
    const { fromText } = ruleOf(name, clientRules)
    if (fromText === undefined) throw new TypeError(`impossible option ${name}: expected it beside the URL, not within`)
    if (name in options) throw new TypeError(`impossible option ${name}: expected it once, the URL says it twice`)
    options[name] = fromText(value)
  }
  checkOptions(options, clientRules)
  // The rules have just established that it is.
  return options as Defined<ClientOptions>
}

/** What is left of a URL beside options that say the same otherwise. */
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

/** An object's members without the possibility of undefined. */
type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends object>(given: T): Defined<T> {
  // Only members that are undefined were left out.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>
}

function completed<T extends object>(defaults: T, given: Given<T>): Readonly<T> {
  return Object.freeze({ ...defaults, ...defined(given) })
}

function requirePlainObject(given: unknown): void {
  if (!isPlainObject(given)) throw new TypeError('impossible options: expected a plain object of options')
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

/** By what it can do, so that signals of other realms and of polyfills are taken too. */
function isAbortSignal(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>
  return typeof aborted === 'boolean' && isFunction(addEventListener) && isFunction(removeEventListener)
}
