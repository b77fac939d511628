import { prefixOf } from '../../errors.js'
import { ErrorReply, type Reply } from '../../protocol/types.js'

/**
 * Prefixes of temporary errors, which a server returns instead of running a command. They prove that the command did
 * not run, for all retry classes.
 */
const passing: ReadonlySet<string> = new Set(['LOADING', 'MASTERDOWN', 'TRYAGAIN', 'CLUSTERDOWN', 'BUSY'])

/**
 * Whether a reply says that the server is a replica. This may be an error, or an error among the replies in the reply
 * to EXEC. Transactions, and scripts on older servers, return the error of one of their commands inside their own
 * error.
 */
export function saysReadOnly(reply: Reply): boolean {
  return reply instanceof ErrorReply
    ? /\bREADONLY /.test(reply.message)
    : Array.isArray(reply) && reply.some((part) => part instanceof ErrorReply && saysReadOnly(part))
}

/** Whether this error says that the server can't run commands now, but may later. */
export function saysNotNow(message: string): boolean {
  return passing.has(prefixOf(message))
}
