import {
  ConnectError,
  HandshakeError,
  type HandshakeStep,
  messageOf,
  ProtocolError,
  type RespiteError,
} from '../../errors.js'
import type { Endpoint } from '../transport/transport.js'

/** The error codes that Node.js and OpenSSL use when TLS itself, or the certificate, is refused. */
const tlsRefusal =
  /^(ERR_(TLS|SSL)_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_|PATH_|CRL_|UNSPECIFIED|EPROTO)/

/**
 * The error of an attempt to connect that ended before its handshake was done.
 *
 * @param error why the connection ended; undefined if the server closed it
 * @param refusal the server's refusal of a step that is not required, if there was one
 */
export function connectFailure(error: Error | undefined, refusal?: string): RespiteError {
  if (error instanceof ConnectError || error instanceof HandshakeError) return error
  if (error === undefined || isReset(error)) {
    const how = error === undefined ? '' : ` (${error.message})`
    const why = refusal === undefined ? '' : `, after it ${refusal}`
    return connectError(`no connection: the server closed the connection during the handshake${how}${why}`, error)
  }
  if (error instanceof ProtocolError) return connectError(`the peer does not speak RESP: ${error.message}`, error)
  if (isTlsRefusal(error)) {
    return new HandshakeError(`TLS failed: ${error.message}`, { fate: 'not-executed', step: 'TLS', cause: error })
  }
  return connectError(`no connection: ${messageOf(error)}`, error)
}

/** How far an attempt to connect has progressed, named by the answer that it waits for. */
export type ConnectStage = 'TCP' | 'TLS' | HandshakeStep

/** The error of an attempt whose time limit has passed. @param stage what was not answered */
export function connectTimedOut(ms: number, stage: ConnectStage, { host, port, path }: Endpoint): ConnectError {
  const place = path ?? `${host}:${port}`
  const step = stage === 'TLS' ? 'the TLS handshake: does this port expect TLS?' : stage
  const what = stage === 'TCP' ? 'did not answer' : `accepted the connection, but did not answer ${step}`
  return connectError(`not connected within ${Math.round(ms)} ms: ${place} ${what}`)
}

/** The error of an attempt in which a reply arrived that no step was waiting for. */
export const unasked = (): ConnectError => connectError('no connection: a reply came that no command waited for')

/** The error if settings don't arrive in time, because a provider that hangs must not block the client. */
export function settingsLate(provider: string, ms: number): ConnectError {
  return connectError(`${provider} did not answer within ${Math.round(ms)} ms`)
}

/**
 * Whether each further attempt would fail too, for example because of a wrong password, an unknown database or a
 * refused certificate. A credentials provider that fails now may succeed next time.
 */
export function isFatal(error: Error): boolean {
  return error instanceof HandshakeError && error.step !== 'CREDENTIALS'
}

/** Whether the peer has reset the connection, for example because it expects TLS. */
function isReset({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE'
}

const isTlsRefusal = ({ code = '' }: NodeJS.ErrnoException): boolean => tlsRefusal.test(code)

/** The error of a connection that could not be made: nothing was sent on it. */
export function connectError(message: string, cause?: unknown): ConnectError {
  return new ConnectError(message, { fate: 'not-executed', cause })
}
