import type { Argument } from '../protocol/types.js'
import { retryClassOf } from './catalogue.js'
import type { CommandDescriptor } from './descriptor.js'
import { positionsOf } from './key-positions.js'
import { bytesOf } from './words.js'

/**
 * The keys that these commands may change, by their bytes as Latin-1.
 * @returns 'all' if they are not known, as those of a script that names none, or if there are too many to name (FLUSHALL)
 */
export function changedKeysOf(
  commands: readonly { readonly descriptor: CommandDescriptor; readonly args: readonly Argument[] }[],
): ReadonlySet<string> | 'all' {
  const changed = new Set<string>()
  for (const { descriptor, args } of commands) {
    if (retryClassOf(descriptor, args) === 'read') continue
    const { keys } = descriptor
    const positions = keys === 'unknown' ? [] : positionsOf(keys, args)
    if (positions.length === 0) return 'all'
    for (const position of positions) changed.add(bytesOf(args[position]).toString('latin1'))
  }
  return changed
}
