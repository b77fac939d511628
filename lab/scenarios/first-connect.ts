import type { Link } from '../proxy/link.js'
import type { Scenario } from './scenario.js'

/** How long a caller waits for the first connect, in milliseconds. */
const patienceMs = 1_500
/**
 * How long the scenario watches for further attempts, in milliseconds. The fifth delay of ioredis and node-redis ends after 1.55 to
 * 2.55 s, because of their jitter, and the sixth not before 3.15 s: with a shorter time, the result would depend on chance.
 */
const lookMs = 1_500

/** Incident E. */
export const firstConnect: Scenario = {
  id: 'E',
  title: 'The first connect fails, and the client reconnects forever',
  story:
    'Each connection is reset at once. Connecting must end with an error, within its limit of 500 ms. After that, the client must not ' +
    'connect again by itself. When the server is back, the next command must work.',
  lesson: {
    where:
      'An application starts before its server, or with a wrong address, or behind a firewall that resets connections.',
    known:
      'A failed attempt to connect says nothing about the next one: only a limit ends the attempts. No command was ' +
      'sent, so none ran.',
    advice:
      'Set a limit for the first connect, and let the process fail with the error. Its supervisor starts it again.',
  },
  settings: { connectLimit: 500 },
  async play(stage) {
    const { client, proxy } = stage
    let dials = 0
    const cutOff = (link: Link): void => {
      dials += 1
      link.reset()
    }
    stage.inflict('every connection is reset at once', () => proxy.on('link', cutOff))
    let outcome = 'nothing'
    client.connect().then(
      () => {
        outcome = 'that it is connected'
      },
      (error: unknown) => {
        outcome = error instanceof Error ? error.name : String(error)
      },
    )
    await stage.pause(patienceMs)
    stage.find(`its caller was told within ${patienceMs} ms (${outcome})`, outcome !== 'nothing')
    const before = dials
    await stage.pause(lookMs)
    stage.find(`it tried to connect ${dials - before} times in the ${lookMs} ms after that`, dials === before)
    stage.inflict('connections are accepted', () => proxy.off('link', cutOff))
    const key = stage.key('afterwards')
    await stage.call('INCR', key, () => client.incr(key), { mayRun: 1, expected: '1' })
  },
}
