import { resolveOptions } from '../src/options/resolve.js'

/** The server that everybody connects to, in a form that every client can be given, and that goes to other processes as JSON. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** Certificates are verified: the variable NODE_EXTRA_CA_CERTS names the file of an authority of one's own. */
  readonly tls: boolean
}

/** A server on this machine that asks for nothing. */
export const localTarget = (port: number): Target => ({ host: '127.0.0.1', port, tls: false })

/**
 * The server of a URL: `redis://user:password@host:6379`, or `rediss:` for TLS.
 * @throws TypeError if it is none, or if not every client could use it
 */
export function targetOf(url: string): Target {
  const { host, port, path, tls, username, password, database } = resolveOptions(url)
  if (path !== undefined) throw new TypeError('--url: a Unix socket is not measured')
  if (database !== 0) throw new TypeError('--url: databases other than 0 are not measured')
  return { host, port, username, password, tls: tls !== undefined }
}

/** A URL that has everything, for clients that take one. */
export function urlOf({ host, port, username, password, tls }: Target): string {
  const user = username === undefined ? '' : encodeURIComponent(username)
  const credentials = password === undefined ? '' : `${user}:${encodeURIComponent(password)}@`
  return `${tls ? 'rediss' : 'redis'}://${credentials}${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The arguments of AUTH; undefined where nothing is asked for. */
export function credentialsOf({ username, password }: Target): readonly string[] | undefined {
  if (password === undefined) return undefined
  return username === undefined ? [password] : [username, password]
}
