import { callRules, clientRules, closeRules, isAddress } from './accepted-values.js'
import { defaultOptions } from './defaults.js'
import type {
  CallOptions,
  CallsOnly,
  ClientOptions,
  Given,
  ResolvedCallOptions,
  ResolvedOptions,
  TlsOptions,
} from './options.js'
import { checkOptions, invalid, isPlainObject, longestDelay, type Rules, ruleOf } from './rules.js'
import { parseUrl } from './url.js'

/**
 * Checks the options, and adds those in the URL and the defaults.
 *
 * @param input a URL, or options with or without a `url`
 * @param more further options, which override `input`; all options override those in the URL
 * @returns frozen options that share no mutable object with the arguments
 * @throws TypeError that names an unknown or invalid option and says what was expected
 */
export function resolveOptions(input?: string | URL | ClientOptions, more?: ClientOptions): ResolvedOptions {
  const { url, ...given } = joinOptions(input, more)
  checkCombination(given, url !== undefined)
  const inherited = url === undefined ? {} : withoutRivals(urlOptions(url), given)
  if (given.tls === false && inherited.tls !== undefined) {
    throw invalid('tls', 'true or TLS options: the URL requires TLS')
  }
  const { url: _, ...all } = { ...defaultOptions, ...inherited, ...given }
  const { tls, username, reconnect, sentinel } = all
  // A user without a password must not become the default user. No user and no password means: don't authenticate.
  const password = all.password || (username === undefined ? undefined : '')
  return Object.freeze({
    ...all,
    password,
    tls: tlsOptions(tls),
    sentinels: all.sentinels?.map(({ host, port = 26_379 }) => ({ host, port })),
    sentinel: sentinel && Object.freeze({ ...defined(sentinel), tls: tlsOptions(sentinel.tls) }),
    reconnect: typeof reconnect === 'object' ? completed(defaultOptions.reconnect, reconnect) : reconnect,
    blocking: completed(defaultOptions.blocking, all.blocking),
    limits: completed(defaultOptions.limits, all.limits),
  })
}

/**
 * Checks the options of a call and completes them.
 * @param base the options of the client or view that `with` was called on
 * @param rules the options that are known; a cluster has more
 * @throws TypeError that names an unknown or invalid option and says what was expected
 */
export function resolveCallOptions(
  given: CallOptions,
  base: Omit<ResolvedCallOptions, CallsOnly> & Partial<Pick<ResolvedCallOptions, CallsOnly>>,
  rules: Rules = callRules,
): ResolvedCallOptions {
  const own = checkedOptions(given, rules)
  return {
    signal: own.signal ?? base.signal,
    once: (own.once ?? base.once) || undefined,
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

/** `true` means TLS with default options. */
function tlsOptions(given: boolean | TlsOptions | undefined): TlsOptions | undefined {
  return given === undefined || given === false ? undefined : Object.freeze(given === true ? {} : defined(given))
}

/** The options from both arguments, checked, without undefined members. */
export function joinOptions(
  input: string | URL | ClientOptions = {},
  more: ClientOptions = {},
): Defined<ClientOptions> {
  if (!isAddress(input)) return { ...checked(input), ...checked(more) }
  const others = checked(more)
  if (others.url !== undefined) throw invalid('url', 'only once; it was passed twice')
  return { ...others, url: input }
}

/**
 * The options of a client, and others which override them. A new URL says where to connect, so it overrides the others too.
 * @throws TypeError that names an unknown or invalid option
 */
export function overridden(given: ClientOptions, options: ClientOptions): ClientOptions {
  const own = checked(options)
  if (own.url === undefined) return { ...given, ...options, url: given.url }
  const all = { ...given, ...options, host: own.host, port: own.port, path: own.path }
  // The URL itself is passed on, with its address and its need of TLS.
  const { host, port, path, tls, ...said } = withoutRivals(urlOptions(own.url), defined(all))
  return { ...all, ...said, ...own }
}

/** A checked copy without undefined members. */
function checked(given: ClientOptions): Defined<ClientOptions> {
  return defined(checkedOptions(given, clientRules))
}

function checkCombination(given: Defined<ClientOptions>, hasUrl: boolean): void {
  if (given.path !== undefined && (given.host ?? given.port) !== undefined) {
    throw invalid('path', 'either path, or host and port')
  }
  if (given.sentinels === undefined) {
    for (const option of ['name', 'sentinel'] as const) {
      if (given[option] !== undefined) throw invalid(option, 'together with the option sentinels')
    }
  } else {
    if (given.name === undefined) {
      throw invalid('sentinels', 'together with the option name')
    }
    if (hasUrl || (given.host ?? given.port ?? given.path) !== undefined) {
      throw invalid('sentinels', 'either sentinels, or url, host, port or path')
    }
  }
  if (given.credentials !== undefined && (given.username ?? given.password) !== undefined) {
    throw invalid('credentials', 'either credentials, or username and password')
  }
}

/**
 * A copy of options that were checked. Each is read only once: what is checked is what is used.
 * @throws TypeError that names an unknown or invalid option and says what was expected
 */
export function checkedOptions<T extends object>(given: T, rules: Rules): T {
  requirePlainObject(given)
  const own = { ...given }
  checkOptions(own, rules)
  return own
}

/**
 * The time limit of `close()`, which a timer can wait for.
 * @throws TypeError that names an unknown or invalid option and says what was expected
 */
export function closeTimeout(given: { readonly timeout?: number }): number {
  const { timeout = 5_000 } = checkedOptions(given, closeRules)
  return Math.min(timeout, longestDelay)
}

/** The options in a URL, including its query. */
function urlOptions(url: string | URL): Defined<ClientOptions> {
  const { query, isSecure, ...parts } = parseUrl(url)
  const options: Record<string, unknown> = defined({ ...parts, tls: isSecure ? {} : undefined })
  for (const [key, value] of query) {
    const name = key === 'db' ? 'database' : key
    const { fromText } = ruleOf(name, clientRules)
    if (fromText === undefined) {
      throw invalid(name, 'in the options object, not in the URL')
    }
    if (name in options) throw invalid(name, 'it once; the URL has it twice')
    options[name] = fromText(value)
  }
  checkOptions(options, clientRules)
  // The rules have just checked this.
  return options as Defined<ClientOptions>
}

/** The options of a URL, without those that other options replace. */
function withoutRivals(inherited: Defined<ClientOptions>, given: Defined<ClientOptions>): Defined<ClientOptions> {
  const { path, username, password, ...rest } = inherited
  const isReplaced = (given.host ?? given.port) !== undefined
  return defined({
    ...rest,
    path: isReplaced ? undefined : path,
    ...(given.credentials === undefined && { username, password }),
  })
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

/** @throws TypeError if the options are not a plain object */
export function requirePlainObject(given: unknown): void {
  if (!isPlainObject(given)) throw new TypeError('invalid options: expected a plain object')
}

/** Copies lists, plain objects and URLs at every depth, so that the caller may change its own. URLs become text. */
export function copyOf<Value>(value: Value): Value
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (isAddress(value)) return `${value}`
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value as object).map(([name, member]) => [name, copyOf(member)]))
}
