import type { UsageError } from '../errors.js'
import { isSendable, numberText } from '../protocol/arguments.js'
import { Buffer } from '../protocol/buffer.js'
import { isBytes, viewOf } from '../protocol/byte-arrays.js'
import type { Argument } from '../protocol/types.js'
import type { CommandDescriptor, Patterns } from './descriptor.js'
import { positionsOf, sortPatterns } from './key-positions.js'
import { usage } from './usage.js'
import { optionsOf, word } from './words.js'

/**
 * Adds `prefix` to each key, and to patterns that match keys: BY and GET of SORT, the patterns of KEYS and SCAN, the prefixes
 * of CLIENT TRACKING. Replies are not changed: the keys in them include the prefix.
 *
 * @throws UsageError if the key positions are not known, because the command could then use keys without the prefix
 */
export function prefixKeys(descriptor: CommandDescriptor, args: readonly Argument[], prefix: string): Argument[] {
  const { name, keys, patterns } = descriptor
  if (keys === 'unknown') throw refusal(name, 'its keys are not known to this client')
  const prefixed = [...args]
  for (const position of positionsOf(keys, args)) {
    prefixed[position] = withPrefix(prefixed[position] as Argument, prefix)
  }
  if (patterns !== undefined) prefixPatterns[patterns](prefixed, prefix, name)
  return prefixed
}

const prefixPatterns: Readonly<Record<Patterns, (args: Argument[], prefix: string, name: string) => void>> = {
  sort(args, prefix, name) {
    for (const position of sortPatterns(args)) {
      // The first * of a pattern is replaced by the element, and cannot be escaped.
      if (prefix.includes('*')) throw refusal(name, "a prefix with * can't be used in a BY or GET pattern")
      args[position] = withPrefix(args[position] as Argument, prefix)
    }
  },
  first(args, prefix) {
    if (args.length > 1) args[1] = withPrefix(args[1] as Argument, escaped(prefix))
  },
  tracking(args, prefix) {
    let count = 0
    for (let i = 3; i < args.length; i += 1) {
      const option = word(args[i])
      if (option !== 'PREFIX' && option !== 'REDIRECT') continue
      i += 1
      if (option === 'REDIRECT' || i >= args.length) continue
      args[i] = withPrefix(args[i] as Argument, prefix)
      count += 1
    }
    // Without PREFIX, the server would report changes of all keys.
    if (count === 0 && args.some((arg) => word(arg) === 'BCAST')) args.push('PREFIX', prefix)
  },
  match(args, prefix) {
    const match = optionsOf(args, 2, { MATCH: 1, COUNT: 1, TYPE: 1, SLOT: 1 }).get('MATCH')
    if (match === undefined) args.push('MATCH', `${escaped(prefix)}*`)
    else if (match + 1 < args.length) args[match + 1] = withPrefix(args[match + 1] as Argument, escaped(prefix))
  },
}

/** Returns a pattern that matches only this text. Server documentation: KEYS. */
const escaped = (text: string): string => text.replace(/[*?[\\]/g, '\\$&')

function withPrefix(key: Argument, prefix: string): Argument {
  if (typeof key === 'string') return prefix + key
  if (isBytes(key)) return Buffer.concat([Buffer.from(prefix), viewOf(key)])
  // An argument that can't be sent is not changed, so that it is refused later. With a prefix, null would become text.
  return isSendable(key) ? prefix + numberText(key) : key
}

function refusal(name: string, reason: string): UsageError {
  return usage(name, `it can't be sent with a keyPrefix: ${reason}`)
}
