import { setImmediate as turn } from 'node:timers/promises'
import { afterwards, mustSucceed, resultHidden, threeCommands } from './commands.js'
import type { Scenario } from './scenario.js'

export const secondWrite: Scenario = {
  id: 'second-write',
  title: 'The peer has closed, and the second write finds out (EPIPE)',
  story:
    'The peer closes the connection; the client has not read that yet, and writes. The first write succeeds on this machine, although ' +
    'nobody reads it any more. The second one fails with EPIPE. The first command is as lost as the second.',
  lesson: {
    where: 'A server or a load balancer closes idle connections, and a request comes at the same moment.',
    known:
      'That write() succeeds only means that the operating system has the bytes. Without a reply, nothing else is known.',
    advice:
      'Do not conclude from the absence of an error that a command was sent. Keep the idle timeout of the client shorter.',
  },
  async play(stage) {
    const { client, key, call, witness } = stage
    await threeCommands(stage)
    const [count, read] = [key('first-write'), key('second-write')]
    await witness.set(read, 'value')
    stage.inflict('the peer closes every link', () => {
      for (const link of stage.proxy.links) link.end()
    })
    const first = call('INCR', count, () => client.incr(count), { ...resultHidden, mayRun: 1, expected: '1' })
    await turn()
    await Promise.all([first, call('GET', read, () => client.get(read), { ...mustSucceed, expected: '"value"' })])
    await afterwards(stage, mustSucceed)
  },
}
