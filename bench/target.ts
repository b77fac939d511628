import { resolveOptions } from '../src/options/resolve.js'

/** The address of the server, in a form that can be passed to every client, and as JSON to other processes. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** Certificates are verified; the variable NODE_EXTRA_CA_CERTS names the file of a private certificate authority. */
  readonly tls: boolean
}

/** A server on this machine without password and TLS. */
export const localTarget = (port: number): Target => ({ host: '127.0.0.1', port, tls: false })

/**
 * The server of a URL: `redis://user:password@host:6379`, or `rediss:` for TLS.
 * @throws TypeError if it is invalid, or if not every client supports it
 */
export function targetOf(url: string): Target {
  // Options would be those of respite: the other clients, and the bare socket, do not get them.
  if (url.includes('?')) throw new TypeError('--url: options after "?" are not supported')
  const { host, port, path, tls, username, password, database } = resolveOptions(url)
  if (path !== undefined) throw new TypeError('--url: Unix sockets are not supported')
  if (database !== 0) throw new TypeError('--url: only database 0 is supported')
  return { host, port, username, password, tls: tls !== undefined }
}

/** The URL of a target, with its credentials. */
export function urlOf({ host, port, username, password, tls }: Target): string {
  const user = username === undefined ? '' : encodeURIComponent(username)
  const credentials = password === undefined ? '' : `${user}:${encodeURIComponent(password)}@`
  return `${tls ? 'rediss' : 'redis'}://${credentials}${host.includes(':') ? `[${host}]` : host}:${port}`
}

const variable = 'RESPITE_BENCH_TARGET'

/** For the environment of a process that measures. Not an argument of it: everybody could read the password. */
export const variableOf = (target: Target): Readonly<Record<string, string>> => ({ [variable]: JSON.stringify(target) })

/** In such a process: its target. */
export const givenTarget = (): Target => JSON.parse(process.env[variable] ?? '') as Target

/** The arguments of AUTH; undefined without a password. */
export function credentialsOf({ username, password }: Target): readonly string[] | undefined {
  if (password === undefined) return undefined
  return username === undefined ? [password] : [username, password]
}
