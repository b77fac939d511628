import { channel, tracingChannel } from 'node:diagnostics_channel'
import type { FenceResult } from '../connection/fence/fence.js'
import type { Status } from '../connection/supervisor/state.js'
import type { RespiteError } from '../errors.js'
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
  readonly command: string
  readonly server: TracedServer
  /** Only with the option `traceArguments`, because they may be secret. For a transaction, one list per command. */
  readonly arguments?: readonly Argument[] | readonly (readonly Argument[])[]
  /** The error that it was rejected with. */
  error?: unknown
}

/** The message on the channel `respite:connection`. */
export type ConnectionTrace = { readonly server: TracedServer } & (
  | { readonly event: 'connecting' | 'ready' | 'reconnecting' | 'idle' | 'closing' | 'closed' }
  | {
      /** A connection was lost after it became ready. */
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
      /** The server was asked to close a lost connection, confirmed it, or that was not possible. */
      readonly event: 'fence'
      /** Number of the lost connection. */
      readonly connection: number
      readonly result: FenceResult
    }
)

const commands = tracingChannel<unknown, CommandTrace>('respite:command')
const connections = channel('respite:connection')

/** Publishes a client's commands and connections on diagnostics channels, if they have subscribers. */
export class Diagnostics {
  readonly #server: TracedServer
  readonly #showsArguments: boolean

  constructor({ host, port, path, database, traceArguments }: ResolvedOptions) {
    this.#server = { host, port, path, database }
    this.#showsArguments = traceArguments
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

  /** Sends a command and publishes its events. */
  trace<T>(command: string, args: NonNullable<CommandTrace['arguments']>, send: () => Promise<T>): Promise<T> {
    const server = this.#server
    const context: CommandTrace = this.#showsArguments ? { command, server, arguments: args } : { command, server }
    return commands.start.runStores(context, () => {
      const promise = send()
      commands.end.publish(context)
      return promise.then(
        (value) => {
          commands.asyncStart.publish(context)
          commands.asyncEnd.publish(context)
          return value
        },
        (error: unknown) => {
          context.error = error
          commands.error.publish(context)
          commands.asyncStart.publish(context)
          commands.asyncEnd.publish(context)
          throw error
        },
      )
    })
  }

  /** Publishes a new status of the shared connection. */
  status(event: Status): void {
    this.#publish({ server: this.#server, event })
  }

  /** Publishes that a connection was lost after it became ready. */
  lost(loss: Omit<Extract<ConnectionTrace, { event: 'lost' }>, 'server' | 'event'>): void {
    this.#publish({ server: this.#server, event: 'lost', ...loss })
  }

  /** Publishes what became of the fence of a lost connection. */
  fence(connection: number, result: FenceResult): void {
    this.#publish({ server: this.#server, event: 'fence', connection, result })
  }

  #publish(trace: ConnectionTrace): void {
    if (connections.hasSubscribers) notify(() => connections.publish(trace))
  }
}
