import type { Audience } from './pubsub.js'
import { simple } from './reply.js'

/** Commands that are never shown, because they may contain passwords. */
const secret: ReadonlySet<string> = new Set(['AUTH', 'HELLO', 'MONITOR'])

/** Connections that receive every command that runs. Server documentation: MONITOR. */
export class Monitors {
  readonly #audiences = new Set<Audience>()

  add(audience: Audience): void {
    this.#audiences.add(audience)
  }

  /** The connection was closed. */
  forget(audience: Audience): void {
    this.#audiences.delete(audience)
  }

  /**
   * A command has run.
   * @param now milliseconds
   * @param connection its number, because there is no socket with an address
   */
  show(now: number, database: number, connection: number, args: readonly Buffer[]): void {
    if (this.#audiences.size === 0 || secret.has(String(args[0]).toUpperCase())) return
    const line = `${(now / 1_000).toFixed(6)} [${database} connection:${connection}] ${args.map(quote).join(' ')}`
    for (const audience of this.#audiences) audience.tell(simple(line))
  }
}

/** Characters that have an escape of one letter. */
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
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what the expression looks for
    .replace(/["\\]|[\x00-\x1f\x7f-\xff]/g, (found) => named[found] ?? `\\x${hex(found)}`)
  return `"${escaped}"`
}

const hex = (character: string): string => character.charCodeAt(0).toString(16).padStart(2, '0')
