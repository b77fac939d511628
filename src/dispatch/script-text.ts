import type { ScriptText } from '../commands/descriptor.js'
import type { Argument } from '../protocol/types.js'

/** The arguments that send a script's source instead of its SHA-1. */
export function byText({ verbs, source }: ScriptText, args: readonly Argument[]): readonly Argument[] {
  return [verbs[1], source, ...args.slice(2)]
}
