import { saysNotNow } from '../connection/request/passing-refusals.js'
import type { Refusal } from '../connection/request/request.js'
import { prefixOf } from '../errors.js'
import type { ErrorReply } from '../protocol/types.js'

const later: Refusal = { retry: 'later', mayHaveRun: false }
// A failover has made the server a replica: the address may lead to another server now.
const elsewhere: Refusal = { retry: 'elsewhere', mayHaveRun: false }

/** What an error of the server itself says about sending the command again; undefined if it is an ordinary reply. */
export function refusalOf({ message }: ErrorReply): Refusal | undefined {
  return refusalIn(message)
}

/** The same for a text that is part of another error. */
export function refusalIn(message: string): Refusal | undefined {
  if (saysNotNow(message)) return later
  return prefixOf(message) === 'READONLY' ? elsewhere : undefined
}
