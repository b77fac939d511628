import { stall } from '../proxy/fault.js'
import { cancelling } from './cancelling.js'
import { mustSucceed } from './commands.js'
import type { Scenario } from './scenario.js'

const many = [1, 2, 3] as const

/** Incident A. */
export const cancelledRequest: Scenario = {
  id: 'A',
  title: 'A request is cancelled while its connection is lost',
  story:
    'Three commands of a web request and three others are in flight. The request is aborted, and at the same moment the connection is ' +
    'reset. The commands of the request must fail as aborted, and must not be sent again. The others must get their replies. If a ' +
    'client cannot cancel a command, its caller uses a race between the promise and the signal.',
  lesson: {
    where: 'A user leaves the page, or a request reaches its time limit, while the server fails over.',
    known:
      'A client can drop a cancelled command from its queue, and not send it again. It cannot call back bytes that ' +
      'it sent: a command that was sent may run after it was cancelled.',
    advice:
      'Pass the signal of the request to each of its commands. Treat a cancelled write as unknown, unless the error ' +
      'says that it was not sent.',
  },
  async play(stage) {
    const { client, proxy, witness } = stage
    const controller = new AbortController()
    const commands = cancelling(client, controller.signal)
    const keys = [...many.map((n) => stage.key(`cancelled-${n}`)), ...many.map((n) => stage.key(`other-${n}`))]
    // Each has a different value, so that no other reply is taken for the right one.
    for (const key of keys) await witness.set(key, key)
    await client.connect()
    await client.get(stage.key('warm-up'))
    stage.once('onReply', () => stall)
    const arrived = new Promise((resolve) => proxy.once('reply', resolve))
    const calls = keys.map((key) =>
      key.includes('cancelled')
        ? stage.call('GET', key, () => commands.get(key), { mayFail: ['unknown', 'executed', 'not-executed'] })
        : stage.call('GET', key, () => client.get(key), { ...mustSucceed, expected: JSON.stringify(key) }),
    )
    await arrived
    stage.inflict('RST on every link, and the request is aborted', () => {
      proxy.resetAll()
      controller.abort()
    })
    const said = await Promise.all(calls)
    stage.find(
      'the caller of each command of the request was told',
      said.slice(0, many.length).every(({ settled }) => settled === 'error'),
    )
    stage.find(
      'every other command got its reply',
      said.slice(many.length).every(({ settled }) => settled === 'value'),
    )
    const afterwards = stage.key('afterwards')
    await stage.call('INCR', afterwards, () => client.incr(afterwards), { mayRun: 1, expected: '1' })
  },
}
