import type { CommandDescriptor } from '../commands/descriptor.js'
import { word } from '../commands/words.js'
import type { Argument } from '../protocol/types.js'

/** What a script can pass to one command: Lua's `unpack` gives up a little above. */
export const mostArguments = 7_990

/** Commands without keys that scripts run as they are run outside. */
const keyless: ReadonlySet<string> = new Set([
  ...['PUBLISH', 'SPUBLISH', 'FLUSHALL', 'FLUSHDB'],
  // In transactions; alone, reads are sent as usual.
  ...['PING', 'ECHO', 'TIME', 'DBSIZE', 'RANDOMKEY', 'KEYS', 'SCAN', 'LASTSAVE'],
])

/** Replies with integers in an array, which may be beyond 2^53, where Lua rounds them. */
const rounded: ReadonlySet<string> = new Set(['INCREX', 'BITFIELD', 'BITFIELD_RO'])

/**
 * Why a call can't be run once, or not with an exact reply; undefined if it can. A table of our own decides, because servers
 * differ in what their scripts refuse, and run some commands otherwise: BLPOP, WAIT and XREAD BLOCK without waiting, SELECT
 * without effect.
 */
export function onceRefusal(descriptor: CommandDescriptor, args: readonly Argument[]): string | undefined {
  const { name, keys, wait, runsUserCode, script } = descriptor
  if (args.length > mostArguments) return `it has ${args.length} arguments, and a script can pass ${mostArguments}`
  if (wait?.(args) !== undefined) return 'it waits, and scripts do not'
  if (script !== undefined) {
    return /^#!.*\bno-writes\b/.test(script.source) ? 'the script may not write, so it has no receipt' : undefined
  }
  if (runsUserCode === true && !name.includes('.')) {
    return name === 'EVAL' || name === 'EVALSHA'
      ? 'a script can not run another one: use run() with script()'
      : 'a script can not run it, or it is not known what it does'
  }
  if (keys === undefined && !keyless.has(name)) return 'scripts can not run it'
  if (rounded.has(name) && mayRound(name, args)) return 'its reply may have integers beyond 2^53, which scripts round'
  return undefined
}

/** Fields of more than 53 bits may hold integers that Lua rounds. */
function mayRound(name: string, args: readonly Argument[]): boolean {
  return name === 'INCREX' || args.slice(2).some((arg) => Number(/^[IU](\d+)$/.exec(word(arg))?.[1]) > 53)
}

/**
 * What the script must know of a command, besides its arguments: see receipt-script.ts. Of code of the user, and of modules,
 * errors may come after work was done.
 */
export function kindOf({ name, runsUserCode }: CommandDescriptor): '' | 'g' | 'h' | 'u' {
  if (runsUserCode === true) return 'u'
  if (name === 'HINCRBY') return 'h'
  return name === 'INCR' || name === 'INCRBY' || name === 'DECR' || name === 'DECRBY' ? 'g' : ''
}
