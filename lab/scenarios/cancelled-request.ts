import { stall } from '../proxy/fault.js'
import type { Scenario } from './scenario.js'

const many = [1, 2, 3] as const

/** Incident A. */
export const cancelledRequest: Scenario = {
  id: 'A',
  title: 'A cancelled request collides with a lost connection',
  story:
    'Three commands of a web request and three of others are in flight when the request is aborted, and in the same moment the ' +
    'connection is reset. Those of the request must be told that they were aborted, the others must be answered all the same, ' +
    'each once, and nothing may be left. Where a client can not cancel, its caller races the promise against the signal.',
  async play(stage) {
    const { client, proxy, witness } = stage
    const controller = new AbortController()
    const { signal } = controller
    const commands = client.cancellable?.(signal)
    const cancelled = (key: string): Promise<unknown> =>
      commands === undefined ? Promise.race([client.get(key), rejectionOf(signal)]) : commands.get(key)
    const keys = [...many.map((n) => stage.key(`cancelled-${n}`)), ...many.map((n) => stage.key(`other-${n}`))]
    // Each has a value of its own: another's reply must not pass for the right one.
    for (const key of keys) await witness.set(key, key)
    await client.connect()
    await client.get(stage.key('warm-up'))
    stage.once('onReply', () => stall)
    const arrived = new Promise((resolve) => proxy.once('reply', resolve))
    const calls = keys.map((key) =>
      key.includes('cancelled')
        ? stage.call('GET', key, () => cancelled(key))
        : stage.call('GET', key, () => client.get(key), { expected: JSON.stringify(key) }),
    )
    await arrived
    stage.inflict('RST on every link, and the request is aborted', () => {
      proxy.resetAll()
      controller.abort()
    })
    const said = await Promise.all(calls)
    stage.find(
      'every command of the request was told of its end',
      said.slice(0, many.length).every(({ settled }) => settled === 'error'),
    )
    stage.find(
      'every other command was answered',
      said.slice(many.length).every(({ settled }) => settled === 'value'),
    )
    const afterwards = stage.key('afterwards')
    await stage.call('INCR', afterwards, () => client.incr(afterwards), { mayRun: 1, expected: '1' })
  },
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
