import { resetAfter } from '../proxy/fault.js'
import { mustSucceed, resultHidden } from './commands.js'
import type { Scenario } from './scenario.js'

/** Counters, each of which loses one reply. */
const counters = ['first', 'second', 'third'] as const

/** A call whose effect must be there once, and whose reply must be its own. */
export const onceMeansOnce: Scenario = {
  id: 'once',
  title: 'An INCR that must count once loses its reply',
  story:
    'The server has run an INCR, and its reply is lost with the connection: three times, each with another counter. The caller needs to ' +
    'know the count, and it must be 1. A client that has no way to run a command once calls INCR as usual.',
  lesson: {
    where: 'Money, stock, quotas: whatever is counted, and must not be counted twice.',
    known:
      'The client cannot know whether the INCR ran. The server can, if it stores an id of the command together with ' +
      'its effect: then it recognizes a repetition.',
    advice: 'Use `once` of respite, or a script that stores an id together with the effect.',
  },
  async play(stage) {
    const { client, witness } = stage
    const incrOnce = client.incrOnce ?? client.incr
    // A client without a way to run it once can only say that it does not know.
    const expectation = client.incrOnce === undefined ? resultHidden : mustSucceed
    await client.connect()
    await incrOnce(stage.key('warm-up'))
    for (const name of counters) {
      const key = stage.key(name)
      stage.once('onReply', () => resetAfter(0))
      await stage.call('INCR', key, () => incrOnce(key), { ...expectation, mayRun: 1, expected: '1' })
      stage.find(`the ${name} counter is 1`, (await witness.get(key)) === '1')
    }
  },
}
