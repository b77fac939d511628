import { prefixOf } from '../../errors.js'
import { ErrorReply, type Reply } from '../../protocol/types.js'

/**
 * Prefixes of temporary errors, which a server returns instead of running a command. They prove that it did not run,
 * whatever its retry class.
 */
const passing: ReadonlySet<string> = new Set(['LOADING', 'MASTERDOWN', 'TRYAGAIN', 'CLUSTERDOWN', 'BUSY'])

/**
 * Whether a reply says that the server is a replica: an error, or one of the replies within it, such as EXEC's. A transaction,
 * and a script on older servers, give the error of one of their commands within their own.
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
