import { channel, tracingChannel } from 'node:diagnostics_channel'
import { debuglog } from 'node:util'
import type { FenceResult } from '../connection/fence/fence.js'
import type { Request } from '../connection/request/request.js'
import type { Status } from '../connection/supervisor/state.js'
import type { Clock } from '../connection/timing/clock.js'
import type { Fate, RespiteError } from '../errors.js'
import { notify } from '../notify.js'
import type { ResolvedOptions } from '../options/options.js'
import type { Argument } from '../protocol/types.js'

/** The server in a trace. */
export interface TracedServer {
  readonly host: string
  readonly port: number
  /** Path of the Unix socket. If set, host and port are not used. */
  readonly path: string | undefined
  readonly database: number
}

/**
 * The message on the tracing channel `respite:command`: one object for all events of a command: `start`, `end`,
 * `asyncStart`, `asyncEnd` and, if it is rejected, `error`. Node.js documentation: diagnostics_channel, TracingChannel.
 */
export interface CommandTrace {
  /** The command's name; MULTI for a transaction. */
  readonly command: string
  /** The number of commands of a transaction; absent for a single command. */
  readonly batchSize?: number
  readonly server: TracedServer
  /** Only with the option `traceArguments`, because they may be secret. For a transaction, one list per command. */
  readonly arguments?: readonly Argument[] | readonly (readonly Argument[])[]
  /** The error that it was rejected with. */
  error?: unknown
  /** Since it settled: what became of the command; undefined if it was rejected with an error that has no fate. */
  fate?: Fate | undefined
  /** Since it settled: how often it was handed to a socket. This and the times are absent with the option `once`. */
  attempts?: number
  /** Since it settled: milliseconds from the call until it was first handed to a socket, or until it settled without that. */
  timeQueued?: number
  /** Since it settled: milliseconds from when it was last handed to a socket until it settled; 0 if it never was. */
  timeOnWire?: number
}

/** What a connection is for, if it is not the shared one. */
export type ConnectionPurpose = 'pool' | 'subscriptions'

/** The message on the channel `respite:connection`. */
export type ConnectionTrace = { readonly server: TracedServer } & (
  | {
      /** The status of the shared connection. */
      readonly event: 'connecting' | 'ready' | 'reconnecting' | 'idle' | 'closing' | 'closed'
    }
  | {
      /** The shared connection was lost after it became ready. */
      readonly event: 'lost'
      /** Its number: a client counts its connections from 1. */
      readonly connection: number
      /** A ConnectionLostError; its cause is the error of the socket, if there was one. */
      readonly error: RespiteError
      /** How many commands with a pending reply are sent again. */
      readonly replayed: number
      /** How many commands with a pending reply were rejected. */
      readonly rejected: number
    }
  | {
      /** Another connection is ready. */
      readonly event: 'opened'
      readonly purpose: ConnectionPurpose
      readonly connection: number
    }
  | {
      /** Another connection that was ready is over. */
      readonly event: 'ended'
      readonly purpose: ConnectionPurpose
      readonly connection: number
      /** Why: it was lost, or the client ended it. */
      readonly error: Error
    }
  | {
      /** The server was asked to close a lost connection, confirmed it, or that was not possible. */
      readonly event: 'fence'
      /** Number of the lost connection. */
      readonly connection: number
      readonly result: FenceResult
    }
)

type WithoutServer<Trace> = Trace extends unknown ? Omit<Trace, 'server'> : never

const commands = tracingChannel<unknown, CommandTrace>('respite:command')
const connections = channel('respite:connection')
/** With NODE_DEBUG=respite, the life of connections is written to stderr. */
const log = /* @__PURE__ */ debuglog('respite')

/** Publishes a client's commands and connections on diagnostics channels, if they have subscribers. */
export class Diagnostics {
  /** Replaced when sentinels name the server. */
  server: TracedServer
  readonly #showsArguments: boolean
  readonly #clock: Clock

  constructor({ host, port, path, database, traceArguments }: ResolvedOptions, clock: Clock) {
    this.server = { host, port, path, database }
    this.#showsArguments = traceArguments
    this.#clock = clock
  }

  /** Whether `respite:command` has subscribers. */
  get isTracing(): boolean {
    return (
      commands.start.hasSubscribers ||
      commands.end.hasSubscribers ||
      commands.asyncStart.hasSubscribers ||
      commands.asyncEnd.hasSubscribers ||
      commands.error.hasSubscribers
    )
  }

  /**
   * Sends a command and publishes its events.
   * @param send given a function that is to be called with the request of the command, before it is enqueued
   */
  trace<T>(
    command: string,
    args: NonNullable<CommandTrace['arguments']>,
    send: (watch: (request: Request) => void) => Promise<T>,
  ): Promise<T> {
    const context: CommandTrace = {
      command,
      ...(Array.isArray(args[0]) ? { batchSize: args.length } : {}),
      server: this.server,
      ...(this.#showsArguments ? { arguments: args } : {}),
    }
    const clock = this.#clock
    const calledAt = clock.now()
    let firstSentAt: number | undefined
    let lastSentAt: number | undefined
    let watched: Request | undefined
    const watch = (request: Request): void => {
      watched = request
      const { encode } = request
      // Only a request that is traced pays for this.
      request.encode = (encoder, known) => {
        encode.call(request, encoder, known)
        lastSentAt = clock.now()
        firstSentAt ??= lastSentAt
      }
    }
    const settled = (fate: Fate | undefined): void => {
      context.fate = fate
      // With `once`, requests are made later, by code that is loaded on demand.
      if (watched !== undefined) {
        const now = clock.now()
        context.attempts = watched.attempts
        context.timeQueued = (firstSentAt ?? now) - calledAt
        context.timeOnWire = now - (lastSentAt ?? now)
      }
      if ('error' in context) commands.error.publish(context)
      commands.asyncStart.publish(context)
      commands.asyncEnd.publish(context)
    }
    return commands.start.runStores(context, () => {
      const promise = send(watch)
      commands.end.publish(context)
      return promise.then(
        (value) => {
          settled('executed')
          return value
        },
        (error: unknown) => {
          context.error = error
          settled((error as RespiteError).fate)
          throw error
        },
      )
    })
  }

  /** Publishes a new status of the shared connection. */
  status(event: Status): void {
    this.publish({ event })
  }

  /** Publishes that a connection other than the shared one is ready, or, with an error, that it is over. */
  connection(purpose: ConnectionPurpose, { id: connection }: { readonly id: number }, error?: Error): void {
    if (error === undefined) this.publish({ event: 'opened', purpose, connection })
    else this.publish({ event: 'ended', purpose, connection, error })
  }

  /** Publishes what became of a connection. */
  publish(trace: WithoutServer<ConnectionTrace>): void {
    const { server } = this
    // Undefined in Bun, which logs nevertheless.
    if (log.enabled !== false) log('%s:%s %s', server.path ?? server.host, server.port, describe(trace))
    if (connections.hasSubscribers) notify(() => connections.publish({ server, ...trace }))
  }
}

/** Without secrets: errors have none in their messages. */
function describe(trace: object): string {
  return Object.entries(trace)
    .map(([name, value]) => `${name}=${value instanceof Error ? value.message : value}`)
    .join(' ')
}
