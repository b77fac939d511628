import { Monitors } from './monitors.js'
import { Broadcasts } from './pubsub.js'
import type { ServerReply } from './reply.js'
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
  /** Does not let anybody run CLIENT UNBLOCK, as an ACL may say. */
  deniesUnblock = false
  /** Connections that wait for something to be had. */
  readonly waitingRoom = new WaitingRoom()
  readonly broadcasts = new Broadcasts()
  readonly monitors = new Monitors()
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
  connect(onExecuted: OnExecuted = () => {}, send: (bytes: Buffer) => void = () => {}): ServerSession {
    this.#connections += 1
    return new ServerSession(this.#connections, this, onExecuted, send)
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
