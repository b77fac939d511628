import { afterEach, describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import type { Gap } from '../../src/pubsub/subscription.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
const push = (type: string, channel: string, rest: string): string => `>3\r\n${bulk(type)}${bulk(channel)}${rest}`
const message = (channel: string, text: string): string => push('message', channel, bulk(text))

const clients: Client[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

function start(): { network: FakeNetwork; clock: FakeClock; client: Client } {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client({ pingInterval: 0 }, undefined, { dial: network.dial, clock })
  clients.push(client)
  return { network, clock, client }
}

/** The peer lets it in, and confirms one channel. */
async function confirms(network: FakeNetwork, channel: string): Promise<void> {
  await settle()
  await network.peer.welcomes()
  await network.peer.answers(push('subscribe', channel, ':1\r\n'), '+PONG\r\n')
}

describe('a gap', () => {
  it('begins with the last sign of life, not with the loss that ended the silence', async () => {
    const { network, clock, client } = start()
    const gaps: Gap[] = []
    client.subscribe('a', { onMessage: () => {}, onGap: (gap) => gaps.push(gap) })
    await confirms(network, 'a')
    await clock.advance(60_000)
    const lostAt = clock.wallTime()
    await network.peer.ends(new Error('reset'))
    await clock.advance(1_000)
    await confirms(network, 'a')
    expect(gaps).toHaveLength(1)
    const from = (gaps[0] as Gap).from.getTime()
    expect(lostAt - from).toBeGreaterThan(59_000)
    expect(lostAt - from).toBeLessThanOrEqual(60_000)
  })
})

describe('a gap on a machine that slept', () => {
  it('begins with the last data before the sleep, for which the monotonic clock stood still', async () => {
    const { network, clock, client } = start()
    const gaps: Gap[] = []
    client.subscribe('a', { onMessage: () => {}, onGap: (gap) => gaps.push(gap) })
    await confirms(network, 'a')
    const heardAt = clock.wallTime()
    clock.sleptMs = 3_600_000
    await network.peer.ends(new Error('reset'))
    await clock.advance(1_000)
    await confirms(network, 'a')
    expect(gaps).toMatchObject([{ from: new Date(heardAt), until: new Date(clock.wallTime()) }])
  })

  it('never ends before it begins, even if the wall clock was set back', async () => {
    const { network, clock, client } = start()
    const gaps: Gap[] = []
    client.subscribe('a', { onMessage: () => {}, onGap: (gap) => gaps.push(gap) })
    await confirms(network, 'a')
    await network.peer.ends(new Error('reset'))
    clock.sleptMs = -3_600_000
    await clock.advance(1_000)
    await confirms(network, 'a')
    expect(gaps[0]?.until).toEqual(gaps[0]?.from)
  })
})

describe('gaps of which no message told', () => {
  /** Cuts the connection and subscribes again. */
  async function outage(network: FakeNetwork, clock: FakeClock, channel: string): Promise<void> {
    await network.peer.ends(new Error('reset'))
    await clock.advance(5_000)
    await confirms(network, channel)
    await clock.advance(5_000)
  }

  it('are merged: the next message bears the time from the first loss to the last confirmation', async () => {
    const { network, clock, client } = start()
    const gaps: Gap[] = []
    const subscription = client.subscribe('a', { onGap: (gap) => gaps.push(gap) })
    await confirms(network, 'a')
    await outage(network, clock, 'a')
    await outage(network, clock, 'a')
    await network.peer.answers(message('a', 'one'), message('a', 'two'))
    const iterator = subscription[Symbol.asyncIterator]()
    const [first, second] = [(await iterator.next()).value, (await iterator.next()).value]
    expect(gaps).toHaveLength(2)
    expect(first.gap).toEqual({ from: gaps[0]?.from, until: gaps[1]?.until, reason: gaps[0]?.reason })
    expect(second.gap).toBeUndefined()
    expect(subscription.gaps).toBe(2)
  })

  it('pass to the next message when the one that bears them is dropped', async () => {
    const { network, clock, client } = start()
    const gaps: Gap[] = []
    const subscription = client.subscribe('a', { maxBuffered: 2, onGap: (gap) => gaps.push(gap) })
    await confirms(network, 'a')
    await outage(network, clock, 'a')
    await network.peer.answers(message('a', 'one'))
    await outage(network, clock, 'a')
    await network.peer.answers(message('a', 'two'), message('a', 'three'), message('a', 'four'))
    const iterator = subscription[Symbol.asyncIterator]()
    const told = [(await iterator.next()).value, (await iterator.next()).value]
    expect(told.map(({ message: text }) => text)).toEqual(['three', 'four'])
    expect(told[0].gap).toEqual({ from: gaps[0]?.from, until: gaps[1]?.until, reason: gaps[0]?.reason })
    expect(told[1].gap).toBeUndefined()
    expect(subscription.dropped).toBe(2)
  })

  it('are told again for a channel that comes back first after a second loss', async () => {
    const { network, clock, client } = start()
    const told: string[] = []
    client.subscribe(['a', 'b'], {
      onMessage: ({ message: text, gap }) => told.push(gap === undefined ? text : `${text} after a gap`),
    })
    await confirms(network, 'a')
    await network.peer.answers(push('subscribe', 'b', ':2\r\n'))
    for (const text of ['one', 'two']) {
      await network.peer.ends(new Error('reset'))
      await clock.advance(5_000)
      await confirms(network, 'a')
      await network.peer.answers(message('a', text))
    }
    await network.peer.answers(push('subscribe', 'b', ':2\r\n'), message('b', 'three'))
    expect(told).toEqual(['one after a gap', 'two after a gap', 'three after a gap'])
  })
})

describe('a message that comes before the confirmation', () => {
  it('belongs to an earlier subscription, and is not given out: what came between would be missing without a word', async () => {
    const { network, client } = start()
    const heard: string[] = []
    const keeper = client.subscribe('other', { onMessage: () => {} })
    await confirms(network, 'other')
    const earlier = client.subscribe('a', { onMessage: () => {} })
    await settle()
    await network.peer.answers(push('subscribe', 'a', ':2\r\n'), '+PONG\r\n')
    earlier.close()
    client.subscribe('a', { onMessage: ({ message: text }) => heard.push(text) })
    await settle()
    await network.peer.answers(message('a', 'one'))
    await network.peer.answers(push('unsubscribe', 'a', ':1\r\n'), push('subscribe', 'a', ':2\r\n'))
    await network.peer.answers(message('a', 'three'))
    expect(heard).toEqual(['three'])
    keeper.close()
  })
})
