import { HandshakeError, messageOf } from '../../errors.js'
import type { ResolvedOptions } from '../../options/options.js'
import { isText } from '../../options/rules.js'
import { textMode } from '../../protocol/types.js'
import { library } from '../../version.js'
import type { Fence } from '../fence/fence.js'
import type { Endpoint } from '../transport/transport.js'
import type { ConnectionSettings } from '../wire/settings.js'

/**
 * The settings of a connection, from the options. Credentials are requested each time.
 * @param onExpiry called if the credentials expire, with the expiry time in milliseconds since 1970; default: nothing
 *   is done
 */
export function connectionSettings(
  options: ResolvedOptions,
  fence: Fence,
  onExpiry: (expiresAt: number) => void = () => {},
): ConnectionSettings | Promise<ConnectionSettings> {
  const { credentials, username, password } = options
  if (credentials === undefined) return withCredentials(options, fence, username, password)
  return askCredentials(credentials, options, fence, onExpiry)
}

async function askCredentials(
  credentials: NonNullable<ResolvedOptions['credentials']>,
  options: ResolvedOptions,
  fence: Fence,
  onExpiry: (expiresAt: number) => void,
): Promise<ConnectionSettings> {
  try {
    // The provider is called in a microtask, like all code of the user, because it may call the client, and even
    // destroy it.
    const { username, password, expiresAt } = Object(await Promise.resolve().then(credentials))
    // Without a password, the client would become the default user.
    if (![username === undefined ? '' : username, password].every(isText))
      throw new TypeError('expected { username?, password } as text')
    if (expiresAt !== undefined) onExpiry(timeOf(expiresAt))
    return withCredentials(options, fence, username, password)
  } catch (cause) {
    const message = `the credentials provider failed: ${messageOf(cause)}`
    throw new HandshakeError(message, { fate: 'not-executed', step: 'CREDENTIALS', cause })
  }
}

/** @throws TypeError if `expiresAt` is not a valid time, because no timer can be set for it */
function timeOf(expiresAt: unknown): number {
  const isTime = typeof expiresAt === 'number' || (typeof expiresAt === 'object' && expiresAt !== null)
  const time = isTime ? Number(expiresAt) : Number.NaN
  if (Number.isNaN(time)) throw new TypeError('expiresAt must be a valid Date, or milliseconds since 1970')
  return time
}

function withCredentials(
  options: ResolvedOptions,
  fence: Fence,
  username: string | undefined,
  password: string | undefined,
): ConnectionSettings {
  const { host, port, path, tls, keepAlive, family, lookup, localAddress, protocol, database, clientName, setInfo } =
    options
  return {
    endpoint: {
      host,
      port,
      path,
      tls,
      keepAliveDelay: keepAlive,
      // Node.js treats undefined like a missing option.
      tcp: { family, lookup, localAddress } as Endpoint['tcp'],
    },
    handshake: {
      protocol,
      username,
      password,
      database,
      clientName,
      library: setInfo ? library : undefined,
      wantsMaster: false,
      questions: fence.questionsOf(username ?? ''),
    },
    unowedMode: textMode,
    limits: options.limits,
    connectTimeout: options.connectTimeout,
    stallTimeout: options.stallTimeout,
    pingInterval: options.pingInterval,
  }
}
