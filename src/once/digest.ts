import process from 'node:process'
import type { CommandDescriptor } from '../commands/descriptor.js'
import { numberText } from '../protocol/arguments.js'
import { byteLengthOf, viewOf } from '../protocol/byte-arrays.js'
import type { Argument } from '../protocol/types.js'

/** A command with its arguments, whose keys have any prefix. */
export interface Command {
  readonly descriptor: CommandDescriptor
  readonly args: readonly Argument[]
}

/** Length of what {@link headOf} returns. */
export const headLength = 23

/**
 * Returns the head of a receipt: the version of its format, `1`, and 22 characters that say which call it is for: the first
 * 132 bits of a SHA-256, in base64url. It is computed over each part of the call, with its length in bytes and a colon
 * before it: the command's name in upper case (`XGROUP CREATE`), its number of arguments, its arguments as they are sent. Of
 * a transaction: `MULTI`, then the same for each command.
 *
 * The format is documented in docs/exactly-once.md, and does not change.
 */
export function headOf(commands: readonly Command[], isTransaction: boolean): string {
  // Loaded only for those who use it.
  const crypto = process.getBuiltinModule('node:crypto')
  const chunks: (string | Buffer)[] = []
  // Collected, because each update costs more than hashing a short text.
  let text = isTransaction ? '5:MULTI' : ''
  const take = (part: Argument): void => {
    if (typeof part === 'object') {
      chunks.push(`${text}${byteLengthOf(part)}:`, viewOf(part))
      text = ''
      return
    }
    const given = typeof part === 'string' ? part : numberText(part)
    text += `${Buffer.byteLength(given)}:${given}`
  }
  for (const { descriptor, args } of commands) {
    const { name } = descriptor
    const first = name.includes(' ') ? 2 : 1
    take(name)
    take(args.length - first)
    for (let i = first; i < args.length; i += 1) take(args[i] as Argument)
  }
  const hash = crypto.createHash('sha256')
  for (const chunk of chunks) hash.update(chunk)
  return `1${hash
    .update(text)
    .digest('base64url')
    .slice(0, headLength - 1)}`
}
