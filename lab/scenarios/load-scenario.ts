import { defaultExport, isFile } from '../clients/all.js'
import { scenarios } from './all.js'
import type { Scenario } from './scenario.js'

/**
 * A scenario of the lab by id, or one from a file, which exports it by default.
 * @throws TypeError if there is no such scenario, or the file exports none
 */
export async function loadScenario(scenario: string): Promise<Scenario> {
  if (!isFile(scenario)) {
    const found = scenarios.find(({ id }) => id === scenario)
    if (found === undefined) throw new TypeError(`there is no scenario ${scenario}`)
    return found
  }
  const { id, title, story, play, ...more } = (await defaultExport(scenario, 'object')) as Scenario
  if (typeof id !== 'string' || typeof title !== 'string' || typeof story !== 'string' || typeof play !== 'function') {
    throw new TypeError(`${scenario}: expected a scenario, with the texts id, title and story, and a function play`)
  }
  return { id, title, story, play, ...more }
}
