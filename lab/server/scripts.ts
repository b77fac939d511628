import { createHash } from 'node:crypto'
import { at, indexOf, keyOf } from './arguments.js'
import { receiptScript } from './receipt-script.js'
import { error, errors, integer, nothing, type ServerReply } from './reply.js'

/** Runs one command of a script. */
export type RunCommand = (args: readonly Buffer[]) => ServerReply

/** `redis.call('INCR', KEYS[1])` or `redis.error_reply(ARGV[1])`, with or without `return` before it. */
const statement = /(return\s+)?redis\.(call|error_reply)\(([^)]*)\)\s*;?/g

/** The reply to EVALSHA for an unknown script. */
export const noScript = error('NOSCRIPT No matching script. Please use EVAL.')

/**
 * Scripts in the part of Lua that tests of clients need: calls of commands one after the other, whose arguments are literals,
 * `KEYS[n]` or `ARGV[n]`; `return` before a call, or before `redis.error_reply`.
 */
export class Scripts {
  readonly #sources = new Map<string, string>()

  /**
   * EVAL, EVALSHA and their read-only forms: stores the script, and runs it.
   * @param own runs commands of the script itself
   */
  run(name: string, args: readonly Buffer[], call: RunCommand, own: RunCommand): ServerReply {
    const given = keyOf(at(args, 1))
    const source = name.startsWith('EVALSHA') ? this.#sources.get(given.toLowerCase()) : given
    if (source === undefined) return noScript
    const count = indexOf(at(args, 2))
    if (count < 0) return error("ERR Number of keys can't be negative")
    if (count > args.length - 3) return error("ERR Number of keys can't be greater than number of args")
    const once = receiptScript(source)
    if (once !== undefined) {
      this.load(source)
      return once({ keys: args.slice(3, 3 + count), argv: args.slice(3 + count), call, own })
    }
    if (source.replace(statement, '').trim() !== '') return error('ERR Error compiling script: not understood here')
    this.load(source)
    return runSource(source, args.slice(3, 3 + count), args.slice(3 + count), call)
  }

  /** Stores a script. @returns its SHA-1 */
  load(source: string): string {
    const sha1 = createHash('sha1').update(source, 'latin1').digest('hex')
    this.#sources.set(sha1, source)
    return sha1
  }

  has(sha1: string): boolean {
    return this.#sources.has(sha1.toLowerCase())
  }

  clear(): void {
    this.#sources.clear()
  }
}

function runSource(source: string, keys: readonly Buffer[], argv: readonly Buffer[], call: RunCommand): ServerReply {
  for (const [, returns, verb, list] of source.matchAll(statement)) {
    const given = (list ?? '').split(',').map((word) => argumentOf(word.trim(), keys, argv))
    if (given.some((value) => value === undefined)) return errors.syntax
    const values = given as Buffer[]
    const reply = verb === 'call' ? call(values) : errorReply(at(values, 0))
    // An error ends the script, like that of redis.call in real servers.
    if (returns !== undefined || (verb === 'call' && reply.type === 'error')) return reply
  }
  return nothing
}

/** Like real servers, adds ERR if there is no prefix. */
function errorReply(text: Buffer): ServerReply {
  const message = keyOf(text)
  return error(message.includes(' ') ? message : `ERR ${message}`)
}

function argumentOf(word: string, keys: readonly Buffer[], argv: readonly Buffer[]): Buffer | undefined {
  const literal = /^'([^']*)'$/.exec(word)?.[1]
  if (literal !== undefined) return Buffer.from(literal, 'latin1')
  const [, table, index] = /^(KEYS|ARGV)\[(\d+)\]$/.exec(word) ?? []
  return table === undefined ? undefined : (table === 'KEYS' ? keys : argv)[Number(index) - 1]
}

/** SCRIPT and the subcommands that this server supports. */
export function script(scripts: Scripts, subcommand: string, args: readonly Buffer[]): ServerReply | undefined {
  if (subcommand === 'LOAD') return { type: 'bulk', value: Buffer.from(scripts.load(keyOf(at(args, 2)))) }
  if (subcommand === 'EXISTS') {
    return { type: 'array', items: args.slice(2).map((sha1) => integer(scripts.has(keyOf(sha1)) ? 1 : 0)) }
  }
  if (subcommand !== 'FLUSH') return undefined
  scripts.clear()
  return { type: 'simple', text: 'OK' }
}
