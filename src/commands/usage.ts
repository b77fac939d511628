import { UsageError } from '../errors.js'
import { methodName } from './method-names.js'

/** The error for a call that is wrong: it names the method. */
export function usage(command: string, reason: string, cause?: unknown): UsageError {
  return new UsageError(`${methodName(command)}: ${reason}`, { fate: 'not-executed', command, cause })
}
