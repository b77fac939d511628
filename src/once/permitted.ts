import type { CommandDescriptor } from '../commands/descriptor.js'
import { word } from '../commands/words.js'
import type { Argument } from '../protocol/types.js'

/** The most arguments that a script can pass to one command. Lua's `unpack` fails at a slightly higher number. */
export const mostArguments = 7_990

/** Commands without keys that do the same inside and outside a script. */
const keyless: ReadonlySet<string> = new Set([
  ...['PUBLISH', 'SPUBLISH', 'FLUSHALL', 'FLUSHDB'],
  // These are needed for transactions only, because a single command that only reads is sent as usual.
  ...['PING', 'ECHO', 'TIME', 'DBSIZE', 'RANDOMKEY', 'KEYS', 'SCAN', 'LASTSAVE'],
])

/** Commands whose reply is an array of integers. Lua rounds those beyond 2^53. */
const rounded: ReadonlySet<string> = new Set(['INCREX', 'BITFIELD', 'BITFIELD_RO'])

/**
 * Returns why a call can't run once, or can't return an exact reply; undefined if it can. This module has its own table, because
 * servers differ in which commands they refuse in scripts, and because some commands behave differently there: BLPOP, WAIT and
 * XREAD BLOCK do not wait, and SELECT has no effect.
 */
export function onceRefusal(descriptor: CommandDescriptor, args: readonly Argument[]): string | undefined {
  const { name, keys, wait, runsUserCode, script } = descriptor
  if (args.length > mostArguments)
    return `it has ${args.length} words with its name, and a script can pass ${mostArguments}`
  if ((wait?.(args)?.unit ?? 0) > 0) return 'it may block, which commands in a script cannot do'
  if (script !== undefined) {
    return /^#!.*\bno-writes\b/.test(script.source)
      ? 'the script is declared read-only (no-writes), so it cannot write a receipt'
      : undefined
  }
  if (runsUserCode === true && !name.includes('.')) {
    return name === 'EVAL' || name === 'EVALSHA'
      ? 'a script cannot run another one: use run() with script()'
      : 'scripts cannot run it, or this client does not know what it does'
  }
  if (keys === undefined && !keyless.has(name)) return 'scripts cannot run it'
  if (rounded.has(name) && mayRound(name, args)) return 'its reply may have integers beyond 2^53, which scripts round'
  return undefined
}

/** Fields of more than 53 bits may hold integers that Lua rounds. */
function mayRound(name: string, args: readonly Argument[]): boolean {
  return name === 'INCREX' || args.slice(2).some((arg) => Number(/^[IU](\d+)$/.exec(word(arg))?.[1]) > 53)
}

/**
 * What the script must know about a command, besides its arguments: see receipt-script.ts. A user's code and module commands may
 * return an error after they have done a part of their work.
 */
export function kindOf({ name, runsUserCode }: CommandDescriptor): '' | 'g' | 'h' | 'u' {
  if (runsUserCode === true) return 'u'
  if (name === 'HINCRBY') return 'h'
  return name === 'INCR' || name === 'INCRBY' || name === 'DECR' || name === 'DECRBY' ? 'g' : ''
}
