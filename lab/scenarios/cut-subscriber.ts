import type { Scenario, Stage } from './scenario.js'

const before = ['before 1', 'before 2', 'before 3']
const between = ['between 1', 'between 2']
const after = ['after 1', 'after 2']

export const cutSubscriber: Scenario = {
  id: 'cut-subscriber',
  title: 'A subscriber loses its connection, and messages are published in between',
  story:
    'The subscriber receives three messages. Two are published while it has no connection, and two after it has subscribed again. Those ' +
    'in between are lost: the server keeps none. It must receive the others once each, in order, and must be told of the gap.',
  lesson: {
    where:
      'Invalidation of caches by messages: a message that is missed leaves a wrong value in the cache, until it expires.',
    known: 'Messages have no number: a client cannot see which ones it missed, only that it was not connected.',
    advice:
      'After a gap, read the state again: flush the cache, reload the list. Use streams if no message may be missed.',
  },
  async play(stage) {
    const { client, proxy, witness, key, find, inflict } = stage
    const channel = key('news')
    const heard: string[] = []
    await client.connect()
    const onMessage = (message: string): unknown => message === 'is anyone there?' || heard.push(message)
    const subscribed = await stage.call('SUBSCRIBE', channel, async () => {
      await client.subscribe(channel, { onMessage, onGap: () => heard.push('gap') })
      return 'subscribed'
    })
    find('it is subscribed', subscribed.settled === 'value')
    for (const message of before) await witness.publish(channel, message)
    await waitUntil(stage, () => heard.length === before.length)
    inflict('connections are refused, and RST on every link', () => {
      proxy.refuse()
      proxy.resetAll()
    })
    await waitUntil(stage, async () => (await witness.publish(channel, 'is anyone there?')) === 0)
    for (const message of between) await witness.publish(channel, message)
    await proxy.open()
    inflict('connections are accepted', () => {})
    await waitUntil(stage, async () => (await witness.publish(channel, 'is anyone there?')) > 0)
    for (const message of after) await witness.publish(channel, message)
    await waitUntil(stage, () => heard.includes(after.at(-1) as string))
    const messages = heard.filter((each) => each !== 'gap')
    find('it received all others once each, in order', messages.join() === [...before, ...after].join())
    const gap = heard.indexOf('gap')
    find('it was told of the gap before the messages after it', gap !== -1 && gap <= heard.indexOf('after 1'))
  },
}

/** Checks a condition every 20 ms, for two seconds at most, because no event tells. */
async function waitUntil(stage: Stage, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let step = 0; step < 100; step += 1) {
    if (await isSo()) return
    await stage.pause(20)
  }
}
