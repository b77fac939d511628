import { UsageError } from '../errors.js'
import { methodName } from './method-names.js'

/** Matches text that can be a command's name. Other text was passed by mistake, so it is not repeated in the error. */
const likeName = /^[a-z][\w.| -]{0,63}$/i

/** Creates the error for a wrong call. It names the method. */
export function usage(command: string, reason: string, cause?: unknown): UsageError {
  return new UsageError(`${likeName.test(command) ? methodName(command) : 'call'}: ${reason}`, {
    fate: 'not-executed',
    command,
    cause,
  })
}
