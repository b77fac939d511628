import {
  AbortError,
  ClientClosedError,
  ConnectError,
  ConnectionLostError,
  HandshakeError,
  QueueFullError,
  ReplyError,
  SessionLostError,
  TimeoutError,
  UsageError,
} from '../../errors.js'
import type { ErrorReply } from '../../protocol/types.js'
import type { Rejection, Request } from './request.js'

/**
 * The errors that requests are rejected with. What they have in common, their fate above all, is handed to them by
 * `Request`; here stands what each of them says.
 */

export function lost(cause: unknown): Rejection {
  return (about) =>
    new ConnectionLostError(
      `${about.command}: the connection was lost before its reply${because(cause)}`,
      withCause(about, cause),
    )
}

/** Of a request that waits, when no connection can be had. */
export function notConnected(error: Error): Rejection {
  return (about) => {
    const details = withCause(about, error)
    const message = `${about.command}: ${error.message}`
    if (error instanceof ClientClosedError) return closed(about)
    if (error instanceof TimeoutError) return new TimeoutError(message, details)
    if (about.fate !== 'not-executed') return new ConnectionLostError(message, details)
    if (error instanceof HandshakeError) return new HandshakeError(message, { ...details, step: error.step })
    return new ConnectError(message, details)
  }
}

export function offline(cause: Error | undefined): Rejection {
  return (about) =>
    new QueueFullError(`${about.command}: there is no connection, and offline is 'reject'`, {
      ...withCause(about, cause),
      code: 'OFFLINE',
    })
}

/** Of a request for which the queue has no room. */
export function queueFull(count: number, bytes: number, cause: Error | undefined): Rejection {
  return (about) =>
    new QueueFullError(
      `${about.command}: the queue is full (${count} commands, ${bytes} bytes)`,
      withCause(about, cause),
    )
}

export const closed: Rejection = (about) => new ClientClosedError(`${about.command}: the client was closed`, about)

/** The error of a call that is no request, such as `connect`, after the client was closed. */
export function clientClosed(): ClientClosedError {
  return new ClientClosedError('the client is closed', { fate: 'not-executed' })
}

export function sessionLost(cause: unknown): Rejection {
  return (about) =>
    new SessionLostError(
      `${about.command}: the connection of the session was lost${because(cause)}`,
      withCause(about, cause),
    )
}

/** Of a request that can't be made a frame (any more). */
export function unencodable(cause: unknown): Rejection {
  // A request may find that it must not be sent again.
  if (cause instanceof ReplyError) return () => cause
  return (about) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return new UsageError(`${about.command}: ${reason}`, withCause(about, cause))
  }
}

export function aborted(signal: AbortSignal): Rejection {
  return (about) =>
    new AbortError(`${about.command}: aborted by its caller${place(about)}`, { ...about, cause: reasonOf(signal) })
}

/** A signal may be anybody's object: what looking at it throws is its reason then. */
function reasonOf(signal: AbortSignal): unknown {
  try {
    return signal.reason
  } catch (error) {
    return error
  }
}

/** Of a request that was not answered in time. */
export function timedOut(request: Request): Rejection {
  const { timeout, refusal } = request
  if (request.state === 'queued' && refusal !== null) return refused(refusal)
  return (about) => new TimeoutError(`${about.command}: not answered within ${timeout} ms${place(about)}`, about)
}

/** Of a request that waited for a usable server as long as it may. */
export function waitedTooLong(request: Request, waited: number, cause: unknown): Rejection {
  if (request.refusal !== null) return refused(request.refusal)
  return (about) =>
    new TimeoutError(
      `${about.command}: waited ${Math.round(waited)} ms for a connection${because(cause)}`,
      withCause(about, cause),
    )
}

/** Of a request that the server refused for now, until there was no time left. */
function refused({ message }: ErrorReply): Rejection {
  return (about) => new ReplyError(message, about)
}

type Details = Parameters<Rejection>[0]

function withCause(details: Details, cause: unknown): Details & { readonly cause?: unknown } {
  return cause === undefined ? details : { ...details, cause }
}

function place({ attempts, outcome }: Details): string {
  if (outcome !== undefined) return ', its reply still pending'
  return attempts === 0 ? ', before it was sent' : ''
}

function because(cause: unknown): string {
  return cause instanceof Error ? ` (${cause.message})` : ''
}
