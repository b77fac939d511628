import { stall } from '../proxy/fault.js'
import type { Link } from '../proxy/link.js'
import { within } from '../within.js'
import { mustSucceed, resultHidden } from './commands.js'
import type { Scenario, Stage } from './scenario.js'

/** Milliseconds that a held link has to deliver its bytes and end. */
const deliveryMs = 1_000

/** Connects, and holds the next bytes of the client. Resolves with a function that delivers them. */
async function connectAndHold({ client, key, proxy, once, inflict }: Stage): Promise<() => Promise<void>> {
  await client.connect()
  await client.get(key('warm-up'))
  let held: Link | undefined
  once('onRequest', (_, link) => {
    held = link
    return stall
  })
  return async () => {
    const link = held
    if (link === undefined || !proxy.links.includes(link)) return
    inflict('what was held is delivered', () => link.requests.resume())
    await within(deliveryMs, link.closed, undefined)
  }
}

/** The clients take this much silence for a lost connection, in milliseconds. */
const settings = { silenceLimit: 400 }

export const lateDelivery: Scenario = {
  id: 'late-delivery',
  title: 'A write that the path held is delivered after a later one',
  story:
    'The path holds a SET of 41. The client takes its silence for a dead connection, and may send the SET again on another one. An ' +
    'INCR is acknowledged; the value is 42. Then the path delivers what it held. Nobody else writes, so the value must stay 42.',
  lesson: {
    where:
      'A proxy or a server stands still for seconds: a paused virtual machine, memory that is swapped out, a ' +
      'stopped process. Then it goes on with the bytes that it has.',
    known:
      'Closing a connection does not call back what was sent on it. Only the server can say that it will read ' +
      'nothing more from it.',
    advice:
      'Use a client that has the server close the lost connection before it goes on (the fence of respite). ' +
      'Otherwise, write with a condition: WATCH, or a script that compares a version.',
  },
  settings,
  async play(stage) {
    const { client, witness } = stage
    const key = stage.key('value')
    const deliver = await connectAndHold(stage)
    await stage.call('SET', key, () => client.set(key, '41'), { ...resultHidden, expected: '"OK"' })
    await stage.call('INCR', key, () => client.incr(key), { ...mustSucceed, mayRun: 1, expected: '42' })
    await deliver()
    stage.find('the last acknowledged write is the one that stays', (await witness.get(key)) === '42')
  },
}

export const unknownResolved: Scenario = {
  id: 'unknown-resolved',
  title: 'A caller looks at the data to find out whether its command ran',
  story:
    'The path holds an INCR, and the client gives it up. Its caller reads the counter, sees that nothing was counted, and sends the ' +
    'INCR again. Then the path delivers what it held. It must count once. A caller can only trust what it reads if the client says ' +
    'when the lost INCR cannot run any more.',
  lesson: {
    where:
      'An application repairs the result of a failed write: it reads the data, and repeats the write if it is not ' +
      'there.',
    known:
      'What the data show is final only when the lost command cannot arrive any more. The client can know that if ' +
      'the server has closed the lost connection.',
    advice:
      'Wait for `fenced` of the error of respite before you read. With other clients, use an id that the server ' +
      'stores with the effect.',
  },
  settings,
  async play(stage) {
    const { client, witness } = stage
    const key = stage.key('count')
    const deliver = await connectAndHold(stage)
    const incrOnce = async (): Promise<unknown> => {
      try {
        return await client.incr(key)
      } catch (error) {
        await client.whenFinal?.(error)
        const count = await client.get(key)
        return count === null ? client.incr(key) : Number(count)
      }
    }
    await stage.call('INCR', key, incrOnce, { ...resultHidden, mayRun: 1, expected: '1' })
    await deliver()
    stage.find('it was counted once', (await witness.get(key)) === '1')
  },
}
