import { type ErrorDetails, type Fate, ReplyError } from '../errors.js'
import { isBytes } from '../protocol/byte-arrays.js'
import { withoutArguments } from '../protocol/quoted-arguments.js'
import { type Argument, ErrorReply, type Reply } from '../protocol/types.js'

/**
 * Replaces errors inside a reply, such as in the table that a script returns, by ReplyErrors.
 *
 * @param args the command, whose arguments the errors may quote
 * @param about returns the details of an error
 */
export function reviveErrors(
  reply: Reply,
  command: string,
  args: readonly Argument[],
  about: { detailsOf(fate: Fate): ErrorDetails },
): unknown {
  if (typeof reply !== 'object' || reply === null || isBytes(reply)) return reply
  if (reply instanceof ErrorReply) {
    const { attempts } = about.detailsOf('refused')
    return new ReplyError(withoutArguments(reply.message, args.slice(1)), { command, attempts })
  }
  const revive = (value: Reply): unknown => reviveErrors(value, command, args, about)
  if (Array.isArray(reply)) return reply.map(revive)
  if (reply instanceof Set) return new Set([...reply].map(revive))
  if (reply instanceof Map) return new Map([...reply].map(([key, value]) => [revive(key), revive(value)]))
  // `__proto__` may be an own property. An assignment then changes this property.
  for (const key of Object.keys(reply)) reply[key] = revive(reply[key] as Reply) as Reply
  return reply
}
