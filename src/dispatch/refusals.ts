import { saysNotNow } from '../connection/request/passing-refusals.js'
import type { Refusal } from '../connection/request/request.js'
import { prefixOf } from '../errors.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { ErrorReply } from '../protocol/types.js'

const later: Refusal = { retry: 'later', mayHaveRun: false }
// After a failover this server is a replica. Its address may now lead to the new primary.
const elsewhere: Refusal = { retry: 'elsewhere', mayHaveRun: false }

/** Whether and how a command with these options may be sent again after this error reply; undefined if the error is not temporary. */
export function refusalOf({ message }: ErrorReply, options: ResolvedCallOptions): Refusal | undefined {
  return refusalIn(message, options)
}

/** Like `refusalOf`, for the text of an error inside another error. */
export function refusalIn(message: string, { redirectOf }: ResolvedCallOptions): Refusal | undefined {
  const redirect = redirectOf?.(message)
  if (redirect !== undefined) return { retry: redirect, mayHaveRun: false }
  if (saysNotNow(message)) return later
  return prefixOf(message) === 'READONLY' ? elsewhere : undefined
}
