import type { Traffic } from '../connection/request/counters.js'
import type { Request } from '../connection/request/request.js'
import type { Status } from '../connection/supervisor/state.js'

/** A command that has not been answered. */
export interface InFlightCommand {
  /** The command's name. */
  readonly command: string
  /** `abandoned`: its promise is already rejected (abort, time limit), but its reply is still pending. */
  readonly state: 'queued' | 'sent' | 'abandoned'
  /** Milliseconds since the call. */
  readonly age: number
  /** How many times the command was handed to a socket. */
  readonly attempts: number
  /** Number of the connection that the command was sent on; undefined while it is queued. */
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
  /** Requests to the server to close a lost connection. One lost connection may need several. */
  readonly fencesTried: number
  /** Lost connections that the server confirmed to be closed. */
  readonly fencesProven: number
  /** Lost connections that could not be fenced. */
  readonly fencesNotPossible: number
  /** Temporary refusals by the server (LOADING, READONLY and others). */
  readonly refusedForNow: number
  /** Commands aborted by their caller's signal. */
  readonly aborted: number
  /** Commands that reached a time limit. */
  readonly timedOut: number
  readonly bytesRead: number
  readonly bytesWritten: number
  /** Commands that are queued. */
  readonly queued: number
  /** Bytes of arguments that are queued. */
  readonly queuedBytes: number
  /** Commands that were sent and whose reply is pending. */
  readonly inFlight: number
  /** Connections in the pool for blocking commands and sessions. */
  readonly ownConnections: number
  /** Subscriptions that have not ended. */
  readonly subscriptions: number
}

/** The events of a client, with the arguments of their listeners. */
export interface ClientEvents {
  /** The status of the shared connection has changed. */
  status: [status: Status, previous: Status]
  /** A connection was lost or could not be made. For information: nothing is thrown without a listener. */
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

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

/** Adds the traffic of connections to the counters of a client. */
export function addTraffic(
  stats: Mutable<Pick<ClientStats, 'answered' | 'bytesRead' | 'bytesWritten' | 'inFlight'>>,
  connections: Iterable<Traffic>,
): void {
  for (const { answered, bytesRead, bytesWritten, owedCount } of connections) {
    stats.answered += answered
    stats.bytesRead += bytesRead
    stats.bytesWritten += bytesWritten
    stats.inFlight += owedCount
  }
}
