import type { Audience } from './pubsub.js'
import { simple } from './reply.js'

/** What a server never shows: passwords may be in them. */
const secret: ReadonlySet<string> = new Set(['AUTH', 'HELLO', 'MONITOR'])

/** Connections that are told of every command that runs. Server documentation: MONITOR. */
export class Monitors {
  readonly #audiences = new Set<Audience>()

  add(audience: Audience): void {
    this.#audiences.add(audience)
  }

  /** The connection is gone. */
  forget(audience: Audience): void {
    this.#audiences.delete(audience)
  }

  /**
   * A command has run.
   * @param now milliseconds
   * @param connection its number: there is no address without a socket
   */
  show(now: number, database: number, connection: number, args: readonly Buffer[]): void {
    if (this.#audiences.size === 0 || secret.has(String(args[0]).toUpperCase())) return
    const line = `${(now / 1_000).toFixed(6)} [${database} connection:${connection}] ${args.map(quote).join(' ')}`
    for (const audience of this.#audiences) audience.tell(simple(line))
  }
}

/** Those with a letter of their own. */
const named: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
}

function quote(argument: Buffer): string {
  const escaped = argument
    .toString('latin1')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be found
    .replace(/["\\]|[\x00-\x1f\x7f-\xff]/g, (found) => named[found] ?? `\\x${hex(found)}`)
  return `"${escaped}"`
}

const hex = (character: string): string => character.charCodeAt(0).toString(16).padStart(2, '0')
