import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../../src/cluster/cluster.js'
import type { SubscribeOptions } from '../../../src/pubsub/subscription.js'
import { Chance } from '../chance.js'
import { SimulatedClock } from '../clock.js'
import { Tally } from '../tally.js'
import { Listeners } from './listeners.js'
import { type SimulatedServer, SimulatedServers } from './servers.js'

/** Milliseconds after which each server has what was published. */
const forwarded = 5

/**
 * A subscription by pattern, whose connection leads to another server than the one to which messages are published. It gets
 * the first message, and misses the second.
 * @param isolatedAfter milliseconds from the publication of the second message until its server is cut off from the others
 * @returns what is said after the third message, when a gap is told that begins 1,300 ms after the second
 */
async function violationsWhenCutOff(isolatedAfter: number): Promise<string[]> {
  const violations: string[] = []
  const chance = new Chance(1)
  const clock = new SimulatedClock(chance, (error) => violations.push(String(error)))
  const ignore = (): void => {}
  const observer = { note: ignore, violation: ignore, onRefused: ignore, onExecuted: ignore }
  const servers = new SimulatedServers(2, clock, chance, observer)
  const server = servers.servers[1] as SimulatedServer
  const audience = { tell: ignore }
  server.model.broadcasts.carryOut('PSUBSCRIBE', [Buffer.from('ne*')], audience)
  const told = { onMessage: ignore, onGap: ignore } as unknown as Required<SubscribeOptions>
  const cluster = {
    psubscribe: (_: string, options: SubscribeOptions) => {
      Object.assign(told, options)
      return { ready: Promise.resolve() }
    },
    nodes: () => [],
  }
  const listeners = new Listeners({
    cluster: cluster as unknown as Cluster,
    servers,
    clock,
    tally: new Tally(),
    note: ignore,
    violation: (text) => violations.push(text),
    mayEnd: () => false,
  })
  listeners.subscribe('pattern')
  await clock.advanceTo(1_000)
  listeners.publish()
  await clock.advanceTo(1_000 + forwarded)
  told.onMessage({ channel: 'news', message: '0' })
  await clock.advanceTo(2_000)
  listeners.publish()
  clock.schedule(isolatedAfter, () => servers.isolate(server))
  await clock.advanceTo(3_500)
  server.model.broadcasts.forget(audience)
  told.onGap({ from: new Date(3_300), until: new Date(3_510), reason: new Error('read ECONNRESET') })
  listeners.publish()
  told.onMessage({ channel: 'news', message: '2' })
  listeners.checkGaps()
  return violations
}

describe('Of a subscription that missed a message, and is told a gap that begins later, it is said that', () => {
  it('this is right if its server was cut off while the message was on its way from another', async () => {
    expect(await violationsWhenCutOff(0)).toEqual([])
  })

  it('the gap is wrong if the server had the message before', async () => {
    expect(await violationsWhenCutOff(forwarded)).toEqual([
      'a subscription by pattern missed 1, published at 2000.0; told gaps: 3300 to 3510',
    ])
  })
})
