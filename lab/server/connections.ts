import { ArgumentError, at, integerOf, keyOf, pairsOf, wordOf } from './arguments.js'
import type { Killer } from './model.js'
import { error, errors, integer, ok, type ServerReply, verbatim } from './reply.js'

/** What a server knows about a connection, and what it can do with it. */
export interface Connection {
  readonly id: number
  /** `host:port` of its peer, as CLIENT LIST shows it. */
  readonly address: string
  readonly localAddress: string
  /** One line of CLIENT LIST, without a line feed. */
  describe(): string
  /** The server closes it. */
  kill(by: Killer): void
}

/** All connections of a server, by id. */
export class Connections {
  readonly #all = new Map<number, Connection>()

  add(connection: Connection): void {
    this.#all.set(connection.id, connection)
  }

  remove(connection: Connection): void {
    // After a restart, another connection may have this id.
    if (this.#all.get(connection.id) === connection) this.#all.delete(connection.id)
  }

  [Symbol.iterator](): IterableIterator<Connection> {
    return this.#all.values()
  }

  /** CLIENT LIST: all connections, or those with the given ids. */
  list(args: readonly Buffer[]): ServerReply {
    if (args.length === 2) return lines([...this.#all.values()])
    if (wordOf(at(args, 2)) !== 'ID' || args.length < 4) return errors.syntax
    const ids = args.slice(3).map((id) => Number(integerOf(id)))
    return lines(ids.flatMap((id) => this.#all.get(id) ?? []))
  }

  /** CLIENT KILL. @param own the connection that sends it: skipped, unless SKIPME is no */
  kill(args: readonly Buffer[], own: number): ServerReply {
    if (args.length === 3) {
      const victim = [...this.#all.values()].find(({ address }) => address === keyOf(at(args, 2)))
      victim?.kill('CLIENT KILL')
      return victim === undefined ? error('ERR No such client') : ok
    }
    const filters = pairsOf(args.slice(2))
    if (filters === undefined) return errors.syntax
    let victims = [...this.#all.values()]
    let skipsOwn = true
    for (const [name, value] of filters) {
      const text = keyOf(value)
      switch (wordOf(name)) {
        case 'ID':
          victims = victims.filter(({ id }) => id === idOf(value))
          break
        case 'ADDR':
          victims = victims.filter(({ address }) => address === text)
          break
        case 'LADDR':
          victims = victims.filter(({ localAddress }) => localAddress === text)
          break
        case 'SKIPME':
          if (!/^(yes|no)$/i.test(text)) return errors.syntax
          skipsOwn = /^yes$/i.test(text)
          break
        default:
          return errors.syntax
      }
    }
    // Parsed even if no connection is left: an invalid id is always an error.
    for (const [name, value] of filters) if (wordOf(name) === 'ID') idOf(value)
    if (skipsOwn) victims = victims.filter(({ id }) => id !== own)
    for (const victim of victims) victim.kill('CLIENT KILL')
    return integer(victims.length)
  }
}

const lines = (connections: readonly Connection[]): ServerReply =>
  verbatim(connections.map((connection) => `${connection.describe()}\n`).join(''))

function idOf(bytes: Buffer): number {
  const text = keyOf(bytes)
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new ArgumentError(error('ERR client-id should be greater than 0'))
  return Number(text)
}
