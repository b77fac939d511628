import { afterEach, describe, expect, it } from 'vitest'
import { Client } from '../../../src/client.js'
import type { ClientOptionsOf } from '../../../src/index.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { FakeNetwork } from '../../support/fake-network.js'

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
const told = (type: string, name: string): string => `>3\r\n${bulk(type)}${bulk(name)}:1\r\n`

const clients: Client[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

function start(options: ClientOptionsOf = {}): { network: FakeNetwork; clock: FakeClock; client: Client } {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client({ stallTimeout: 500, pingInterval: 0, ...options }, undefined, {
    dial: network.dial,
    clock,
  })
  clients.push(client)
  return { network, clock, client }
}

describe('a peer that stops reading', () => {
  it('is noticed by a subscriber, although SUBSCRIBE has no reply', async () => {
    const { network, clock, client } = start()
    client.subscribe('a')
    await settle()
    network.peer.nextWrite = 'taken'
    await network.peer.welcomes()
    const [peer] = network.peers
    await peer?.answers(told('subscribe', 'a'), '+PONG\r\n')
    if (peer !== undefined) peer.nextWrite = 'pending'
    client.subscribe('b')
    await clock.advance(490)
    expect(peer?.isDestroyed).toBe(false)
    await clock.advance(20)
    expect(peer?.isDestroyed).toBe(true)
  })

  it('is noticed by a session that was told to expect no replies', async () => {
    const { network, clock, client } = start()
    let goOn = (): void => {}
    const pause = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const lost = client
      .session(async (session) => {
        await session.call('CLIENT', 'REPLY', 'OFF')
        network.peer.nextWrite = 'pending'
        await session.set('k', 'v')
        await pause
        return session.get('k')
      })
      .catch((error: Error) => error)
    await settle()
    await network.peer.welcomes()
    const { peer } = network
    await peer.answers('+OK\r\n')
    await clock.advance(490)
    expect(peer.isDestroyed).toBe(false)
    await clock.advance(20)
    expect(peer.isDestroyed).toBe(true)
    goOn()
    expect(await lost).toMatchObject({ name: 'SessionLostError' })
  })

  it('is given time as long as it takes something', async () => {
    const { network, clock, client } = start()
    client.subscribe('a'.repeat(600_000))
    await settle()
    const { peer } = network
    await peer.opens()
    peer.nextWrite = 'pending'
    await peer.answers('%0\r\n', ...Array.from({ length: peer.requests.length - 1 }, () => '+OK\r\n'))
    await clock.advance(400)
    await peer.takesTheRest('pending')
    await clock.advance(400)
    expect(peer.isDestroyed).toBe(false)
    await peer.takesTheRest('taken')
    await clock.advance(490)
    expect(peer.isDestroyed).toBe(false)
  })
})

describe('a peer that no longer answers', () => {
  it('is noticed by a subscriber, although a PING follows each new subscription', async () => {
    const { network, clock, client } = start()
    client.subscribe('a')
    await settle()
    await network.peer.welcomes()
    const [peer] = network.peers
    await peer?.answers(told('subscribe', 'a'), '+PONG\r\n')
    for (const name of ['b', 'c', 'd', 'e', 'f']) {
      client.subscribe(name)
      await clock.advance(98)
    }
    expect(peer?.requests.slice(-2)).toEqual(['SUBSCRIBE f', 'PING'])
    expect(peer?.isDestroyed).toBe(false)
    await clock.advance(20)
    expect(peer?.isDestroyed).toBe(true)
  })
})

describe('a subscriber whose SUBSCRIBE was not taken at once', () => {
  it('sends the rest of its commands, and a PING, when it is', async () => {
    const { network, client } = start()
    client.subscribe('a'.repeat(200_000))
    client.psubscribe('b*')
    client.ssubscribe('c')
    await settle()
    const { peer } = network
    await peer.opens()
    const steps = peer.requests.length
    peer.nextWrite = 'pending'
    await peer.answers('%0\r\n', ...Array.from({ length: steps - 1 }, () => '+OK\r\n'))
    expect(peer.requests.slice(steps).map((request) => request.slice(0, 10))).toEqual(['SUBSCRIBE '])
    await peer.takesTheRest()
    expect(peer.requests.slice(steps + 1)).toEqual(['PSUBSCRIBE b*', 'SSUBSCRIBE c', 'PING'])
  })
})
