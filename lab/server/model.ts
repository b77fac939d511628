import { Monitors } from './monitors.js'
import { Broadcasts } from './pubsub.js'
import type { ServerReply } from './reply.js'
import { Scripts } from './scripts.js'
import { ServerSession } from './session.js'
import { Store } from './store.js'
import { WaitingRoom } from './waiting-room.js'

/** How a server is to be. */
export interface ServerModelOptions {
  /** Milliseconds, for expiry and TIME; default: the machine's clock. */
  readonly now?: () => number
  /** How many databases; default 16. */
  readonly databases?: number
  /** Password of the user `default`. Without it and without `users`, nobody is asked. */
  readonly password?: string
  /** Passwords by user name. */
  readonly users?: Readonly<Record<string, string>>
}

/** Told of each command at the moment when it has run, those of a transaction one by one; its reply may be an error. */
export type OnExecuted = (args: readonly Buffer[], reply: ServerReply) => void

/** Told of each command that was answered with an error instead of being run; of those of a transaction when EXEC is. */
export type OnRefused = (args: readonly Buffer[], reply: ServerReply) => void

/**
 * A whole server without sockets: its data, and what all its connections share. For a simulation:
 *
 * @example
 * const model = new ServerModel({ now: () => clock.now })
 * const session = model.connect((args) => executed.push(args.map(String)))
 * session.receive(Buffer.from('PING\r\n')) // [ '+PONG\r\n' ]
 */
export class ServerModel {
  readonly store: Store
  readonly now: () => number
  /** Passwords by user name; empty: nobody is asked. */
  readonly users: ReadonlyMap<string, string>
  /** Answers LOADING to all that needs data. */
  isLoading = false
  /** Answers READONLY to all that changes data, as a replica does. */
  isReadonly = false
  /** What nobody may run, as an ACL may say: names in upper case, `CLIENT|UNBLOCK` for one subcommand. */
  denied: ReadonlySet<string> = new Set()
  /** So many EXECs more are answered BUSY: somebody's script is running just then. */
  busyExecs = 0
  /**
   * A refused EXEC leaves its transaction open, and is answered by the bare error, as by servers before Redis 6. Later ones
   * end the transaction, and answer EXECABORT.
   */
  leavesTransactionsOpen = false
  /** A failed AUTH that is not the first command of what was read at once gets no reply, as from Redis 8.0 (redis/redis#15640). */
  dropsAuthErrors = false
  /** A connection is cut once its unfinished request is longer than this, in bytes. Real servers: client-query-buffer-limit. */
  queryBufferLimit = Infinity
  /** Connections that wait for something to be had. */
  readonly waitingRoom = new WaitingRoom()
  readonly broadcasts = new Broadcasts()
  readonly monitors = new Monitors()
  readonly scripts = new Scripts()
  #connections = 0

  constructor(options: ServerModelOptions = {}) {
    this.now = options.now ?? Date.now
    this.store = new Store({ now: this.now, databases: options.databases ?? 16 })
    const users = new Map(Object.entries(options.users ?? {}))
    if (options.password !== undefined) users.set('default', options.password)
    this.users = users
  }

  /**
   * Begins a connection, to be ended by `ServerSession.disconnect`.
   * @param send takes what the connection is told that is no answer to bytes just received: messages, and the reply of a
   *   command that has waited
   */
  connect(
    onExecuted: OnExecuted = () => {},
    send: (bytes: Buffer) => void = () => {},
    onRefused: OnRefused = () => {},
  ): ServerSession {
    this.#connections += 1
    return new ServerSession(this.#connections, this, { onExecuted, onRefused, send })
  }

  /** When `expireWaits` is to be called next; undefined when there is no need. */
  nextExpiry(): number | undefined {
    return this.waitingRoom.nextExpiry()
  }

  /** Ends the waits whose time is over: the model has no clock of its own to do it by. */
  expireWaits(): void {
    this.waitingRoom.expire(this.now())
  }
}
