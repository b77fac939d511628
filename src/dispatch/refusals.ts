import type { Refusal } from '../connection/request/request.js'
import { prefixOf } from '../errors.js'
import type { ErrorReply } from '../protocol/types.js'

const later: Refusal = { retry: 'later', mayHaveRun: false }
// After a failover this server is a replica. Its address may now lead to the new primary.
const elsewhere: Refusal = { retry: 'elsewhere', mayHaveRun: false }

/**
 * Prefixes of temporary errors with which a server refuses a command. The prefix alone shows that the command did not
 * run, so it may be sent again whatever its retry class.
 */
const passing: ReadonlyMap<string, Refusal> = new Map([
  ['LOADING', later],
  ['MASTERDOWN', later],
  ['TRYAGAIN', later],
  ['CLUSTERDOWN', later],
  ['BUSY', later],
  ['READONLY', elsewhere],
])

/** Whether and how a command may be sent again after this error reply; undefined if the error is not temporary. */
export function refusalOf({ message }: ErrorReply): Refusal | undefined {
  return passing.get(prefixOf(message))
}

/** Like `refusalOf`, for the text of an error inside another error. */
export function refusalIn(message: string): Refusal | undefined {
  return passing.get(prefixOf(message))
}
