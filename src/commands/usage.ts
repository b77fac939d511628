import { UsageError } from '../errors.js'
import { methodName } from './method-names.js'

/** What can be a command's name: something else was passed by mistake, and is not told. */
const likeName = /^[a-z][\w.| -]{0,63}$/i

/** The error for a call that is wrong: it names the method. */
export function usage(command: string, reason: string, cause?: unknown): UsageError {
  return new UsageError(`${likeName.test(command) ? methodName(command) : 'call'}: ${reason}`, {
    fate: 'not-executed',
    command,
    cause,
  })
}
