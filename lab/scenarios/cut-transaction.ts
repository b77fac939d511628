import { pass, resetAfter } from '../proxy/fault.js'
import type { Hook } from '../proxy/proxy.js'
import { afterwards, mustSucceed, resultHidden, threeCommands } from './commands.js'
import type { Scenario, Stage } from './scenario.js'

const where =
  'A connection is lost while a transaction is on its way: at a failover, a deployment, or a timeout of a middlebox.'

/** A fault hits a transaction of two INCRs. Both must run once, or none. */
async function cutTransaction(stage: Stage, side: 'onRequest' | 'onReply', hook: Hook): Promise<void> {
  const { client, key, call, witness, find } = stage
  await threeCommands(stage)
  const keys = [key('first'), key('second')] as const
  stage.until(side, hook)
  const transaction = client.incrBoth?.(...keys)
  const counted = (each: string) => async (): Promise<number> => Number((await witness.get(each)) ?? 0)
  await Promise.all(
    keys.map((each) =>
      call('INCR', each, async () => transaction, {
        ...resultHidden,
        mayRun: 1,
        expected: '[1,1]',
        countRuns: counted(each),
      }),
    ),
  )
  await afterwards(stage, mustSucceed)
  const [first, second] = await Promise.all(keys.map((each) => witness.get(each)))
  find('both commands of the transaction ran, or none', first === second)
}

export const cutBeforeExec: Scenario = {
  id: 'cut-before-exec',
  title: 'A transaction is cut on its way, before the server gets EXEC',
  story:
    'The client has sent all of the transaction, but the connection is reset when only MULTI and the commands have arrived. The server ' +
    'discards them. The client sees the same as in the next scenario, where everything ran: a reset, and no reply to EXEC.',
  lesson: {
    where,
    known:
      'The server runs a transaction only when it gets EXEC. A client that has sent EXEC cannot know whether it arrived.',
    advice: 'Treat the result as unknown, as in the next scenario.',
  },
  play: (stage) =>
    cutTransaction(stage, 'onRequest', (chunk) => {
      const exec = chunk.toString('latin1').search(/\*1\r\n\$4\r\nexec\r\n/i)
      return exec === -1 ? pass : resetAfter(exec)
    }),
}

export const cutAfterExec: Scenario = {
  id: 'cut-after-exec',
  title: 'A transaction is cut after its EXEC, before the reply',
  story:
    'The server has run the transaction, and the connection is reset before its reply. The client cannot know that it ran: it must not ' +
    'send it again, and must say that it does not know.',
  lesson: {
    where,
    known: 'EXEC was sent, and no reply came. The client would see the same if the server had died before EXEC.',
    advice:
      'Give the transaction an id that it records itself (SET with NX), or use `once` of respite, and send it again with that.',
  },
  play: (stage) =>
    cutTransaction(stage, 'onReply', (chunk) =>
      /\*2\r\n:1\r\n/.test(chunk.toString('latin1')) ? resetAfter(0) : pass,
    ),
}
