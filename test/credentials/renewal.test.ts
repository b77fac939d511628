import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { Client } from '../../src/client.js'
import { Waiters } from '../../src/connection/timing/waiters.js'
import type { ConnectionSettings } from '../../src/connection/wire/settings.js'
// Loaded ahead: the client gets it then without waiting for files.
import { Renewal } from '../../src/credentials/renewal.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork, type FakePeer } from '../support/fake-network.js'

function start() {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  let count = 0
  let end: unknown
  const credentials = () => {
    count += 1
    return { username: 'u', password: `p${count}`, expiresAt: end as number | undefined }
  }
  const client = new Client({ credentials, pingInterval: 0, fence: 'off' }, undefined, { dial: network.dial, clock })
  const expiresAt = (time: unknown) => {
    end = time
  }
  return { network, clock, client, expiresAt, asked: () => count }
}

async function startReady() {
  const all = start()
  const connected = all.client.connect()
  await settle()
  await all.network.peer.welcomes()
  await connected
  return all
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
    const { network, clock, client } = await startReady()
    const renewed = client.reauthenticate()
    await until(() => network.peer.requests.length > 0)
    expect(network.peer.requests).toEqual(['AUTH u p2'])
    await network.peer.ends()
    expect(await renewed).toBeUndefined()
    await clock.advance(100)
    expect(network.peers).toHaveLength(2)
    await network.peer.opens()
    expect(network.peer.requests[0]).toBe('HELLO 3 AUTH u p3')
    client.destroy()
  })

  it('ends with its connection, even if it was not sent: the next one has newer credentials', async () => {
    const { network, clock, client, asked } = await startReady()
    const value = client.get('a')
    await settle()
    const renewed = client.reauthenticate()
    await until(() => client.stats().queued > 0)
    await network.peer.ends()
    await renewed
    await clock.advance(100)
    expect(asked()).toBe(3)
    await network.peer.welcomes()
    expect(network.peer.requests).toEqual(['GET a'])
    await network.peer.answers('$1\r\n1\r\n')
    expect(await value).toBe('1')
    client.destroy()
  })

  it.each([
    ['the shared connection', (client: Client) => client.get('a'), ['GET a']],
    ['the connection of subscriptions', (client: Client) => client.subscribe('a').ready, ['SUBSCRIBE a', 'PING']],
    ['a pooled connection', (client: Client) => client.blpop('a', 0), ['BLPOP a 0']],
  ])('is sent first on %s that was being opened with older credentials', async (_, use, expected) => {
    const { network, client, asked } = start()
    use(client).catch(() => {})
    await settle()
    const before = asked()
    const renewed = client.reauthenticate()
    await until(() => asked() > before)
    await settle()
    for (const peer of network.peers) {
      await peer.welcomes()
      await settle()
      expect(peer.requests.splice(0)).toEqual([`AUTH u p${before + 1}`])
      await peer.answers('+OK\r\n')
    }
    await renewed
    await settle()
    expect(network.peer.requests).toEqual(expected)
    client.destroy()
  })

  it('is not sent by the next connection if the one that was being opened fails', async () => {
    const { network, clock, client, asked } = start()
    const connected = client.connect()
    await settle()
    const renewed = client.reauthenticate()
    await until(() => client.stats().queued > 0)
    await network.peer.ends(new Error('refused'))
    await renewed
    await clock.advance(100)
    expect(asked()).toBe(3)
    await network.peer.welcomes()
    await connected
    expect(network.peer.requests).toEqual([])
    client.destroy()
  })

  it.each(['connection in use', 'connection of subscriptions'])(
    'is an error if the client ends first, on the %s',
    async (where) => {
      const { network, client } = await startReady()
      const shared = network.peer
      if (where !== 'connection in use') {
        client.subscribe('a')
        await settle()
        await network.peer.welcomes()
      }
      const renewed = client.reauthenticate()
      await until(() => shared.requests.length > 0)
      if (where !== 'connection in use') await shared.answers('+OK\r\n')
      client.destroy()
      await expect(renewed).rejects.toMatchObject({ code: 'CLIENT_CLOSED', fate: 'not-executed' })
    },
  )

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

  it('after a long blocking wait has the newest credentials only: the older ones may have ended', async () => {
    const { network, client } = await startReady()
    const shared = network.peer
    const value = client.blpop('k', 0)
    await settle()
    expect(shared.requests.splice(0)).toEqual(['INFO server'])
    await shared.answers('-NOPERM\r\n')
    const pooled = network.peer
    await pooled.welcomes()
    for (const count of [1, 2, 3]) {
      const renewed = client.reauthenticate()
      await until(() => shared.requests.length === count)
      await shared.answers('+OK\r\n')
      await renewed
    }
    expect(pooled.requests).toEqual(['BLPOP k 0'])
    await pooled.answers('*2\r\n$1\r\nk\r\n$1\r\nv\r\n')
    expect(await value).toEqual(['k', 'v'])
    for (let sent = 2; sent <= pooled.requests.length; sent += 1) await pooled.answers('+OK\r\n')
    expect(shared.requests).toEqual(['AUTH u p3', 'AUTH u p4', 'AUTH u p5'])
    expect(new Set(pooled.requests)).toEqual(new Set(['BLPOP k 0', 'AUTH u p5']))
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
    ['provider fails', null, []],
    ['server refuses what it gives', 100_000, ['AUTH u p2']],
  ])('are replaced in time although reauthenticate() was rejected before, because the %s', async (_, life, sent) => {
    const { network, clock, client, expiresAt } = start()
    expiresAt(clock.wallTime() + 10_000)
    const connected = client.connect()
    await settle()
    const { peer } = network
    await peer.welcomes()
    await connected
    await clock.advance(5_000)
    expiresAt(life && clock.wallTime() + life)
    const renewed = expect(client.reauthenticate()).rejects.toMatchObject({ name: 'HandshakeError' })
    await until(() => peer.requests.length === sent.length)
    if (sent.length > 0) await peer.answers('-WRONGPASS invalid\r\n')
    await renewed
    expiresAt(clock.wallTime() + 10_000)
    await clock.advance(2_900)
    expect(peer.requests).toEqual(sent)
    await clock.advance(200)
    await until(() => peer.requests.length > sent.length)
    expect(peer.requests).toEqual([...sent, 'AUTH u p3'])
    client.destroy()
  })

  it('are not asked for while no connection is there or wanted, and are replaced again for the next one', async () => {
    const { network, clock, client, expiresAt, asked } = start()
    expiresAt(clock.wallTime() + 40_000)
    const refused = expect(client.connect()).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    await settle()
    await clock.advance(12_000)
    await refused
    expect(client.status).toBe('idle')
    const before = asked()
    await clock.advance(60_000)
    await setImmediate()
    expect([asked(), clock.pending]).toEqual([before, 0])
    expiresAt(clock.wallTime() + 10_000)
    client.connect().catch(() => {})
    await settle()
    await network.peer.welcomes()
    await clock.advance(8_100)
    await until(() => network.peer.requests.length > 0)
    expect(network.peer.requests).toEqual([`AUTH u p${before + 2}`])
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

describe('a provider that does not answer', () => {
  /** A client whose provider answers at once, then not at all while `holds` is true. */
  async function startHanging(lifeMs: number) {
    const network = new FakeNetwork()
    const clock = new FakeClock()
    const waiting: (() => void)[] = []
    let asked = 0
    let holds = false
    const credentials = async () => {
      asked += 1
      if (holds) await new Promise<void>((resolve) => waiting.push(resolve))
      return { password: `p${asked}`, expiresAt: clock.wallTime() + lifeMs }
    }
    const options = { credentials, connectTimeout: 2_000, pingInterval: 0, fence: 'off' } as const
    const client = new Client(options, undefined, { dial: network.dial, clock })
    const errors: Error[] = []
    client.on('error', (error) => errors.push(error))
    const hold = () => {
      holds = true
    }
    const release = () => {
      holds = false
      for (const answer of waiting.splice(0)) answer()
    }
    return { network, clock, client, errors, hold, release, asked: () => asked }
  }

  async function startReadyThenHanging() {
    const all = await startHanging(10_000)
    const connected = all.client.connect()
    await settle()
    await all.network.peer.welcomes()
    await connected
    await setImmediate()
    all.hold()
    return all
  }

  it('is given up after connectTimeout, and asked again', async () => {
    const { network, clock, client, errors, release, asked } = await startReadyThenHanging()
    await clock.advance(8_100)
    await until(() => asked() === 2)
    await clock.advance(2_000)
    await until(() => errors.length > 0)
    expect(errors).toMatchObject([{ code: 'HANDSHAKE_FAILED', step: 'CREDENTIALS', fate: 'not-executed' }])
    release()
    await clock.advance(600)
    await until(() => network.peer.requests.length > 0)
    expect(network.peer.requests).toEqual(['AUTH p3'])
    client.destroy()
  })

  it('rejects reauthenticate() after connectTimeout', async () => {
    const { clock, client, asked } = await startReadyThenHanging()
    const renewed = client.reauthenticate()
    await until(() => asked() === 2)
    await Promise.all([
      expect(renewed).rejects.toThrow('the credentials provider does not answer'),
      clock.advance(2_000),
    ])
    client.destroy()
  })

  it.each(['close', 'destroy'] as const)('leaves nothing after %s(), and rejects reauthenticate()', async (how) => {
    const { clock, client, asked, release } = await startReadyThenHanging()
    const renewed = client.reauthenticate()
    await until(() => asked() === 2)
    await Promise.all([expect(renewed).rejects.toMatchObject({ code: 'CLIENT_CLOSED' }), client[how]()])
    await expect(client.reauthenticate()).rejects.toMatchObject({ code: 'CLIENT_CLOSED', fate: 'not-executed' })
    release()
    await settle()
    await setImmediate()
    expect(clock.pending).toBe(0)
    expect(asked()).toBe(2)
  })

  it('is no error of a client that was closed meanwhile', async () => {
    const { clock, client, asked, errors } = await startReadyThenHanging()
    await clock.advance(8_100)
    await until(() => asked() === 2)
    await client.close()
    for (let turn = 0; turn < 10; turn += 1) await setImmediate()
    expect(errors).toEqual([])
  })

  it('leaves nothing, if its first answer, with an end, comes after the client was closed', async () => {
    const { clock, client, asked, hold, release } = await startHanging(1_000)
    hold()
    client.connect().catch(() => {})
    await until(() => asked() === 1)
    client.destroy()
    release()
    for (let turn = 0; turn < 10; turn += 1) await setImmediate()
    expect(clock.pending).toBe(0)
    await clock.advance(60_000)
    expect(asked()).toBe(1)
  })
})

it('a renewal that is over leaves no promise that its successors would share, and keep', async () => {
  const waits = vi.spyOn(Waiters.prototype, 'wait')
  const clock = new FakeClock()
  const renewal = new Renewal({
    clock,
    isInUse: () => true,
    patience: 1_000,
    settings: async () => ({ handshake: { password: 'p' } }) as ConnectionSettings,
    authenticate: () => {},
    onError: () => {},
  })
  for (let call = 0; call < 3; call += 1) await renewal.renew()
  const promises = waits.mock.results.map(({ value }) => value)
  waits.mockRestore()
  expect(new Set(promises).size).toBe(3)
  await expect(Promise.all(promises)).resolves.toHaveLength(3)
})
