import { ConnectionLostError, messageOf, ProtocolError, prefixOf, type RespiteError } from '../../errors.js'
import { DecodeError } from '../../protocol/decode-error.js'
import type { ErrorReply } from '../../protocol/types.js'
import type { UnfencedConnection } from '../fence/unfenced-connection.js'
import type { LostRequest } from '../request/lost-request.js'
import type { Request } from '../request/request.js'
import { connectFailure } from './connect-failure.js'

/** The end of a connection that was ready. */
export interface LostConnection {
  readonly wasReady: true
  /** Undefined if the server closed the connection normally. */
  readonly error: Error | undefined
  /** The error that is reported. Its cause is `error`. */
  readonly reason: ConnectionLostError
  /** The lost requests, in the order in which they were sent. */
  readonly lostRequests: readonly LostRequest[]
  /** The lost connection, if requests sent on it may still run. */
  readonly unfenced: UnfencedConnection | undefined
}

/** The end of a connection that was never ready. */
export interface FailedConnection {
  readonly wasReady: false
  readonly error: RespiteError
  readonly reason: RespiteError
  readonly lostRequests: readonly LostRequest[]
}

export type ConnectionEnd = LostConnection | FailedConnection

export function lostConnection(
  error: Error | undefined,
  lostRequests: readonly LostRequest[],
  unfenced: UnfencedConnection | undefined,
): ConnectionEnd {
  // This is the fate of the requests as a whole. The error of each request has its own fate.
  const fate = lostRequests.every(({ neverSent }) => neverSent) ? 'not-executed' : 'unknown'
  const why = error === undefined ? 'the server closed the connection' : messageOf(error)
  const reason = new ConnectionLostError(why, { fate, cause: error })
  return { wasReady: true, error, reason, lostRequests, unfenced }
}

/** @param refusal see connectFailure */
export function failedConnection(cause: Error | undefined, refusal: string | undefined): ConnectionEnd {
  const error = connectFailure(cause, refusal)
  return { wasReady: false, error, reason: error, lostRequests: [] }
}

/**
 * The error of a connection that can't be used any more, because a transaction may still be open on it, or replies may
 * be missing.
 */
export function inDoubt({ name }: Request, { message }: ErrorReply): Error {
  return new Error(`${name} was refused (${prefixOf(message)}): the connection is in an unknown state`)
}

/**
 * The reason for the end of a connection on which reading failed. The bytes were not RESP, a reply exceeded a limit, or
 * there was no memory for it.
 */
export function readFailure(error: Error): Error {
  if (!(error instanceof DecodeError)) return error
  const { message, offset, excerpt } = error
  return new ProtocolError(message, { fate: 'unknown', offset, excerpt, cause: error })
}
