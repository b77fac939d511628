import { channel, tracingChannel } from 'node:diagnostics_channel'
import { debuglog } from 'node:util'
import type { FenceResult } from '../connection/fence/fence.js'
import type { Request } from '../connection/request/request.js'
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
 * The message on the tracing channel `respite:command`. All events of a command have the same object: `start`, `end`,
 * `asyncStart`, `asyncEnd` and, if it is rejected, `error`. Node.js documentation: diagnostics_channel, TracingChannel.
 */
export interface CommandTrace {
  /** The command's name; MULTI for a transaction. */
  readonly command: string
  /** The number of commands of a transaction; absent for a single command. */
  readonly batchSize?: number
  readonly server: TracedServer
  /** Only with the option `traceArguments`, because arguments may be secret. For a transaction, one list per command. */
  readonly arguments?: readonly Argument[] | readonly (readonly Argument[])[]
  /** The error that the command was rejected with. */
  error?: unknown
  /**
   * This and the following properties are set when the command has settled. The fate is what became of the command; undefined if
   * it was rejected with an error that has no fate.
   */
  fate?: Fate | undefined
  /** How many times the command was handed to a socket. This and the times are absent with the option `once`. */
  attempts?: number
  /** Milliseconds from the call until the command was first handed to a socket, or until it settled without being sent. */
  timeQueued?: number
  /** Milliseconds from when the command was last handed to a socket until it settled; 0 if it was never sent. */
  timeOnWire?: number
}

/** The purpose of a connection that is not the shared one. */
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
      /** The number of the connection. A client counts its connections from 1. */
      readonly connection: number
      /** A ConnectionLostError; its cause is the error of the socket, if there was one. */
      readonly error: RespiteError
      /** How many commands with a pending reply are sent again. */
      readonly replayed: number
      /** How many commands with a pending reply were rejected. */
      readonly rejected: number
    }
  | {
      /** A connection other than the shared one is ready. */
      readonly event: 'opened'
      readonly purpose: ConnectionPurpose
      readonly connection: number
    }
  | {
      /** A connection other than the shared one has ended, after it was ready. */
      readonly event: 'ended'
      readonly purpose: ConnectionPurpose
      readonly connection: number
      /** The reason: the connection was lost, or the client ended it. */
      readonly error: Error
    }
  | {
      /** The server was asked to close a lost connection, or confirmed that it is closed, or the connection can't be fenced. */
      readonly event: 'fence'
      /** Number of the lost connection. */
      readonly connection: number
      readonly result: FenceResult
    }
)

type WithoutServer<Trace> = Trace extends unknown ? Omit<Trace, 'server'> : never

const commands = tracingChannel<unknown, CommandTrace>('respite:command')
const connections = channel('respite:connection')
/** With NODE_DEBUG=respite, the events of connections are written to stderr. */
const log = /* @__PURE__ */ debuglog('respite')

/** Publishes a client's commands and connections on diagnostics channels, if they have subscribers. */
export class Diagnostics {
  /** Replaced when sentinels name another server. */
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
   * @param send gets a function, which must be called with the request of the command before the request is enqueued
   */
  trace<T>(
    command: string,
    args: NonNullable<CommandTrace['arguments']>,
    send: (watch: (request: Request) => void) => Promise<T>,
  ): Promise<T> {
    const context: CommandTrace = {
      command,
      ...(Array.isArray(args[0]) && { batchSize: args.length }),
      // Copies, because subscribers may change them, for example to hide a value.
      server: { ...this.server },
      ...(this.#showsArguments && { arguments: copyOf(args) }),
    }
    const clock = this.#clock
    const calledAt = clock.now()
    let firstSentAt: number | undefined
    let lastSentAt: number | undefined
    let watched: Request | undefined
    const watch = (request: Request): void => {
      watched = request
      const { encode } = request
      // This is done only for traced requests, because it has a cost.
      request.encode = (encoder, known) => {
        encode.call(request, encoder, known)
        lastSentAt = clock.now()
        firstSentAt ??= lastSentAt
      }
    }
    const settled = (fate: Fate | undefined): void => {
      context.fate = fate
      // With `once`, requests are created later, by code that is loaded on demand.
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

  /** Publishes that a connection other than the shared one is ready; with an error, that it has ended. */
  connection(purpose: ConnectionPurpose, { id: connection }: { readonly id: number }, error?: Error): void {
    if (error === undefined) this.publish({ event: 'opened', purpose, connection })
    else this.publish({ event: 'ended', purpose, connection, error })
  }

  /** Publishes an event of a connection. */
  publish(trace: WithoutServer<ConnectionTrace>): void {
    const { server } = this
    // Undefined in Bun, which logs nevertheless.
    if (log.enabled !== false) log('%s:%s %s', server.path ?? server.host, server.port, describe(trace))
    if (connections.hasSubscribers) notify(() => connections.publish({ server: { ...server }, ...trace }))
  }
}

/** Copies the arrays of a command's arguments, or of several commands. The bytes of a Buffer are not copied, but shared. */
function copyOf<T extends readonly unknown[]>(args: T): T {
  return args.map((each) => (each as Partial<Pick<Uint8Array, 'slice'>>).slice?.() ?? each) as unknown as T
}

/** The result contains no secrets, because messages of errors contain none. */
function describe(trace: object): string {
  return Object.entries(trace)
    .map(([name, value]) => `${name}=${value instanceof Error ? value.message : value}`)
    .join(' ')
}
