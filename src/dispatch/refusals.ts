import type { Refusal } from '../connection/request/request.js'
import { prefixOf } from '../errors.js'
import type { ErrorReply } from '../protocol/types.js'

const later: Refusal = { retry: 'later', mayHaveRun: false }
// A failover has made a replica of it: the address may lead to another server now.
const elsewhere: Refusal = { retry: 'elsewhere', mayHaveRun: false }

/**
 * Prefixes of errors that a server gives instead of running a command, and that pass. By these alone it is known that the
 * command did not run, so that it is sent again whatever its retry class.
 */
const passing: ReadonlyMap<string, Refusal> = new Map([
  ['LOADING', later],
  ['MASTERDOWN', later],
  ['TRYAGAIN', later],
  ['CLUSTERDOWN', later],
  ['BUSY', later],
  ['READONLY', elsewhere],
])

/** What an error of the server itself says of sending again; undefined when it is an answer like any other. */
export function refusalOf({ message }: ErrorReply): Refusal | undefined {
  return passing.get(prefixOf(message))
}

/** The same of a text that stands within another error. */
export function refusalIn(message: string): Refusal | undefined {
  return passing.get(prefixOf(message))
}
