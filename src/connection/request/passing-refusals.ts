import { prefixOf } from '../../errors.js'

/**
 * Prefixes of temporary errors, which a server returns instead of running a command. They prove that it did not run,
 * whatever its retry class.
 */
const passing: ReadonlySet<string> = new Set(['LOADING', 'MASTERDOWN', 'TRYAGAIN', 'CLUSTERDOWN', 'BUSY'])

/**
 * Whether this error says that the server is a replica. A transaction, and a script on older servers, give the error of one of their
 * commands within their own.
 */
export function saysReadOnly(message: string): boolean {
  return /\bREADONLY /.test(message)
}

/** Whether this error says that the server can't run commands now, but may later. */
export function saysNotNow(message: string): boolean {
  return passing.has(prefixOf(message))
}
