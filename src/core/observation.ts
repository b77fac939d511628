import type { Fence } from '../connection/fence/fence.js'
import type { Traffic } from '../connection/request/counters.js'
import type { Request } from '../connection/request/request.js'
import type { SharedConnection } from '../connection/shared/shared-connection.js'
import type { Status } from '../connection/supervisor/state.js'

/** A command that has not been answered. */
export interface InFlightCommand {
  /** The command's name. */
  readonly command: string
  /** `abandoned`: its promise is already rejected (abort, time limit), but its reply is still pending. */
  readonly state: 'queued' | 'sent' | 'abandoned'
  /** Milliseconds since the call. */
  readonly age: number
  /** How often it was handed to a socket. */
  readonly attempts: number
  /** Number of the connection it was sent on; undefined while queued. */
  readonly connection: number | undefined
}

/** Counters since the client was created, and current queue lengths. */
export interface ClientStats {
  /** Connections that became ready. */
  readonly connections: number
  /** Connections that were lost after they became ready. */
  readonly lost: number
  /** Commands handed to sockets, including those sent again. */
  readonly sent: number
  /** Commands that were answered. */
  readonly answered: number
  /** Commands sent again because their connection was lost. */
  readonly replayed: number
  /** Commands rejected because their connection was lost. */
  readonly rejectedOnLoss: number
  /** Lost connections that the server was asked to close; those that it confirmed; and those for which that was not possible. */
  readonly fencesTried: number
  readonly fencesProven: number
  readonly fencesNotPossible: number
  /** Temporary refusals by the server (LOADING, READONLY and others). */
  readonly refusedForNow: number
  /** Commands aborted by their caller's signal. */
  readonly aborted: number
  /** Commands that reached a time limit. */
  readonly timedOut: number
  readonly bytesRead: number
  readonly bytesWritten: number
  /** Commands now queued. */
  readonly queued: number
  /** Bytes of arguments now queued. */
  readonly queuedBytes: number
  /** Commands now sent whose reply is pending. */
  readonly inFlight: number
  /** Connections now in the pool for blocking commands and sessions. */
  readonly ownConnections: number
  /** Subscriptions that have not ended. */
  readonly subscriptions: number
}

/** The events of a client, with the arguments of their listeners. */
export interface ClientEvents {
  status: [status: Status, previous: Status]
  error: [error: Error]
}

/** Creates the {@link InFlightCommand} of a request. */
export function describe(
  request: Request,
  state: InFlightCommand['state'],
  now: number,
  connection: number | undefined,
): InFlightCommand {
  return { command: request.name, state, age: now - request.calledAt, attempts: request.attempts, connection }
}

/** The {@link ClientStats} of a shared connection, and of the pooled connections beside it. */
export function statsOf(
  { connection, counters, backlog }: SharedConnection,
  fence: Fence,
  pooled: readonly Traffic[] = [],
  subscriptions = 0,
): ClientStats {
  const stats = {
    ...counters,
    ...fence.counts,
    queued: backlog.count,
    queuedBytes: backlog.bytes,
    inFlight: 0,
    ownConnections: pooled.length,
    subscriptions,
  }
  for (const open of connection === undefined ? pooled : [connection, ...pooled]) {
    stats.answered += open.answered
    stats.bytesRead += open.bytesRead
    stats.bytesWritten += open.bytesWritten
    stats.inFlight += open.owedCount
  }
  return stats
}
