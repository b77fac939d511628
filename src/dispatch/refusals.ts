import { saysNotNow } from '../connection/request/passing-refusals.js'
import type { Refusal } from '../connection/request/request.js'
import { prefixOf } from '../errors.js'
import type { ErrorReply } from '../protocol/types.js'

const later: Refusal = { retry: 'later', mayHaveRun: false }
// After a failover this server is a replica. Its address may now lead to the new primary.
const elsewhere: Refusal = { retry: 'elsewhere', mayHaveRun: false }

/** Whether and how a command may be sent again after this error reply; undefined if the error is not temporary. */
export function refusalOf({ message }: ErrorReply): Refusal | undefined {
  return refusalIn(message)
}

/** Like `refusalOf`, for the text of an error inside another error. */
export function refusalIn(message: string): Refusal | undefined {
  if (saysNotNow(message)) return later
  return prefixOf(message) === 'READONLY' ? elsewhere : undefined
}
