import type { Program } from '../channel.js'
import type { SentinelTarget } from '../clients/sentinel.js'
import { type Target, variableOf } from '../target.js'

/**
 * How the process of a client is started. What may contain a password is in its environment: everybody can read its arguments.
 *
 * @param script child.ts, compiled
 * @param sentinels where the client finds its master, in place of the target
 */
export const programOf = (script: string, name: string, target: Target, sentinels?: SentinelTarget): Program => ({
  script,
  args: [name, sentinels === undefined ? '' : JSON.stringify(sentinels)],
  env: variableOf(target),
})
