import { resetAfter } from '../proxy/fault.js'
import { afterwards, threeCommands } from './commands.js'
import type { Scenario } from './scenario.js'

/** Incident B. */
export const brokenPipe: Scenario = {
  id: 'B',
  title: 'An idle connection is broken, and the command that discovers it is lost',
  story:
    'A middlebox has forgotten an idle connection, and answers the next bytes with a reset. No command that is sent then reaches the ' +
    'server. Reads, and writes that are safe to repeat, must succeed. The client cannot know whether the INCR ran, and must say so.',
  async play(stage) {
    const commands = await threeCommands(stage)
    stage.once('onRequest', () => resetAfter(0))
    await commands.call()
    await afterwards(stage)
  },
}
