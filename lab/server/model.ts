import { randomBytes } from 'node:crypto'
import type { ClusterMember } from './cluster.js'
import { Connections } from './connections.js'
import { Monitors } from './monitors.js'
import { Broadcasts } from './pubsub.js'
import { error, type ServerReply } from './reply.js'
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
  /** 40 hex digits, of this process of the server; default: random ones. */
  readonly runId?: string
  /** Another server whose data and messages it shares, as a replica does that is never behind. */
  readonly replicaOf?: ServerModel
  /** Answers SENTINEL: it is a sentinel. Without it, the server does not know this command. */
  readonly sentinel?: (args: readonly Buffer[]) => ServerReply
}

/** What makes a server end a connection. */
export type Killer = 'CLIENT KILL' | 'end of process'

/** What a server knows of where a connection comes from, and how it ends one. */
export interface Peer {
  /** `host:port`; default: none that anybody else has. */
  readonly address?: string
  /** Default: 127.0.0.1:6379. */
  readonly localAddress?: string
  /** The server ends the connection, as by CLIENT KILL: nothing more is read or said. */
  readonly onKilled?: (by: Killer) => void
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
  /** Answers BUSY to all but what ends or begins a connection: somebody's script runs on and on. */
  isBusy = false
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
  /** CLIENT LIST shows how many bytes and commands each connection has sent, as Valkey 8 does, and Redis after 8.0. */
  countsTraffic = true
  /** A connection is cut once its unfinished request is longer than this, in bytes. Real servers: client-query-buffer-limit. */
  queryBufferLimit = Infinity
  /** Its part in a cluster; undefined if it is in none. */
  cluster: ClusterMember | undefined
  /** Connections that wait for something to be had. */
  readonly waitingRoom = new WaitingRoom()
  readonly connections = new Connections()
  readonly broadcasts: Broadcasts
  readonly monitors = new Monitors()
  readonly scripts = new Scripts()
  /** See the option. */
  readonly sentinel: ServerModelOptions['sentinel']
  #connections = 0
  #runId: string

  constructor(options: ServerModelOptions = {}) {
    this.now = options.now ?? Date.now
    this.#runId = options.runId ?? anyRunId()
    const { replicaOf } = options
    this.sentinel = options.sentinel
    this.store = replicaOf?.store ?? new Store({ now: this.now, databases: options.databases ?? 16 })
    this.broadcasts = replicaOf?.broadcasts ?? new Broadcasts()
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
    { address, localAddress = '127.0.0.1:6379', onKilled = () => {} }: Peer = {},
  ): ServerSession {
    this.#connections += 1
    const id = this.#connections
    const peer = { address: address ?? `127.0.0.1:${20_000 + id}`, localAddress, onKilled }
    return new ServerSession(id, this, { onExecuted, onRefused, send }, peer)
  }

  /** Of this process: INFO server. */
  get runId(): string {
    return this.#runId
  }

  /** The process ends and another begins, its data kept: no connection is left, and their ids begin again at 1. */
  restart(runId = anyRunId()): void {
    for (const connection of [...this.connections]) connection.kill('end of process')
    this.#connections = 0
    this.#runId = runId
    this.scripts.clear()
  }

  /** Becomes a replica: commands that wait to change data are ended, as by real servers. */
  demote(): void {
    this.isReadonly = true
    this.waitingRoom.endAll(
      error('UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)'),
    )
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

const anyRunId = (): string => randomBytes(20).toString('hex')
