import {
  AbortError,
  ClientClosedError,
  ConnectError,
  ConnectionLostError,
  HandshakeError,
  messageOf,
  QueueFullError,
  ReplyError,
  RespiteError,
  SessionLostError,
  TimeoutError,
  UsageError,
} from '../../errors.js'
import type { ErrorReply } from '../../protocol/types.js'
import type { Rejection, Request } from './request.js'

/**
 * The errors that requests are rejected with. `Request` passes in the details that all errors have, such as the fate.
 * The messages are here.
 */

export function lost(cause: unknown): Rejection {
  return (about) =>
    new ConnectionLostError(`${about.command}: the connection was lost before its reply${because(cause)}`, {
      ...about,
      cause,
    })
}

/** The error of a waiting request, when the client has given up connecting. */
export function notConnected(error: Error): Rejection {
  return (about) => {
    const details = { ...about, cause: error }
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
      ...about,
      cause,
      code: 'OFFLINE',
    })
}

/** The error of a request that does not fit in the queue. */
export function queueFull(count: number, bytes: number, cause: Error | undefined): Rejection {
  return (about) =>
    new QueueFullError(`${about.command}: the queue is full (${count} commands, ${bytes} bytes)`, { ...about, cause })
}

export const closed: Rejection = (about) => new ClientClosedError(`${about.command}: the client was closed`, about)

/** The error of other calls, such as `connect`, after the client was closed. */
export function clientClosed(): ClientClosedError {
  return new ClientClosedError('the client is closed', { fate: 'not-executed' })
}

export function sessionLost(cause: unknown): Rejection {
  return (about) =>
    new SessionLostError(`${about.command}: the connection of the session was lost${because(cause)}`, {
      ...about,
      cause,
    })
}

/** The error of a request that can't be encoded, or can no longer be encoded. */
export function unencodable(cause: unknown): Rejection {
  // The request itself may have refused to be sent again.
  if (cause instanceof RespiteError) return () => cause
  return (about) => new UsageError(`${about.command}: ${messageOf(cause)}`, { ...about, cause })
}

export function aborted(signal: AbortSignal): Rejection {
  return (about) =>
    new AbortError(`${about.command}: aborted by its caller${place(about)}`, { ...about, cause: reasonOf(signal) })
}

/** Returns the reason of a signal. If a custom signal throws, the reason is the thrown error. */
function reasonOf(signal: AbortSignal): unknown {
  try {
    return signal.reason
  } catch (error) {
    return error
  }
}

/** The error of a request whose time limit has passed. @param offline why there is no connection to send it on, if known */
export function timedOut(request: Request, offline?: Error): Rejection {
  const { timeout, refusal, refusals, state } = request
  // After a temporary refusal, the refusal is the reason. The number of refusals is 0 if the server only asked for another
  // form of the request, or named another node: the time limit is the reason then.
  if (state === 'queued' && refusal !== null && refusals > 0) return refused(refusal)
  const cause = state === 'queued' ? offline : undefined
  return (about) =>
    new TimeoutError(
      `${about.command}: not answered within ${Math.round(timeout)} ms${place(about)}${because(cause)}`,
      { ...about, cause },
    )
}

/** The error of a request that waited too long for a usable server. */
export function waitedTooLong(request: Request, waited: number, cause: unknown): Rejection {
  if (request.refusal !== null) return refused(request.refusal)
  return (about) =>
    new TimeoutError(`${about.command}: waited ${Math.round(waited)} ms for a connection${because(cause)}`, {
      ...about,
      cause,
    })
}

/**
 * The error of a request that the server refused temporarily. The request is not sent again, because its time limit has
 * passed, or because a later request has changed the same key.
 */
export function refused({ message }: ErrorReply): Rejection {
  return (about) => new ReplyError(message, about)
}

type Details = Parameters<Rejection>[0]

function place({ attempts, outcome }: Details): string {
  if (outcome !== undefined) return ', its reply still pending'
  return attempts === 0 ? ', before it was sent' : ''
}

function because(cause: unknown): string {
  return cause === undefined ? '' : ` (${messageOf(cause)})`
}
