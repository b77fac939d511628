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

/** How a store is to be. */
export interface StoreOptions {
  /** Milliseconds, for expiry; only differences mean something. */
  readonly now: () => number
  /** How many databases; default 16. */
  readonly databases?: number
}

const commands: ReadonlyMap<string, StoreCommand> = new Map(
  [strings, keys, lists, hashes, sets, sortedSets, streams].flatMap((table: CommandTable) => Object.entries(table)),
)

/** The data of a server in memory: executes commands, at once and in the order given. Knows no connection, no socket, no clock. */
export class Store {
  /** How many databases there are. */
  readonly size: number
  readonly #databases: readonly Database[]

  constructor(options: StoreOptions) {
    this.size = options.databases ?? 16
    this.#databases = Array.from({ length: this.size }, () => new Database(options.now))
  }

  /** How many commands there are. */
  static get count(): number {
    return commands.size + 1
  }

  /** Whether the store itself carries out a command of that name (upper case). */
  static knows(name: string): boolean {
    return name === 'FLUSHALL' || commands.has(name)
  }

  /** Whether a command of that name (upper case) changes data. */
  static writes(name: string): boolean {
    return name === 'FLUSHALL' || commands.get(name)?.writes === true
  }

  /** The arity of a command of that name (upper case), negative for "at least"; undefined for one that the store does not know. */
  static arityOf(name: string): number | undefined {
    return name === 'FLUSHALL' ? -1 : commands.get(name)?.arity
  }

  /**
   * Executes one command.
   *
   * @param args the name first, in either case; strings count as their UTF-8 bytes
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

  /** @throws RangeError when there is no database of that number */
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
 * Why a command can't be run as it stands, whatever the data: it is unknown, or has too few or too many arguments.
 *
 * @param arity of the command of that name; undefined when there is none
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

/** An error is one line: what would end it is left out. */
function onOneLine(bytes: Buffer | undefined): string {
  return String(bytes ?? '')
    .slice(0, 128)
    .replace(/[\r\n]/g, ' ')
}
