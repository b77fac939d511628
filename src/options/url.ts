/** The parts of a connection URL, with its query not yet interpreted. */
export interface ParsedUrl {
  readonly host: string | undefined
  readonly port: number | undefined
  /** Path of the Unix socket. */
  readonly path: string | undefined
  /** Whether the scheme requires TLS. */
  readonly isSecure: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  readonly database: number | undefined
  /** The options in the query, in order, percent-decoded but not checked. */
  readonly query: readonly (readonly [name: string, text: string])[]
}

const networkScheme = /^(?:redis|valkey)(s?):\/\//i
const unixScheme = /^(?:redis\+)?unix:/i
/**
 * The URL standard does not allow a user without a host, as in `unix://user:pw@/path`, so these URLs have their own pattern.
 */
const unixUrl = /^[a-z+]+:(?:\/\/(?:([^/?#]*)@)?(?=\/)|(?!\/\/))(\/[^?#]+)(?:\?([^#]*))?$/i

/**
 * Parses a connection URL: `redis:`, `rediss:`, `valkey:`, `valkeys:`, `unix:` or `redis+unix:`.
 *
 * Errors never repeat any part of the URL, because if it can't be parsed, the password in it can't be found and removed.
 * @throws TypeError if the text is not such a URL
 */
export function parseUrl(url: string | URL): ParsedUrl {
  const text = (typeof url === 'string' ? url : url.href).trim()
  const network = networkScheme.exec(text)
  if (network !== null) return parseNetworkUrl(text, network[1] !== '')
  if (unixScheme.test(text)) return parseUnixUrl(text)
  throw unusable('it must begin with redis://, rediss://, valkey://, valkeys://, unix: or redis+unix:')
}

function parseNetworkUrl(text: string, isSecure: boolean): ParsedUrl {
  // The error of `new URL` would contain the whole input, including the password.
  if (!URL.canParse(text))
    throw unusable(`it must be scheme://user:password@host:port/database?option=value; ${encodingAdvice}`)
  const url = new URL(text)
  // If a password contains an unencoded separator, the parser takes the text before it as the host and port. The path or query
  // then contains the rest of the password and the `@`.
  if (`${url.pathname}${url.search}`.includes('@')) throw unusable(`it has an "@" after the host; ${encodingAdvice}`)
  if (url.hash !== '') throw unusable(`it has a "#"; ${encodingAdvice}`)
  const database = /^\/?(\d*)$/.exec(url.pathname)?.[1]
  if (database === undefined) throw unusable('its path must be a database number')
  return {
    host: decode(url.hostname.replace(/^\[(.*)\]$/, '$1'), 'host') || undefined,
    port: url.port === '' ? undefined : Number(url.port),
    path: undefined,
    isSecure,
    username: decode(url.username, 'user') || undefined,
    password: decode(url.password, 'password') || undefined,
    database: database === '' ? undefined : Number(database),
    query: [...url.searchParams],
  }
}

function parseUnixUrl(text: string): ParsedUrl {
  const [, user = '', path, query = ''] = unixUrl.exec(text) ?? []
  if (path === undefined) {
    throw unusable(
      `it must be unix:/path/to.sock?option=value or unix://user:password@/path/to.sock; ${encodingAdvice}`,
    )
  }
  if (query.includes('@')) throw unusable(`it has an "@" in its query; ${encodingAdvice}`)
  const [, username = '', password = ''] = /^([^:]*):?(.*)$/.exec(user) ?? []
  return {
    host: undefined,
    port: undefined,
    path: decode(path, 'path'),
    isSecure: false,
    username: decode(username, 'user') || undefined,
    password: decode(password, 'password') || undefined,
    database: undefined,
    query: [...new URLSearchParams(query)],
  }
}

const encodingAdvice = 'percent-encode "/", "?", "#", "@", ":" and "%" in users, passwords and values'

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw unusable(`its ${part} is not percent-encoded UTF-8; ${encodingAdvice}`)
  }
}

function unusable(reason: string): TypeError {
  return new TypeError(`invalid option url: ${reason}`)
}
