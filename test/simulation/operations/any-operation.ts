import type { Chance } from '../chance.js'
import { blockingMakers } from './blocking.js'
import { commandMakers, failing } from './commands.js'
import { identityMaker } from './identities.js'
import { markOf } from './mark.js'
import { onceMakers } from './once.js'
import type { Maker, Operation } from './operation.js'
import { orderedMakers } from './ordered.js'
import { scanMaker } from './scans.js'
import { scriptMakers } from './scripts.js'
import { sessionMakers } from './sessions.js'
import { strangeArgumentMaker } from './strange-arguments.js'
import { valueMaker } from './values.js'

/** How often each group is called, in percent. */
const groups: readonly (readonly [percent: number, makers: readonly Maker[]])[] = [
  [26, commandMakers],
  [12, orderedMakers],
  [4, onceMakers],
  [4, [failing]],
  [14, blockingMakers],
  [13, sessionMakers],
  [15, [valueMaker]],
  [2, [strangeArgumentMaker]],
  [7, scriptMakers],
  [2, [identityMaker]],
  [1, [scanMaker]],
]

/**
 * Any operation.
 * @param largest bytes of its values at most
 */
export function makeOperation(number: number, chance: Chance, largest: number): Operation {
  let left = chance.between(1, 100)
  for (const [percent, makers] of groups) {
    left -= percent
    if (left <= 0) return chance.pick(makers)(markOf(number), chance, largest)
  }
  throw new Error('the groups are less than 100 percent')
}
