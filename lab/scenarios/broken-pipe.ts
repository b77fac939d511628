import { resetAfter } from '../proxy/fault.js'
import { afterwards, threeCommands } from './commands.js'
import type { Scenario } from './scenario.js'

/** Incident B. */
export const brokenPipe: Scenario = {
  id: 'B',
  title: 'A broken pipe on an idle link drops the command that found out',
  story:
    'A middlebox has forgotten an idle connection, and answers the next bytes with a reset. No command that was sent then has ' +
    'reached the server. Reads and writes that may be repeated must go through; of the INCR, which may not, the client can not ' +
    'know whether it ran, and must say so.',
  async play(stage) {
    const commands = await threeCommands(stage)
    stage.once('onRequest', () => resetAfter(0))
    await commands.call()
    await afterwards(stage)
  },
}
