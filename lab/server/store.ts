import { ArgumentError } from './arguments.js'
import type { CommandTable, StoreCommand } from './commands/command.js'
import { hashes } from './commands/hashes.js'
import { keys } from './commands/keys.js'
import { lists } from './commands/lists.js'
import { sets } from './commands/sets.js'
import { sortedSets } from './commands/sorted-sets.js'
import { streams } from './commands/streams.js'
import { strings } from './commands/strings.js'
import { Database, WrongTypeError } from './database.js'
import { errors, ok, type ServerReply } from './reply.js'

/** Options of a store. */
export interface StoreOptions {
  /** Milliseconds, for expiry; only differences matter. */
  readonly now: () => number
  /** Number of databases; default 16. */
  readonly databases?: number
}

const commands: ReadonlyMap<string, StoreCommand> = new Map(
  [strings, keys, lists, hashes, sets, sortedSets, streams].flatMap((table: CommandTable) => Object.entries(table)),
)

/** The data of a server in memory. It runs commands at once, one after the other, and has no connections, sockets or timers. */
export class Store {
  /** Number of databases. */
  readonly size: number
  readonly #databases: readonly Database[]

  constructor(options: StoreOptions) {
    this.size = options.databases ?? 16
    this.#databases = Array.from({ length: this.size }, () => new Database(options.now))
  }

  /** Number of commands. */
  static get count(): number {
    return commands.size + 1
  }

  /** Whether the store has a command with this name (upper case). */
  static knows(name: string): boolean {
    return name === 'FLUSHALL' || commands.has(name)
  }

  /** Whether the command with this name (upper case) changes data. */
  static writes(name: string): boolean {
    return name === 'FLUSHALL' || commands.get(name)?.writes === true
  }

  /** The arity of the command with this name (upper case), negative for a minimum; undefined for an unknown command. */
  static arityOf(name: string): number | undefined {
    return name === 'FLUSHALL' ? -1 : commands.get(name)?.arity
  }

  /**
   * Runs one command.
   *
   * @param args the name first, in upper or lower case; strings are encoded as UTF-8
   * @param database number of the database, default 0
   */
  execute(args: readonly (Buffer | string)[], database = 0): ServerReply {
    const bytes = args.map((arg) => (typeof arg === 'string' ? Buffer.from(arg) : arg))
    const name = String(bytes[0] ?? '').toUpperCase()
    const refusal = refusalOf(name, bytes, Store.arityOf(name))
    if (refusal !== undefined) return refusal
    if (name === 'FLUSHALL') return this.#flushAll()
    try {
      return commands.get(name)?.run(this.database(database), bytes) ?? unknownCommand(bytes)
    } catch (cause) {
      if (cause instanceof WrongTypeError) return errors.wrongType
      if (cause instanceof ArgumentError) return cause.reply
      throw cause
    }
  }

  /** @throws RangeError if there is no database with this number */
  database(number: number): Database {
    const database = this.#databases[number]
    if (database === undefined) throw new RangeError(`there is no database ${number}`)
    return database
  }

  #flushAll(): ServerReply {
    for (const database of this.#databases) database.clear()
    return ok
  }
}

/**
 * The error for a command that can't run whatever the data are: it is unknown, or has too few or too many arguments.
 *
 * @param arity arity of the command; undefined if it is unknown
 */
export function refusalOf(name: string, args: readonly Buffer[], arity: number | undefined): ServerReply | undefined {
  if (arity === undefined) return unknownCommand(args)
  const fits = arity < 0 ? args.length >= -arity : args.length === arity
  return fits ? undefined : errors.arity(name)
}

function unknownCommand([name, ...args]: readonly Buffer[]): ServerReply {
  const beginning = args.map((arg) => `'${onOneLine(arg)}' `).join('')
  return { type: 'error', text: `ERR unknown command '${onOneLine(name)}', with args beginning with: ${beginning}` }
}

/** An error is one line: line ends are removed. */
function onOneLine(bytes: Buffer | undefined): string {
  return String(bytes ?? '')
    .slice(0, 128)
    .replace(/[\r\n]/g, ' ')
}
