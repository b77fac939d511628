import { ServerModel } from '../../../lab/server/model.js'
import type { ServerReply } from '../../../lab/server/reply.js'
import type { ServerSession } from '../../../lab/server/session.js'
import { Store } from '../../../lab/server/store.js'
import type { Wire, WireSession } from '../wire.js'

/** A command that changed data, as a master gives it to its replicas. */
interface Write {
  readonly args: readonly (Buffer | string)[]
  readonly database: number
}

/**
 * A process behind an address: a server, or a sentinel. It runs; or it is stopped, and reads what it was sent when it goes on; or
 * it is dead, and nobody listens; or its machine is gone, and nothing says so.
 */
export class SimulatedServer {
  readonly host: string
  readonly port = 1
  readonly model: ServerModel
  state: 'runs' | 'stopped' | 'dead' | 'gone' = 'runs'
  /** How often it was stopped, or its process has ended. */
  losses = 0
  /** What its data came from, oldest first: that of the masters before it, then its own. */
  log: Write[] = []
  #isReplaying = false
  #processes = 1
  /** What is done once it goes on. */
  readonly #held: (() => void)[] = []

  constructor(host: string, now: () => number, sentinel?: (args: readonly Buffer[]) => ServerReply) {
    this.host = host
    this.model = new ServerModel({ now, runId: this.#runId, ...(sentinel === undefined ? {} : { sentinel }) })
    const { store } = this.model
    const execute = store.execute.bind(store)
    store.execute = (args, database = 0) => {
      const reply = execute(args, database)
      const isWrite = Store.writes(String(args[0]).toUpperCase()) && reply.type !== 'error'
      if (isWrite && !this.#isReplaying) this.log.push({ args: args.map((arg) => Buffer.from(arg)), database })
      return reply
    }
  }

  get #runId(): string {
    return `${this.host}${this.#processes}`.padEnd(40, '0')
  }

  /** The server's end of a connection. */
  admit(wire: Wire, onExecuted: (args: readonly Buffer[], reply: ServerReply) => void): WireSession {
    const session = this.model.connect(
      onExecuted,
      (bytes) => wire.say(bytes),
      () => {},
      { address: `10.0.0.1:${wire.id}`, onKilled: () => wire.kill() },
    )
    return this.#stoppable(session, wire)
  }

  /** Becomes a master with the first so many writes of another. */
  promote(log: readonly Write[]): void {
    this.#isReplaying = true
    this.model.store.execute(['FLUSHALL'])
    for (const { args, database } of log) this.model.store.execute(args, database)
    this.#isReplaying = false
    this.log = [...log]
    this.model.isReadonly = false
  }

  /** Becomes a replica; its clients are disconnected, as Sentinel does it. */
  demote(): void {
    this.model.demote()
    for (const connection of [...this.model.connections]) connection.kill('CLIENT KILL')
  }

  stop(): void {
    this.state = 'stopped'
    this.losses += 1
  }

  goOn(): void {
    this.state = 'runs'
    for (const act of this.#held.splice(0)) act()
  }

  /** Its process ends. With its machine, or alone: then the kernel closes its connections. */
  die(state: 'dead' | 'gone', wires: Iterable<Wire>): void {
    this.state = state
    this.#held.length = 0
    for (const wire of wires) {
      if (state === 'gone') wire.blackHole()
      else wire.reset(false)
    }
    this.losses += 1
    this.#processes += 1
    this.model.restart(this.#runId)
  }

  #stoppable(session: ServerSession, wire: Wire): WireSession {
    const orLater = (act: () => void): void => {
      if (this.state === 'stopped') this.#held.push(act)
      else act()
    }
    return {
      receive: (chunk) => {
        if (this.state !== 'stopped') return session.receive(chunk)
        const bytes = Buffer.from(chunk)
        this.#held.push(() => {
          for (const reply of session.receive(bytes)) wire.say(reply)
        })
        return []
      },
      disconnect: () => orLater(() => session.disconnect()),
      peerHasGone: () => session.peerHasGone(),
      get isClosed() {
        return session.isClosed
      },
      get isCut() {
        return session.isCut
      },
      get isSilent() {
        return session.isSilent
      },
      get isWaiting() {
        return session.isWaiting
      },
      get protocolError() {
        return session.protocolError
      },
    }
  }
}
