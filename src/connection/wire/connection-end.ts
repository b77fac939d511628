import { prefixOf, type RespiteError } from '../../errors.js'
import type { ErrorReply } from '../../protocol/types.js'
import type { LostRequest } from '../request/lost-request.js'
import type { Request } from '../request/request.js'
import { connectFailure } from './connect-failure.js'

/** The end of a connection that was ready. */
export interface LostConnection {
  readonly wasReady: true
  /** Undefined if the server closed the connection normally. */
  readonly error: Error | undefined
  /** The same, but an error in that case too. */
  readonly reason: Error
  /** In the order in which they were sent. */
  readonly lostRequests: readonly LostRequest[]
}

/** The end of a connection that was never ready. */
export interface FailedConnection {
  readonly wasReady: false
  readonly error: RespiteError
  readonly reason: RespiteError
  readonly lostRequests: readonly LostRequest[]
}

export type ConnectionEnd = LostConnection | FailedConnection

export function lostConnection(error: Error | undefined, lostRequests: readonly LostRequest[]): ConnectionEnd {
  const reason = error ?? new Error('the server closed the connection')
  return { wasReady: true, error, reason, lostRequests }
}

/** @param refusal see connectFailure */
export function failedConnection(cause: Error | undefined, refusal: string | undefined): ConnectionEnd {
  const error = connectFailure(cause, refusal)
  return { wasReady: false, error, reason: error, lostRequests: [] }
}

/** The error of a connection that can't be used any more, because a transaction may still be open on it. */
export function inDoubt({ name }: Request, { message }: ErrorReply): Error {
  return new Error(`${name}: EXEC was refused (${prefixOf(message)}), and its transaction may still be open`)
}
