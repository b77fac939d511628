import type { LookupFunction } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { Limits } from '../protocol/limits.js'
import type { DecodeMode } from '../protocol/types.js'

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
  /**
   * When they end, as a Date or in milliseconds since 1970; default: never. When four fifths of their life are over, the provider
   * is called again, and every connection authenticates with what it returns.
   */
  readonly expiresAt?: Date | number | undefined
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
 * @param attempt 1 for the first attempt after a connection that stayed up for a quarter of a second
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
export type Given<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** Where a sentinel listens. */
export interface SentinelAddress {
  /** Name or address. */
  readonly host: string
  /** TCP port; default 26379. */
  readonly port?: number | undefined
}

/** How to connect to sentinels. */
export interface SentinelOptions {
  /** The ACL user; default: none. */
  readonly username?: string | undefined
  /** Its password, or the one that the sentinels require; default: none. */
  readonly password?: string | undefined
  /** `true`, or options of `tls.connect`; default: none. */
  readonly tls?: boolean | TlsOptions | undefined
}

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
  /**
   * The sentinels that watch the server, which is then the master with the name `name`; excludes `url`, `host`, `port` and
   * `path`. Default: none.
   */
  readonly sentinels?: readonly SentinelAddress[] | undefined
  /** The name of the master at the sentinels, required with `sentinels`; default: none. */
  readonly name?: string | undefined
  /** How to connect to the sentinels: user, password, TLS; default: none. */
  readonly sentinel?: SentinelOptions | undefined
  /**
   * Milliseconds without data, with replies pending, after which the sentinels are asked whether the master is still the
   * same; default 1,000.
   */
  readonly suspectAfter?: number | undefined
  /** Name of the connections in CLIENT LIST: printable ASCII without spaces; default: none. */
  readonly clientName?: string | undefined
  /** 3: RESP3, or RESP2 if the server has no RESP3; 2: RESP2 only; default 3. */
  readonly protocol?: 2 | 3 | undefined
  /**
   * Whether each connection tells the server the name and version of this package, with CLIENT SETINFO. Use false for
   * proxies that don't accept the command, or users without the right to it: a refusal has no effect, but the server logs
   * it; default true.
   */
  readonly setInfo?: boolean | undefined
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
  /**
   * Milliseconds without progress, with replies or a write pending, until a connection counts as lost; 0: never;
   * default 10,000.
   */
  readonly stallTimeout?: number | undefined
  /** Milliseconds without data after which a PING is sent on an idle connection; 0: never; default 30,000. */
  readonly pingInterval?: number | undefined
  /** Milliseconds for one attempt to connect, including the handshake; default 3,000. */
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
  /**
   * Whether the server is asked to close connections that were lost, so that nothing of them runs later; default `try`.
   *
   * - `try`: before anything else is sent on the next connection;
   * - `require`: also, a command that was sent is sent again only once the server has confirmed it, unless it changes
   *   nothing;
   * - `off`: not asked, and connections do not ask who they are.
   */
  readonly fence?: 'try' | 'require' | 'off' | undefined
  /** Milliseconds until `fenced` and `resolved` of an error settle at the latest, from 1; default 10,000. */
  readonly fenceTimeout?: number | undefined
  /** Milliseconds of silence before the first TCP keep-alive probe, from 1,000; default 30,000. */
  readonly keepAlive?: number | undefined
  /** Addresses of `host` to use: 4: IPv4 only, 6: IPv6 only, 0: both; default 0. */
  readonly family?: 0 | 4 | 6 | undefined
  /** Finds the addresses of `host`, instead of `dns.lookup`; default: none. */
  readonly lookup?: LookupFunction | undefined
  /** Address of this machine to connect from; default: none, the system chooses. */
  readonly localAddress?: string | undefined
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
  /**
   * Milliseconds, from 1, in which a call with `once` may run, counted from its first try; its receipt lives as long;
   * default 60,000.
   */
  readonly onceTtl?: number | undefined
  /** What the name of a receipt begins with if the command has no key; default `once:`. */
  readonly oncePrefix?: string | undefined
}

/** Options of single calls, for `client.with()`; undefined counts as omitted. */
export interface CallOptions {
  /** Cancels the command; if it was already sent, rejects its promise; default: none. */
  readonly signal?: AbortSignal | undefined
  /**
   * Whether the command or transaction runs at most once, however often it is sent. `true`: an id is made for each call.
   * A string: the id, under which the command runs once for as long as its receipt lives, whichever process calls it. See
   * docs/exactly-once.md. Commands that only read are sent as usual. Default: false.
   */
  readonly once?: boolean | string | undefined
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

/** Where a server of a cluster says that a command belongs. */
export interface Redirect {
  /**
   * - `moved`: to the node at this address, from now on;
   * - `ask`: to the node at this address, this time;
   * - `later`: to the same node, after a pause;
   * - `owner`: to the node that has the slot, once that is known again.
   */
  readonly to: 'moved' | 'ask' | 'later' | 'owner'
  /** The slot; -1 if the server does not say which. */
  readonly slot: number
  /** Empty: that of the server that says so. */
  readonly host: string
  readonly port: number
}

/** What the calls of a cluster have in common. */
export interface Routing {
  /** Reads an error reply that says where the command belongs. Without it, such a reply is an error like others. */
  redirectOf(text: string): Redirect | undefined
  /** A key that says where a command is sent that has none. */
  readonly route: string | Uint8Array | undefined
  readonly crossSlot: 'refuse' | 'split'
}

/** The complete options of a call. They also serve as its {@link DecodeMode}. */
export interface ResolvedCallOptions extends DecodeMode {
  readonly integers: 'number' | 'bigint'
  readonly raw: boolean
  readonly signal: AbortSignal | undefined
  /** The id, or true for one that is made; undefined: it is not to run once. */
  readonly once: string | true | undefined
  readonly timeout: number
  readonly retry: RetryPolicy
  readonly maxAttempts: number
  /** Only in a cluster. */
  readonly routing?: Routing | undefined
}

/** The options that only calls have. */
export type CallsOnly = 'signal' | 'once' | 'raw' | 'routing'

/**
 * The client's options, checked, complete and frozen; see {@link ClientOptions}. They are the defaults for a call's
 * options.
 */
export interface ResolvedOptions extends Omit<ResolvedCallOptions, CallsOnly> {
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
  readonly sentinels: readonly { readonly host: string; readonly port: number }[] | undefined
  /** Set if `sentinels` is. */
  readonly name: string | undefined
  readonly sentinel:
    | { readonly username?: string; readonly password?: string; readonly tls?: TlsOptions | undefined }
    | undefined
  readonly suspectAfter: number
  readonly clientName: string | undefined
  readonly protocol: 2 | 3
  readonly setInfo: boolean
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
  readonly fence: 'try' | 'require' | 'off'
  readonly fenceTimeout: number
  readonly keepAlive: number
  readonly family: 0 | 4 | 6
  readonly lookup: LookupFunction | undefined
  readonly localAddress: string | undefined
  readonly traceArguments: boolean
  readonly onceTtl: number
  readonly oncePrefix: string
}
