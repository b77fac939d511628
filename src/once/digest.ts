import process from 'node:process'
import type { CommandDescriptor } from '../commands/descriptor.js'
import { numberText } from '../protocol/arguments.js'
import { byteLengthOf, viewOf } from '../protocol/byte-arrays.js'
import type { Argument } from '../protocol/types.js'

/** A command with its arguments. If there is a `keyPrefix`, it is already added to the keys. */
export interface Command {
  readonly descriptor: CommandDescriptor
  readonly args: readonly Argument[]
}

/** The length of the text that {@link headOf} returns. */
export const headLength = 23

/**
 * Returns the head of a receipt: the version of its format, `1`, and 22 characters that identify the call. These are the first
 * 132 bits of a SHA-256, in base64url. The digest is computed over each part of the call, with the part's length in bytes and a
 * colon before it. The parts are the command's name in upper case (`XGROUP CREATE`), its number of arguments, and its arguments
 * as they are sent. For a transaction, they are `MULTI`, and then the same parts of each command.
 *
 * The format is documented in docs/exactly-once.md, and does not change.
 */
export function headOf(commands: readonly Command[], isTransaction: boolean): string {
  // Loaded only if `once` is used.
  const crypto = process.getBuiltinModule('node:crypto')
  const chunks: (string | Buffer)[] = []
  // The text is collected first, because each call of `update` costs more than hashing a short text.
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
