import { cancelling } from './cancelling.js'
import type { Scenario } from './scenario.js'

/** Commands that take longer than this had to wait for the blocking command, in milliseconds. */
const tolerableMs = 500

/** Incident D. */
export const blockingRead: Scenario = {
  id: 'D',
  title: 'A blocking read on a shared client',
  story:
    'One caller waits for an element without a limit (BLPOP with 0), on a client that others use too. The others must not wait for it. ' +
    'The wait must end when its caller cancels it, and an element that arrives later must stay in its list.',
  lesson: {
    where: 'A module exports one client for the whole application, and a job queue waits on it for its next job.',
    known:
      'A server runs no other command of a connection while a blocking one waits: all commands behind it on this ' +
      'connection wait, too.',
    advice:
      'Use separate connections for blocking commands, if the client does not do this by itself. Give each wait a ' +
      'time limit or a signal.',
  },
  async play(stage) {
    const { client, proxy, witness } = stage
    const controller = new AbortController()
    const queue = stage.key('queue')
    const beside = [1, 2, 3].map((n) => stage.key(`beside-${n}`))
    for (const key of beside) await witness.set(key, key)
    await client.connect()
    await client.get(stage.key('warm-up'))
    const isSent = new Promise((resolve) => {
      proxy.on('request', (_link, chunk) => chunk.includes(queue) && resolve(undefined))
    })
    const commands = cancelling(client, controller.signal)
    // It ran if it took an element; waiting does not count.
    const countRuns = async (): Promise<number> => 1 - (await witness.llen(queue))
    let hasElement = false
    const pop = async (): Promise<unknown> => {
      const popped = await commands.blpop(queue, 0)
      hasElement = true
      return popped
    }
    const wait = stage.call('BLPOP', queue, pop, { countRuns, mayFail: ['unknown', 'executed', 'not-executed'] })
    await isSent
    const answered = Promise.all(
      beside.map((key) => stage.call('GET', key, () => client.get(key), { expected: JSON.stringify(key) })),
    )
    const areAnswered = await Promise.race([answered.then(() => true), stage.pause(tolerableMs).then(() => false)])
    stage.find(`the others got their replies within ${tolerableMs} ms`, areAnswered)
    // Before the others are awaited, so that the wait has time to end.
    stage.inflict('its caller aborts the wait', () => controller.abort())
    const said = await wait
    const isUncancelled = said.settled === 'error' && said.isUncancelled === true
    stage.find('the wait has ended', said.settled !== 'never' && !isUncancelled)
    await answered
    await witness.rpush(queue, 'element')
    await stage.pause(50)
    stage.find('the element is in the list, or the caller has it', hasElement || (await witness.llen(queue)) === 1)
  },
}
