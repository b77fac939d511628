import { resetAfter } from '../proxy/fault.js'
import { afterwards, mustSucceed, resultHidden, threeCommands } from './commands.js'
import type { Scenario } from './scenario.js'

/** Incident B. */
export const brokenPipe: Scenario = {
  id: 'B',
  title: 'An idle connection is broken, and the command that discovers it is lost',
  story:
    'A middlebox has forgotten an idle connection, and answers the next bytes with a reset. No command that is sent then reaches the ' +
    'server. Reads, and writes that are safe to repeat, must succeed. The client cannot know whether the INCR ran, and must say so.',
  lesson: {
    where:
      'Load balancers, NAT gateways and firewalls forget idle connections after some minutes. Most of them tell ' +
      'neither side.',
    known:
      'The client learns of it only when it writes. A reset says that the connection is lost, and not which bytes ' +
      'the server has read.',
    advice:
      'Let the client send a PING on idle connections more often than the path forgets them (`pingInterval` of ' +
      'respite).',
  },
  async play(stage) {
    const commands = await threeCommands(stage)
    stage.once('onRequest', () => resetAfter(0))
    await commands.call(resultHidden, mustSucceed)
    await afterwards(stage, mustSucceed)
  },
}
