import type { LookupFunction } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { Limits } from '../protocol/limits.js'
import type { DecodeMode } from '../protocol/types.js'

/**
 * Which commands may be sent again after they may have run, by retry class. Each value includes those before it.
 *
 * - `never`: none;
 * - `read`: commands that change nothing;
 * - `idempotent`: also commands that leave the same state when they run again, and whose second reply is as correct as the
 *   first. If another client writes in between, a repeated SET can overwrite that write;
 * - `convergent`: also commands that leave the same state when they run again, although the reply may differ;
 * - `always`: all commands, even if their work may be done twice.
 */
export type RetryPolicy = 'never' | 'read' | 'idempotent' | 'convergent' | 'always'

/** Options of `tls.connect` in `node:tls`, without those for the address. */
export type TlsOptions = Omit<ConnectionOptions, 'host' | 'port' | 'path' | 'socket'>

/** The credentials of a connection. */
export interface Credentials {
  /** The ACL user; default: the server's default user. */
  readonly username?: string | undefined
  readonly password: string
  /**
   * When the credentials expire, as a Date or in milliseconds since 1970; default: never. After four fifths of their lifetime,
   * the provider is called again, and every connection authenticates with the new credentials.
   */
  readonly expiresAt?: Date | number | undefined
}

/** Returns the credentials for one connection. It is called for each new connection, so the credentials may change. */
export type CredentialsProvider = () => Credentials | Promise<Credentials>

/** Delays between attempts to reconnect: exponential backoff with full jitter. */
export interface ReconnectBackoff {
  /** Upper bound of the first delay in milliseconds. The bound doubles with each attempt; default 50. */
  readonly baseDelay: number
  /** Maximum of this bound in milliseconds; default 2,000. */
  readonly maxDelay: number
  /** Consecutive attempts before the client gives up; default Infinity. */
  readonly maxAttempts: number
}

/**
 * Decides on an attempt to reconnect.
 * @param attempt 1 for the first attempt after a connection that stayed up for a quarter of a second
 * @param error why the connection, or the previous attempt, ended
 * @returns the delay before the attempt in milliseconds, or false to give up. If it throws, or returns anything else, the client
 *   gives up too, and the error says why
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

/** `T`, but each member may be omitted or undefined. */
export type Given<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** The address of a sentinel. */
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
  /** The user's password, or the one that the sentinels require; default: none. */
  readonly password?: string | undefined
  /** `true`, or options of `tls.connect`; default: none. */
  readonly tls?: boolean | TlsOptions | undefined
}

/** The options of a client. All are optional; undefined counts as omitted. */
export interface ClientOptions {
  /**
   * The server, and the user to connect as: `redis:`, `rediss:`, `valkey:`, `valkeys:`, `unix:` or `redis+unix:`. The
   * query may hold every other option that is a string, a number or a boolean, except `host`, `port`, `path`, `tls`,
   * `localAddress`, `name`, and those that decide the types of replies (`buffers`, `maps`, `sets`, `integers`).
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
  /**
   * The ACL user. If there is no password, an empty one is sent. Default: none; the connection then uses the server's default
   * user.
   */
  readonly username?: string | undefined
  /** The user's password; an empty one without a username counts as none; default: none. */
  readonly password?: string | undefined
  /** Returns username and password for each new connection; excludes those two options; default: none. */
  readonly credentials?: CredentialsProvider | undefined
  /** Database number, 0 or more; default 0. */
  readonly database?: number | undefined
  /**
   * The sentinels to ask for the server's address. The client connects to the master that they know by the name `name`.
   * Excludes `url`, `host`, `port` and `path`. Default: none.
   */
  readonly sentinels?: readonly SentinelAddress[] | undefined
  /** The name by which the sentinels know the master, required with `sentinels`; default: none. */
  readonly name?: string | undefined
  /** How to connect to the sentinels: user, password, TLS; default: none. */
  readonly sentinel?: SentinelOptions | undefined
  /**
   * Milliseconds without data while replies are pending, after which the sentinels are asked whether the master is still the
   * same; default 1,000.
   */
  readonly suspectAfter?: number | undefined
  /** Name of the connections in CLIENT LIST: printable ASCII without spaces; default: none. */
  readonly clientName?: string | undefined
  /** 3: RESP3, or RESP2 if the server has no RESP3; 2: RESP2 only; default 3. */
  readonly protocol?: 2 | 3 | undefined
  /**
   * Whether each connection sends the name and version of this package to the server, with CLIENT SETINFO. Use false for
   * proxies that don't accept the command, or users without the right to it. A refusal has no effect, but the server logs
   * it. Default true.
   */
  readonly setInfo?: boolean | undefined
  /** Prefix for every key of a command; default `''`, none. */
  readonly keyPrefix?: string | undefined
  /** Which commands are sent again after they may have run; default `idempotent`. */
  readonly retry?: RetryPolicy | undefined
  /** Maximum number of times that a command is sent, including the first time; 1 or more; default 3. */
  readonly maxAttempts?: number | undefined
  /** Milliseconds from the call of a command until it settles; default 0, no limit. */
  readonly timeout?: number | undefined
  /** Milliseconds that a command waits for a connection; 0: no limit; default 5,000. */
  readonly queueTimeout?: number | undefined
  /**
   * Milliseconds without progress, while replies or a write are pending, until a connection counts as lost; later if a pending
   * command has a longer `timeout`, or waits at the server (BLPOP, WAIT); 0: never; default 10,000.
   */
  readonly stallTimeout?: number | undefined
  /** Milliseconds without data after which a PING is sent on an idle connection; 0: never; default 30,000. */
  readonly pingInterval?: number | undefined
  /** Milliseconds for one attempt to connect, including the handshake; default 3,000. */
  readonly connectTimeout?: number | undefined
  /** Milliseconds for all attempts of the first connect; default 10,000. */
  readonly connectDeadline?: number | undefined
  /**
   * How to reconnect after a loss: the delays of the backoff, a function that decides, or false for never; default: backoff.
   */
  readonly reconnect?: Given<ReconnectBackoff> | ReconnectFunction | false | undefined
  /**
   * Whether commands that are called without a connection are queued or immediately rejected; default `queue`. With `reject`, the
   * first command is rejected too, unless `connect` was awaited before it; in a cluster, the first commands to a master to which
   * there is no connection yet, in any case. Blocking commands and sessions wait in any case, for `blocking.acquireTimeout`.
   */
  readonly offline?: 'queue' | 'reject' | undefined
  /** Maximum number of commands that are queued while there is no connection, 1 or more; default 100,000. */
  readonly maxQueued?: number | undefined
  /** Maximum number of bytes of arguments that are queued, 1 or more; default 67,108,864 (64 MiB). */
  readonly maxQueuedBytes?: number | undefined
  /** The pool of connections for blocking commands and sessions. */
  readonly blocking?: Given<BlockingOptions> | undefined
  /** Limits on the size of replies: see {@link Limits}. */
  readonly limits?: Given<Limits> | undefined
  /**
   * Whether the server is asked to close lost connections, so that no command sent on them runs later; default `try`.
   *
   * - `try`: the server is asked before anything else is sent on the next connection;
   * - `require`: in addition, a command that was sent is not sent again before the server has confirmed that the lost
   *   connection is closed, unless the command changes nothing;
   * - `off`: the server is not asked, and connections do not request their own id and address (CLIENT INFO).
   */
  readonly fence?: 'try' | 'require' | 'off' | undefined
  /** Milliseconds within which `fenced` and `resolved` of an error settle, 1 or more; default 10,000. */
  readonly fenceTimeout?: number | undefined
  /** Milliseconds of silence before the first TCP keep-alive probe, 1,000 or more; default 30,000. */
  readonly keepAlive?: number | undefined
  /** Addresses of `host` to use: 4: IPv4 only, 6: IPv6 only, 0: both; default 0. */
  readonly family?: 0 | 4 | 6 | undefined
  /** Finds the addresses of `host`, instead of `dns.lookup`; default: none. */
  readonly lookup?: LookupFunction | undefined
  /** Address of this machine to connect from; default: none, so the system chooses. */
  readonly localAddress?: string | undefined
  /** Bulk strings in replies as Buffers instead of strings; default false. */
  readonly buffers?: boolean | undefined
  /** Maps in replies as plain objects or as Map; default `object`. */
  readonly maps?: 'object' | 'map' | undefined
  /** Sets in replies as arrays or as Set; default `array`. */
  readonly sets?: 'array' | 'set' | undefined
  /**
   * How INCR and related methods return integers: as numbers (a reply beyond 2^53 rejects with code `INTEGER_TOO_LARGE`), or
   * always as bigints; default `number`.
   */
  readonly integers?: 'number' | 'bigint' | undefined
  /** Whether traces include the arguments of commands, which may be secret; default false. */
  readonly traceArguments?: boolean | undefined
  /**
   * Milliseconds during which a call with `once` may run, counted from its first try; 1 or more. Its receipt expires at the
   * same time. Default 60,000.
   */
  readonly onceTtl?: number | undefined
  /** The beginning of a receipt's name if the command has no key; default `once:`. */
  readonly oncePrefix?: string | undefined
}

/** Options of single calls, for `client.with()`; undefined counts as omitted. */
export interface CallOptions {
  /** Cancels the command; if it was already sent, rejects its promise; default: none. */
  readonly signal?: AbortSignal | undefined
  /**
   * Whether the command or transaction runs at most once, even if it is sent several times. `true`: an id is generated for each
   * call. A string: the id. Until the receipt expires, the command runs once with this id, even if several processes call it.
   * Commands that only read are sent as usual. See docs/exactly-once.md. Default: false.
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
   * Whether replies are returned as the server sent them: maps as Map, integers beyond 2^53 as bigint. Such replies may differ
   * between RESP2 and RESP3. Error replies still reject. Default false.
   */
  readonly raw?: boolean | undefined
}

/** A redirection by a server of a cluster: where the command is to be sent. */
export interface Redirect {
  /**
   * - `moved`: to the node at this address, also in the future;
   * - `ask`: to the node at this address, only this time;
   * - `later`: to the same node, after a pause;
   * - `owner`: to the node that has the slot, as soon as this node is known again.
   */
  readonly to: 'moved' | 'ask' | 'later' | 'owner'
  /** The slot; -1 if the server did not name it. */
  readonly slot: number
  /** The host; empty if it is the host of the server that sent the redirection. */
  readonly host: string
  readonly port: number
}

/** The options that all calls of a cluster share. */
export interface Routing {
  /** Reads an error reply as a redirection; undefined for other errors. */
  redirectOf(text: string): Redirect | undefined
  /** For commands without keys: a key whose slot decides where the command is sent. */
  readonly route: string | Uint8Array | undefined
  readonly crossSlot: 'refuse' | 'split'
  readonly readFrom: 'master' | 'replica'
}

/** The complete options of a call. They also serve as its {@link DecodeMode}. */
export interface ResolvedCallOptions extends DecodeMode {
  readonly integers: 'number' | 'bigint'
  readonly raw: boolean
  readonly signal: AbortSignal | undefined
  /** The id, or true to generate one; undefined: the call does not use `once`. */
  readonly once: string | true | undefined
  readonly timeout: number
  readonly retry: RetryPolicy
  readonly maxAttempts: number
  /** Set only in a cluster. */
  readonly routing?: Routing | undefined
}

/** Options that exist only for calls, not for clients. */
export type CallsOnly = 'signal' | 'once' | 'raw' | 'routing'

/**
 * The client's options, checked, complete and frozen; see {@link ClientOptions}. They are the defaults of the options of a call.
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
