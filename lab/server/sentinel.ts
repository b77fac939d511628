import { array, bulk, error, map, noArray, type ServerReply } from './reply.js'
import { BuiltInServer } from './server.js'

/** A sentinel on loopback for one master. It announces what it is told to. */
export class BuiltInSentinel {
  readonly #server: BuiltInServer
  readonly #name: string
  #masterPort: number
  #epoch = 0

  private constructor(name: string, masterPort: number) {
    this.#name = name
    this.#masterPort = masterPort
    this.#server = new BuiltInServer({ sentinel: (args) => this.#answer(args.map(String)) })
  }

  /** @param name name of the master */
  static async start(name: string, masterPort: number): Promise<BuiltInSentinel> {
    const sentinel = new BuiltInSentinel(name, masterPort)
    await sentinel.#server.start()
    return sentinel
  }

  get port(): number {
    return this.#server.port
  }

  /** Reports another master from now on, and announces it. */
  announce(masterPort: number): void {
    const old = this.#masterPort
    this.#masterPort = masterPort
    this.#epoch += 1
    this.#publish('+switch-master', `${this.#name} 127.0.0.1 ${old} 127.0.0.1 ${masterPort}`)
    // Like real sentinels, which count the old master as a replica of the new one, whatever it says itself.
    this.#publish('+slave', `slave 127.0.0.1:${old} 127.0.0.1 ${old} @ ${this.#name} 127.0.0.1 ${masterPort}`)
  }

  stop(): Promise<void> {
    return this.#server.stop()
  }

  #publish(channel: string, message: string): void {
    this.#server.model.broadcasts.publish(Buffer.from(channel), Buffer.from(message))
  }

  #answer([, subcommand = '', name]: readonly string[]): ServerReply {
    const isKnown = name === this.#name
    switch (subcommand.toUpperCase()) {
      case 'GET-MASTER-ADDR-BY-NAME':
        return isKnown ? array([bulk('127.0.0.1'), bulk(String(this.#masterPort))]) : noArray
      case 'SENTINELS':
      case 'REPLICAS':
      case 'SLAVES':
        return isKnown ? array([]) : unknownName
      case 'MASTER':
        return isKnown ? this.#master() : unknownName
      default:
        return error(`ERR Unknown sentinel subcommand '${subcommand.replace(/[\r\n]/g, ' ')}'`)
    }
  }

  #master(): ServerReply {
    const fields = {
      name: this.#name,
      ip: '127.0.0.1',
      port: String(this.#masterPort),
      flags: 'master',
      'config-epoch': String(this.#epoch),
      'num-slaves': '0',
      'num-other-sentinels': '0',
      quorum: '1',
    }
    return map(Object.entries(fields).map(([field, value]) => [bulk(field), bulk(value)] as const))
  }
}

const unknownName = error('ERR No such master with that name')
