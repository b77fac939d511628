import type { Argument } from '../protocol/types.js'

/** An argument as the server's parser sees a keyword: upper case text. */
export function word(argument: Argument | undefined): string {
  if (typeof argument === 'string') return argument.toUpperCase()
  if (argument === undefined) return ''
  if (argument instanceof Uint8Array) return Buffer.from(argument).toString('latin1').toUpperCase()
  // Some objects have no text at all; they are refused when it comes to sending them.
  return typeof argument === 'object' ? '' : String(argument)
}

/** Whether one of the keywords stands among the arguments from `start` on. */
export function hasWord(args: readonly Argument[], start: number, ...keywords: readonly string[]): boolean {
  for (let i = start; i < args.length; i += 1) {
    if (keywords.includes(word(args[i]))) return true
  }
  return false
}
