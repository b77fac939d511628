import { type Client, createClient } from '../src/index.js'
import { Monitor, type Ran } from './recording/monitor.js'
import { BuiltInSentinel } from './server/sentinel.js'
import { BuiltInServer } from './server/server.js'

/** The name of the master at the sentinel. */
export const masterName = 'lab'

/** A sentinel for a master, and the server that becomes the next master. It has no data of the old one. */
export class Succession {
  readonly sentinel: BuiltInSentinel
  /** Reads the data of the new master. */
  readonly witness: Client
  readonly #next: BuiltInServer
  readonly #monitor: Monitor

  private constructor(sentinel: BuiltInSentinel, next: BuiltInServer, monitor: Monitor) {
    this.sentinel = sentinel
    this.#next = next
    this.#monitor = monitor
    this.witness = createClient({ host: '127.0.0.1', port: next.port })
  }

  /** @param masterPort port on which clients reach the master */
  static async start(masterPort: number, onRan: (ran: Ran) => void): Promise<Succession> {
    const next = await BuiltInServer.start()
    next.model.isReadonly = true
    const monitor = await Monitor.start({ host: '127.0.0.1', port: next.port }, onRan)
    return new Succession(await BuiltInSentinel.start(masterName, masterPort), next, monitor)
  }

  /** Makes the other server the master. The sentinel announces it; the old master is not told. */
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
