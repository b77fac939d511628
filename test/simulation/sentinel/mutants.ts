import { sentinelMutants } from '../../sentinel/mutants.js'
import type { Mutation } from '../mutation.js'

/** Of those that a test of one file finds, too. */
const alsoSeen = [
  'of several answers the first counts',
  'an announcement is not followed',
  'nobody asks while the master is lost',
  'nobody asks while the master is silent',
  'a master that one connection learns of is not told to the others',
  'a deposed master is left once its replies have come',
  'pooled connections stay with a deposed master',
  'a stopped server is not silent as long as the kernel takes bytes for it',
]

/** Mistakes that the simulation of servers behind sentinels must find. */
export const sentinelSimulationMutants: Readonly<Record<string, Mutation>> = {
  ...Object.fromEntries(alsoSeen.map((title) => [title, sentinelMutants[title] as Mutation])),
  'the shared connection stays with a deposed master': {
    file: 'core/runtime.ts',
    from: 'this.shared.moveTo(isThere, reason)',
    to: '',
  },
  'subscriptions stay with a deposed master': {
    file: 'companions.ts',
    from: 'subscriptions.moveTo(isThere, reason)',
    to: '',
  },
  'blocking commands and sessions stay with a deposed master': {
    file: 'companions.ts',
    from: 'own.moveTo(isThere, reason)',
    to: '',
  },
  'the sentinels are still listened to after the end': {
    file: 'sentinel/sentinels.ts',
    from: "else if (status === 'closed') this.close()",
    to: '',
  },
  'a sentinel that is listened to may be silent for ever': {
    file: 'sentinel/sentinels.ts',
    from: 'pingInterval: heartbeatMs',
    to: 'pingInterval: 0',
  },
  'nobody listens to the sentinels': {
    file: 'sentinel/sentinels.ts',
    from: '    if (this.#isClosed || this.#subscriber !== undefined) return\n',
    to: '    if (this.#master !== undefined) return\n',
  },
}
