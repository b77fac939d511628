import { ReplyError } from '../errors.js'
import { isBytes } from '../protocol/byte-arrays.js'
import { ErrorReply, type Reply } from '../protocol/types.js'

/** Replaces errors inside a reply, such as in the table that a script returns, by ReplyErrors. */
export function reviveErrors(reply: Reply, command: string): unknown {
  if (typeof reply !== 'object' || reply === null || isBytes(reply)) return reply
  if (reply instanceof ErrorReply) return new ReplyError(reply.message, { command, attempts: 1 })
  const revive = (value: Reply): unknown => reviveErrors(value, command)
  if (Array.isArray(reply)) return reply.map(revive)
  if (reply instanceof Set) return new Set([...reply].map(revive))
  if (reply instanceof Map) return new Map([...reply].map(([key, value]) => [revive(key), revive(value)]))
  // `__proto__` may be an own property. An assignment then changes this property.
  for (const key of Object.keys(reply)) reply[key] = revive(reply[key] as Reply) as Reply
  return reply
}
