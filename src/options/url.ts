/** The parts of a connection URL, with its query not yet interpreted. */
export interface ParsedUrl {
  readonly host?: string | undefined
  readonly port?: number | undefined
  /** Path of the Unix socket. */
  readonly path?: string | undefined
  /** Whether the scheme requires TLS. */
  readonly isSecure: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  readonly database?: number | undefined
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
  try {
    // Encoding throws if there is a lone surrogate.
    encodeURI(decodeURIComponent(text))
  } catch {
    throw unusable(`it is not percent-encoded UTF-8; ${encodingAdvice}`)
  }
  const network = networkScheme.exec(text)
  if (network !== null) return parseNetworkUrl(text, network[1] !== '')
  if (unixScheme.test(text)) return parseUnixUrl(text)
  throw unusable('it must begin with redis://, rediss://, valkey://, valkeys://, unix: or redis+unix:')
}

function parseNetworkUrl(text: string, isSecure: boolean): ParsedUrl {
  // The error of `new URL` would contain the whole input, including the password.
  // It would silently drop line breaks and tabs.
  if (!URL.canParse(text) || /[\t\n\r]/.test(text))
    throw unusable(`it must be scheme://user:password@host:port/database?option=value; ${encodingAdvice}`)
  const url = new URL(text)
  // If a password contains an unencoded separator, the parser takes the text before it as the host and port. The path or query
  // then contains the rest of the password and the `@`.
  requireEncoded(url.pathname + url.search, '@')
  requireEncoded(url.hash, '#')
  const database = /^\/?(\d*)$/.exec(url.pathname)?.[1]
  if (database === undefined) throw unusable('its path must be a database number')
  return {
    host: decoded(url.hostname.replace(/^\[|\]$/g, '')),
    port: url.port === '' ? undefined : Number(url.port),
    isSecure,
    username: decoded(url.username),
    password: decoded(url.password),
    database: database === '' ? undefined : Number(database),
    query: queryOf(url.search),
  }
}

function parseUnixUrl(text: string): ParsedUrl {
  const [, user = '', path, query = ''] = unixUrl.exec(text) ?? []
  if (path === undefined) {
    throw unusable(`it must be unix:/path?option=value or unix://user:password@/path; ${encodingAdvice}`)
  }
  requireEncoded(query, '@')
  const [, username = '', password = ''] = /^([^:]*):?(.*)$/.exec(user) ?? []
  return {
    path: decodeURIComponent(path),
    isSecure: false,
    username: decoded(username),
    password: decoded(password),
    query: queryOf(query),
  }
}

/** The text of a part of a URL; undefined if it is empty. */
const decoded = (part: string): string | undefined => decodeURIComponent(part) || undefined

const encodingAdvice = 'percent-encode / ? # @ : & and % in users, passwords and values'

function requireEncoded(text: string, separator: string): void {
  if (text.includes(separator)) throw unusable(`it has an unencoded "${separator}"; ${encodingAdvice}`)
}

/** The options in a query. The standard parser would read `+` as a space. */
function queryOf(text: string): [string, string][] {
  return [...new URLSearchParams(text.replaceAll('+', '%2B'))]
}

function unusable(reason: string): TypeError {
  return new TypeError(`invalid option url: ${reason}`)
}
