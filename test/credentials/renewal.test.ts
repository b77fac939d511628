import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
// Loaded ahead: the client gets it then without waiting for files.
import '../../src/credentials/renewal.js'
import { Client } from '../../src/client.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork, type FakePeer } from '../support/fake-network.js'

async function startReady() {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  let count = 0
  let end: unknown
  const credentials = () => {
    count += 1
    return { username: 'u', password: `p${count}`, expiresAt: end as number | undefined }
  }
  const client = new Client({ credentials, pingInterval: 0, fence: 'off' }, undefined, { dial: network.dial, clock })
  const connected = client.connect()
  await settle()
  await network.peer.welcomes()
  await connected
  const expiresAt = (time: unknown) => {
    end = time
  }
  return { network, clock, client, expiresAt, asked: () => count }
}

/** The code that makes AUTH is loaded by the runtime, in its own time. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate()
}

describe('AUTH on a connection in use', () => {
  it('waits for pending replies, and nothing is sent behind it until it is answered', async () => {
    const { network, client } = await startReady()
    const { peer } = network
    const first = client.get('a')
    await settle()
    const renewed = client.reauthenticate()
    await until(() => client.stats().queued > 0)
    const second = client.get('b')
    await settle()
    expect(peer.requests).toEqual(['GET a'])
    await peer.answers('$1\r\n1\r\n')
    await until(() => peer.requests.length > 1)
    expect(peer.requests).toEqual(['GET a', 'AUTH u p2'])
    await peer.answers('+OK\r\n')
    await renewed
    await settle()
    expect(peer.requests).toEqual(['GET a', 'AUTH u p2', 'GET b'])
    await peer.answers('$1\r\n2\r\n')
    expect(await Promise.all([first, second])).toEqual(['1', '2'])
    client.destroy()
  })

  it('resolves if the connection is lost meanwhile: the next one has the new credentials', async () => {
    const { network, client } = await startReady()
    const renewed = client.reauthenticate()
    await until(() => network.peer.requests.length > 0)
    await network.peer.ends()
    await renewed
    client.destroy()
  })

  it('on the connection of subscriptions, waits until nothing is to be confirmed', async () => {
    const { network, client } = await startReady()
    const shared = network.peer
    client.subscribe('a')
    await settle()
    await network.peer.welcomes()
    const subscriber = network.peer
    expect(subscriber.requests).toEqual(['SUBSCRIBE a', 'PING'])
    await subscriber.answers('+PONG\r\n')
    const renewed = client.reauthenticate()
    await until(() => shared.requests.includes('AUTH u p3'))
    await shared.answers('+OK\r\n')
    expect(subscriber.requests).toEqual(['SUBSCRIBE a', 'PING'])
    await subscriber.answers('>3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n')
    await settle()
    expect(subscriber.requests).toEqual(['SUBSCRIBE a', 'PING', 'AUTH u p3'])
    client.subscribe('b')
    await settle()
    expect(subscriber.requests).toHaveLength(3)
    await subscriber.answers('+OK\r\n')
    await renewed
    await settle()
    expect(subscriber.requests.slice(3)).toEqual(['SUBSCRIBE b', 'PING'])
    client.destroy()
  })

  it.each([
    ['answered', async (peer: FakePeer) => peer.answers('+OK\r\n')],
    ['lost', async (peer: FakePeer) => peer.ends()],
  ])('on the connection of subscriptions, ends every call of reauthenticate when it is %s', async (_, how) => {
    const { network, client } = await startReady()
    const shared = network.peer
    client.subscribe('a')
    await settle()
    await network.peer.welcomes()
    const subscriber = network.peer
    const renewed = [client.reauthenticate(), client.reauthenticate(), client.reauthenticate()]
    const authsOf = (peer: FakePeer) => peer.requests.filter((request) => request.startsWith('AUTH'))
    await until(() => authsOf(shared).length === 1)
    await shared.answers('+OK\r\n')
    await subscriber.answers('>3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n', '+PONG\r\n')
    for (const count of [1, 2, 3]) {
      if (count > 1) {
        await until(() => authsOf(shared).length === count)
        await shared.answers('+OK\r\n')
      }
      await until(() => subscriber.isDestroyed || authsOf(subscriber).length === count)
      if (!subscriber.isDestroyed) await how(subscriber)
    }
    // Each began when the one before had ended: the newest credentials were sent last.
    expect(authsOf(shared)).toEqual(['AUTH u p3', 'AUTH u p4', 'AUTH u p5'])
    await Promise.all(renewed)
    client.destroy()
  })
})

describe('credentials that end', () => {
  it('are replaced when four fifths of their life are over, and no sooner', async () => {
    const { network, clock, client, expiresAt } = await startReady()
    expiresAt(clock.wallTime() + 10_000)
    const renewed = client.reauthenticate()
    await until(() => network.peer.requests.length > 0)
    await network.peer.answers('+OK\r\n')
    await renewed
    await clock.advance(7_900)
    expect(network.peer.requests).toEqual(['AUTH u p2'])
    expiresAt(clock.wallTime() + 10_000)
    await clock.advance(200)
    await until(() => network.peer.requests.length > 1)
    expect(network.peer.requests).toEqual(['AUTH u p2', 'AUTH u p3'])
    client.destroy()
  })

  it.each([
    ['an invalid date', new Date('never')],
    ['text', '2030-01-01T00:00:00Z'],
    ['null', null],
  ])('fail if they give %s as the time at which they end, instead of being asked for without end', async (_, given) => {
    const { client, clock, expiresAt, asked } = await startReady()
    expiresAt(given)
    const before = asked()
    await expect(client.reauthenticate()).rejects.toMatchObject({ name: 'HandshakeError', step: 'CREDENTIALS' })
    await expect(client.reauthenticate()).rejects.toThrow('expiresAt must be a valid Date, or milliseconds since 1970')
    await clock.advance(1_000)
    expect(asked()).toBe(before + 2)
    client.destroy()
  })
})
