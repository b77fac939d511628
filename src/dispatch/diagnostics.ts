import { channel, tracingChannel } from 'node:diagnostics_channel'
import type { Status } from '../connection/supervisor/state.js'
import type { ResolvedOptions } from '../options/options.js'
import type { Argument } from '../protocol/types.js'

/** The server that a trace speaks of. */
export interface TracedServer {
  readonly host: string
  readonly port: number
  /** Of a Unix socket; host and port are not used then. */
  readonly path: string | undefined
  readonly database: number
}

/**
 * What subscribers of the tracing channel `respite:command` get, one object for all events of a command: `start`, `end`,
 * `asyncStart`, `asyncEnd` and, when it is rejected, `error`. Node documentation: diagnostics_channel, TracingChannel.
 */
export interface CommandTrace {
  readonly command: string
  readonly server: TracedServer
  /** Only with the option `traceArguments`: they may be secret. Of a transaction, those of each command. */
  readonly arguments?: readonly Argument[] | readonly (readonly Argument[])[]
  /** What it was rejected with. */
  error?: unknown
}

/** What subscribers of the channel `respite:connection` get. */
export type ConnectionTrace = { readonly server: TracedServer } & (
  | { readonly event: 'connecting' | 'ready' | 'reconnecting' | 'idle' | 'closing' | 'closed' }
  | {
      /** A connection that was ready has ended. */
      readonly event: 'lost'
      /** Which: connections of a client are counted from 1. */
      readonly connection: number
      readonly error: Error | undefined
      /** Of the commands that were owed a reply: how many are sent again, and how many were rejected. */
      readonly replayed: number
      readonly rejected: number
    }
)

const commands = tracingChannel<unknown, CommandTrace>('respite:command')
const connections = channel('respite:connection')

/** Publishes what one client does, for those who listen; costs one look where nobody does. */
export class Diagnostics {
  readonly #server: TracedServer
  readonly #showsArguments: boolean

  constructor({ host, port, path, database, traceArguments }: ResolvedOptions) {
    this.#server = { host, port, path, database }
    this.#showsArguments = traceArguments
  }

  /** Whether anybody listens to commands. */
  get isTracing(): boolean {
    return (
      commands.start.hasSubscribers ||
      commands.end.hasSubscribers ||
      commands.asyncStart.hasSubscribers ||
      commands.asyncEnd.hasSubscribers ||
      commands.error.hasSubscribers
    )
  }

  /** Sends a command under the eyes of those who listen. */
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

  /** The status of the shared connection has changed. */
  status(event: Status): void {
    if (connections.hasSubscribers) connections.publish({ server: this.#server, event } satisfies ConnectionTrace)
  }

  /** A connection that was ready has ended. */
  lost(loss: Omit<Extract<ConnectionTrace, { event: 'lost' }>, 'server' | 'event'>): void {
    if (!connections.hasSubscribers) return
    connections.publish({ server: this.#server, event: 'lost', ...loss } satisfies ConnectionTrace)
  }
}
