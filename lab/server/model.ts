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

/** Options of a server. */
export interface ServerModelOptions {
  /** Milliseconds, for expiry and TIME; default: the clock of the system. */
  readonly now?: () => number
  /** Number of databases; default 16. */
  readonly databases?: number
  /** Password of the user `default`. Without it and without `users`, no password is required. */
  readonly password?: string
  /** Passwords by user name. */
  readonly users?: Readonly<Record<string, string>>
  /** 40 hexadecimal digits, different for each process; default: random. */
  readonly runId?: string
  /** Another server, with which it shares data and messages, like a replica without delay. */
  readonly replicaOf?: ServerModel
  /** Replies to SENTINEL. Without it, the server does not know this command. */
  readonly sentinel?: (args: readonly Buffer[]) => ServerReply
}

/** Why a server closes a connection. */
export type Killer = 'CLIENT KILL' | 'end of process'

/** The addresses of a connection, and how the server closes it. */
export interface Peer {
  /** `host:port` of the peer; default: a unique one. */
  readonly address?: string
  /** Default: 127.0.0.1:6379. */
  readonly localAddress?: string
  /** The server closes the connection, for example by CLIENT KILL: it reads and writes nothing more. */
  readonly onKilled?: (by: Killer) => void
}

/** Called after each command has run, for each command of a transaction. Its reply may be an error. */
export type OnExecuted = (args: readonly Buffer[], reply: ServerReply) => void

/** Called for each command that was refused with an error and did not run; for those of a transaction at EXEC. */
export type OnRefused = (args: readonly Buffer[], reply: ServerReply) => void

/**
 * A server without sockets: its data, and what its connections share. A simulation uses it like this:
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
  /** Replies LOADING to commands that need data. */
  isLoading = false
  /** Replies READONLY to commands that change data, like a replica. */
  isReadonly = false
  /** Replies BUSY to most commands, as while a script runs for too long. */
  isBusy = false
  /** Commands that no user may run: names in upper case, `CLIENT|UNBLOCK` for one subcommand. */
  denied: ReadonlySet<string> = new Set()
  /** This many EXECs get BUSY, as if a script were running. */
  busyExecs = 0
  /**
   * As in servers before Redis 6: a refused EXEC gets only the error, and its transaction stays open. Later servers end the
   * transaction, and reply EXECABORT.
   */
  leavesTransactionsOpen = false
  /** As in Redis 8.0 (redis/redis#15640): a failed AUTH gets no reply, unless it is the first command of its chunk. */
  dropsAuthErrors = false
  /** CLIENT LIST shows how many bytes and commands each connection has sent, as in Valkey 8 and Redis after 8.0. */
  countsTraffic = true
  /** A connection is closed if its incomplete request is longer than this, in bytes. Real servers: client-query-buffer-limit. */
  queryBufferLimit = Infinity
  /** Its part in a cluster; undefined if it is in none. */
  cluster: ClusterMember | undefined
  /** Connections that wait in a blocking command. */
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
   * Opens a connection. `ServerSession.disconnect` closes it.
   * @param send receives bytes for the client that are no reply to bytes just received: messages, and replies of commands that
   *   have waited
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

  /** `run_id` in INFO server. */
  get runId(): string {
    return this.#runId
  }

  /** Restarts, and keeps the data: all connections are closed, and ids start again at 1. */
  restart(runId = anyRunId()): void {
    for (const connection of [...this.connections]) connection.kill('end of process')
    this.#connections = 0
    this.#runId = runId
    this.scripts.clear()
  }

  /** Becomes a replica. As in real servers, waiting commands that would change data are ended. */
  demote(): void {
    this.isReadonly = true
    this.waitingRoom.endAll(
      error('UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)'),
    )
  }

  /** When `expireWaits` must be called next; undefined if it need not be called. */
  nextExpiry(): number | undefined {
    return this.waitingRoom.nextExpiry()
  }

  /** Ends the waits whose time limit is over. The model has no timers, so its user calls this. */
  expireWaits(): void {
    this.waitingRoom.expire(this.now())
  }
}

const anyRunId = (): string => randomBytes(20).toString('hex')
