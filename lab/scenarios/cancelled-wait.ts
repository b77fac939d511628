import { stall } from '../proxy/fault.js'
import { cancelling } from './cancelling.js'
import { resultHidden } from './commands.js'
import type { Scenario } from './scenario.js'

export const cancelledWait: Scenario = {
  id: 'cancelled-wait',
  title: 'A BLPOP is cancelled while its element arrives',
  story:
    'The server has taken the element out of the list, and the reply is on its way when the caller cancels. The element is neither in ' +
    'the list nor with the caller: the client must not say that nothing was taken. Afterwards, it must work.',
  lesson: {
    where: 'A worker that is shut down, or a time limit, in the moment in which a job arrives.',
    known:
      'The server runs BLPOP when the element arrives. Only its reply tells the client; cancelling cannot undo it.',
    advice:
      'Use BLMOVE into a list of jobs in progress, or a stream with a consumer group: then no cancelled job is lost.',
  },
  async play(stage) {
    const { client, proxy, witness, call, key } = stage
    const controller = new AbortController()
    const queue = key('queue')
    await client.connect()
    await client.get(key('warm-up'))
    const isSent = new Promise((resolve) => {
      proxy.on('request', (_link, chunk) => chunk.includes(queue) && resolve(undefined))
    })
    const commands = cancelling(client, controller.signal)
    const countRuns = async (): Promise<number> => 1 - (await witness.llen(queue))
    const wait = call('BLPOP', queue, () => commands.blpop(queue, 1), { ...resultHidden, countRuns })
    await isSent
    const isAnswered = new Promise((resolve) => {
      proxy.on('reply', (_link, chunk) => chunk.includes('element') && resolve(undefined))
    })
    stage.until('onReply', () => stall)
    await witness.rpush(queue, 'element')
    await isAnswered
    stage.inflict('its caller cancels', () => controller.abort())
    await stage.pause(50)
    stage.inflict('the reply is delivered', () => {
      for (const link of proxy.links) link.replies.resume()
    })
    const said = await wait
    const hasElement = said.settled === 'value' && said.value.includes('element')
    const mayBeGone = said.settled === 'error' && (said.fate === 'unknown' || said.fate === 'executed')
    // Where the client can't cancel, it has said nothing.
    if (said.settled !== 'error' || said.isUncancelled !== true) {
      stage.find('its caller has the element, or knows that it may be gone', hasElement || mayBeGone)
    }
    const afterwards = key('afterwards')
    await call('INCR', afterwards, () => client.incr(afterwards), { mayRun: 1, expected: '1' })
  },
}
