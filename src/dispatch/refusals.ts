import { saysNotNow } from '../connection/request/passing-refusals.js'
import type { Refusal } from '../connection/request/request.js'
import { prefixOf } from '../errors.js'
import type { ResolvedCallOptions } from '../options/options.js'

const later: Refusal = { retry: 'later', mayHaveRun: false }
// After a failover this server is a replica. Its address may now lead to the new primary.
const elsewhere: Refusal = { retry: 'elsewhere', mayHaveRun: false }

/** Returns how a command with these options may be sent again after an error with this text; undefined if it is not temporary. */
export function refusalIn(message: string, { routing }: ResolvedCallOptions): Refusal | undefined {
  const redirect = routing?.redirectOf(message)
  if (redirect !== undefined) return { retry: 'now', redirect, mayHaveRun: false }
  if (saysNotNow(message)) return later
  return prefixOf(message) === 'READONLY' ? elsewhere : undefined
}
