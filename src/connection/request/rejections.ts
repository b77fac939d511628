import {
  AbortError,
  ClientClosedError,
  ConnectError,
  ConnectionLostError,
  type Fate,
  HandshakeError,
  QueueFullError,
  ReplyError,
  type RespiteError,
  SessionLostError,
  TimeoutError,
} from '../../errors.js'
import { joinFates } from './fate.js'
import type { Request } from './request.js'

/** The errors that requests are rejected with: one object each, however many fall to the same cause. */

interface Details {
  readonly fate: Fate
  readonly command: string
  readonly attempts: number
  readonly cause?: unknown
}

/** @param fate of the last attempt; what earlier ones came to is joined to it */
function details(request: Request, fate: Fate, cause?: unknown): Details {
  const common = { fate: joinFates(request.fateSoFar, fate), command: request.name, attempts: request.attempts }
  return cause === undefined ? common : { ...common, cause }
}

/** What is known of a request that has no reply at this moment, connection or not. */
function presentFate(request: Request): Fate {
  return request.state === 'sent' ? 'unknown' : 'not-executed'
}

export function lost(request: Request, fate: Fate, cause: unknown): RespiteError {
  return new ConnectionLostError(
    `${request.name}: the connection was lost before its reply${because(cause)}`,
    details(request, fate, cause),
  )
}

/** Of a request that waits, when no connection can be had. */
export function notConnected(request: Request, error: RespiteError): RespiteError {
  const about = details(request, 'not-executed', error)
  const message = `${request.name}: ${error.message}`
  if (error instanceof ClientClosedError) return closed(request, 'not-executed')
  if (error instanceof TimeoutError) return new TimeoutError(message, about)
  if (about.fate !== 'not-executed') return new ConnectionLostError(message, about)
  if (error instanceof HandshakeError) return new HandshakeError(message, { ...about, step: error.step })
  return new ConnectError(message, about)
}

export function offline(request: Request, cause: Error | undefined): RespiteError {
  const message = `${request.name}: there is no connection, and offline is 'reject'`
  return new QueueFullError(message, { ...details(request, 'not-executed', cause), code: 'OFFLINE' })
}

export function closed(request: Request, fate: Fate): RespiteError {
  return new ClientClosedError(`${request.name}: the client was closed`, details(request, fate))
}

export function sessionLost(request: Request, fate: Fate, cause: unknown): RespiteError {
  return new SessionLostError(
    `${request.name}: the connection of the session was lost${because(cause)}`,
    details(request, fate, cause),
  )
}

export function aborted(request: Request, reason: unknown, outcome?: Promise<unknown>): RespiteError {
  const about = details(request, presentFate(request), reason)
  return new AbortError(`${request.name}: aborted by its caller, ${place(request)}`, { ...about, outcome })
}

/** Of a blocking request that was given up, once its fate is known. */
export function abortedWaiting(request: Request, fate: Fate, reason: unknown): RespiteError {
  return new AbortError(`${request.name}: aborted by its caller while it waited`, details(request, fate, reason))
}

/** Of a blocking request that was given up, once its fate is known. */
export function timedOutWaiting(request: Request, fate: Fate): RespiteError {
  return new TimeoutError(`${request.name}: not answered within ${request.timeout} ms`, details(request, fate))
}

export function timedOut(request: Request, timeout: number, outcome?: Promise<unknown>): RespiteError {
  const about = details(request, presentFate(request))
  return new TimeoutError(`${request.name}: not answered within ${timeout} ms, ${place(request)}`, {
    ...about,
    outcome,
  })
}

/** Of a request that waited for a usable server as long as it may. */
export function waitedTooLong(request: Request, waited: number, cause: unknown): RespiteError {
  if (request.refusal !== null) return new ReplyError(request.refusal.message, details(request, 'refused'))
  const about = details(request, 'not-executed', cause)
  return new TimeoutError(`${request.name}: waited ${Math.round(waited)} ms for a connection${because(cause)}`, about)
}

function place(request: Request): string {
  if (request.state === 'sent') return 'its reply still owed'
  return request.fateSoFar === 'not-executed' ? 'before it was sent' : 'waiting to be sent again'
}

function because(cause: unknown): string {
  return cause instanceof Error ? ` (${cause.message})` : ''
}
