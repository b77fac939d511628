import type { Argument } from '../protocol/types.js'
import { retryClassOf } from './catalogue.js'
import type { CommandDescriptor } from './descriptor.js'
import { positionsOf } from './key-positions.js'
import type { TransactionEntry } from './transaction-entries.js'
import { bytesOf } from './words.js'

/** Commands without keys that change something else, or nothing: other commands without keys may change any key. */
const changesNoKey = /^(S?PUBLISH|WAIT(AOF)?)$/

/** Returns the keys among the arguments of a command, each as the Latin-1 text of its bytes; none if they are not known. */
export function namedKeysOf({ keys }: CommandDescriptor, args: readonly Argument[]): string[] {
  return (keys === 'unknown' ? [] : positionsOf(keys, args)).map((position) =>
    bytesOf(args[position]).toString('latin1'),
  )
}

/**
 * Returns the keys that these commands may change, each as the Latin-1 text of its bytes.
 * @returns 'all' if the keys are not known, for example for a script that declares none, or for FLUSHALL
 */
export function changedKeysOf(commands: readonly TransactionEntry[]): ReadonlySet<string> | 'all' {
  const changed = new Set<string>()
  for (const { descriptor, args } of commands) {
    if (changesNoKey.test(descriptor.name) || retryClassOf(descriptor, args) === 'read') continue
    const named = namedKeysOf(descriptor, args)
    if (named.length === 0) return 'all'
    for (const key of named) changed.add(key)
  }
  return changed
}
