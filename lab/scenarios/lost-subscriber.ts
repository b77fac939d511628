import type { Scenario, Stage } from './scenario.js'

/** Incident C. */
export const lostSubscriber: Scenario = {
  id: 'C',
  title: 'A subscriber loses its connection, and nothing listens for errors',
  story:
    'A subscriber has received one message when its connection is reset. The next message is published while it is not connected. The ' +
    'process must survive, the subscriber must subscribe again by itself, and it must be told that messages may be missing.',
  lesson: {
    where:
      'The server restarts or fails over, or disconnects a subscriber that reads too slowly ' +
      '(client-output-buffer-limit).',
    known:
      'The server keeps no messages for subscribers that are not connected, and messages have no numbers. The ' +
      'client knows only that it was not connected for a while.',
    advice: 'Handle errors and gaps: after a gap, read the state again. Use streams if no message may be missed.',
  },
  settings: { isUnheard: true },
  async play(stage) {
    const { client, proxy, witness } = stage
    const channel = stage.key('news')
    const heard: string[] = []
    let gaps = 0
    await client.connect()
    const subscribed = await stage.call('SUBSCRIBE', channel, async () => {
      await client.subscribe(channel, { onMessage: (message) => heard.push(message), onGap: () => (gaps += 1) })
      return 'subscribed'
    })
    stage.find('it is subscribed', subscribed.settled === 'value')
    await witness.publish(channel, 'before')
    await hearing(stage, () => heard.includes('before'))
    stage.inflict('RST on every link', () => proxy.resetAll())
    await witness.publish(channel, 'meanwhile')
    await hearing(stage, async () => (await witness.publish(channel, 'after')) > 0)
    await hearing(stage, () => heard.includes('after'))
    stage.find('it received what was published before', heard.includes('before'))
    stage.find('it subscribed again by itself', heard.includes('after'))
    stage.find('it was told that messages may be missing', gaps > 0)
  },
}

/** Checks a condition every 20 ms, for two seconds at most, because no event tells. */
async function hearing(stage: Stage, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let step = 0; step < 100; step += 1) {
    if (await isSo()) return
    await stage.pause(20)
  }
}
