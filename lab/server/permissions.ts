import { wordOf } from './arguments.js'
import { error, type ServerReply } from './reply.js'

/**
 * The error reply if the user may not run a command; undefined if the user may.
 *
 * @param denied names in upper case: `INCR`, or `CLIENT|UNBLOCK` for one subcommand
 */
export function refusalByPermissions(
  denied: ReadonlySet<string>,
  name: string,
  subcommand: Buffer | undefined,
): ServerReply | undefined {
  if (denied.size === 0) return undefined
  const whole = subcommand === undefined ? name : `${name}|${wordOf(subcommand)}`
  if (!denied.has(name) && !denied.has(whole)) return undefined
  const shown = (denied.has(whole) ? whole : name).toLowerCase()
  return error(`NOPERM User default has no permissions to run the '${shown}' command`)
}
