import { prefixOf } from '../../errors.js'

/**
 * Prefixes of errors that a server gives instead of running a command, and that pass by themselves. This is how a client
 * knows that the command did not run, whatever its retry class.
 */
const passing: ReadonlySet<string> = new Set(['LOADING', 'MASTERDOWN', 'TRYAGAIN', 'CLUSTERDOWN', 'BUSY'])

/** Whether the server says by this error that it can't run anything now, and may do so later. */
export function saysNotNow(message: string): boolean {
  return passing.has(prefixOf(message))
}
