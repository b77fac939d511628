/** What a connection URL says, before its query is understood. */
export interface ParsedUrl {
  readonly host: string | undefined
  readonly port: number | undefined
  /** Path of a Unix socket. */
  readonly path: string | undefined
  /** The scheme asks for TLS. */
  readonly isSecure: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  readonly database: number | undefined
  /** The query's options in their order, percent-decoded, not judged. */
  readonly query: readonly (readonly [name: string, text: string])[]
}

const networkScheme = /^(?:redis|valkey)(s?):\/\//i
const unixScheme = /^(?:redis\+)?unix:/i
/** The URL standard has no user in a URL without host, `unix://user:pw@/path`: hence a grammar of our own. */
const unixUrl = /^[a-z+]+:(?:\/\/(?:([^/?#]*)@)?(?=\/)|(?!\/\/))(\/[^?#]+)(?:\?([^#]*))?$/i

/**
 * Takes a connection URL apart: `redis:`, `rediss:`, `valkey:`, `valkeys:`, `unix:` and `redis+unix:`.
 *
 * Its errors never repeat any of it: what can't be parsed can't be searched for the password either.
 * @throws TypeError when it is not such a URL
 */
export function parseUrl(url: string | URL): ParsedUrl {
  const text = (typeof url === 'string' ? url : url.href).trim()
  const network = networkScheme.exec(text)
  if (network !== null) return parseNetworkUrl(text, network[1] !== '')
  if (unixScheme.test(text)) return parseUnixUrl(text)
  throw unusable('expected it to begin with redis://, rediss://, valkey://, valkeys://, unix: or redis+unix:')
}

function parseNetworkUrl(text: string, isSecure: boolean): ParsedUrl {
  // Not `new URL`: its error carries the whole input, password included.
  if (!URL.canParse(text))
    throw unusable(`expected scheme://user:password@host:port/database?option=value; ${encodingAdvice}`)
  const url = new URL(text)
  // A separator left unencoded in a password ends the host early: what follows then holds the `@` and half the password.
  if (`${url.pathname}${url.search}`.includes('@')) throw unusable(`there is an "@" after its host; ${encodingAdvice}`)
  if (url.hash !== '') throw unusable(`there is a "#" in it; ${encodingAdvice}`)
  const database = /^\/?(\d*)$/.exec(url.pathname)?.[1]
  if (database === undefined) throw unusable('expected its path to be the number of a database')
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
    throw unusable(`expected unix:/path/to.sock?option=value or unix://user:password@/path/to.sock; ${encodingAdvice}`)
  }
  if (query.includes('@')) throw unusable(`there is an "@" in its query; ${encodingAdvice}`)
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
  return new TypeError(`option url can't be used: ${reason}`)
}
