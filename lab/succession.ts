import { type Client, createClient } from '../src/index.js'
import { Monitor, type Ran } from './recording/monitor.js'
import { BuiltInSentinel } from './server/sentinel.js'
import { BuiltInServer } from './server/server.js'

/** The name of the master at the sentinel. */
export const masterName = 'lab'

/** A sentinel before a master, and the server that will take its place: without what the master had not sent to it, all of it. */
export class Succession {
  readonly sentinel: BuiltInSentinel
  /** Looks at the data of the new master. */
  readonly witness: Client
  readonly #next: BuiltInServer
  readonly #monitor: Monitor

  private constructor(sentinel: BuiltInSentinel, next: BuiltInServer, monitor: Monitor) {
    this.sentinel = sentinel
    this.#next = next
    this.#monitor = monitor
    this.witness = createClient({ host: '127.0.0.1', port: next.port })
  }

  /** @param masterPort where clients find the master */
  static async start(masterPort: number, onRan: (ran: Ran) => void): Promise<Succession> {
    const next = await BuiltInServer.start()
    next.model.isReadonly = true
    const monitor = await Monitor.start({ host: '127.0.0.1', port: next.port }, onRan)
    return new Succession(await BuiltInSentinel.start(masterName, masterPort), next, monitor)
  }

  /** The other server is the master now, and the sentinel says so. Nobody has told the old one. */
  failOver(): void {
    this.#next.model.isReadonly = false
    this.sentinel.announce(this.#next.port)
  }

  async stop(): Promise<void> {
    await this.witness.close()
    this.#monitor.stop()
    await this.sentinel.stop()
    await this.#next.stop()
  }
}
