import type { Argument } from '../protocol/types.js'

/** Names and values in turn, as commands take them. */
export function pairsOf(values: Readonly<Record<string, Argument>>): Argument[] {
  const pairs: Argument[] = []
  for (const name of Object.keys(values)) pairs.push(name, values[name] as Argument)
  return pairs
}
