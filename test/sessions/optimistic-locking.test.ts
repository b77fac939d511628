import { afterEach, describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import type { Session } from '../../src/sessions/session.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'

const clients: Client[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

function start() {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client(undefined, undefined, { dial: network.dial, clock })
  clients.push(client)
  return { network, clock, client }
}

describe('a transaction with watched keys', () => {
  it.each([null, undefined, { key: 'a' }, [null], [['a']]])(
    'names itself if its keys are %j, and sends nothing',
    async (keys) => {
      const { network, client } = start()
      await expect(client.transaction(keys as never, () => null)).rejects.toThrow(/^transaction: argument 1 /)
      expect(network.peers).toHaveLength(0)
    },
  )

  it('takes more keys than a function takes arguments', async () => {
    const { network, client } = start()
    const done = client.transaction(Array<string>(200_000).fill('k'), () => null)
    await network.peer.welcomes()
    await network.peer.answers('+OK\r\n')
    await network.peer.answers('+OK\r\n')
    expect(await done).toBeNull()
    expect(network.peer.requests.at(-2)?.split(' ')).toHaveLength(200_001)
  })

  it.each([
    ['the client', (client: Client) => client],
    ['another view of the client', (client: Client) => client.with({ timeout: 0 })],
  ])('is refused if it was made by %s: it would run even if another client changed the keys', async (_, maker) => {
    const { network, client } = start()
    // The compiler accepts this.
    const refused = client.transaction('stock', () => maker(client).multi().decr('stock'))
    refused.catch(() => {})
    await network.peer.welcomes()
    await network.peer.answers('+OK\r\n')
    await network.peer.answers('+OK\r\n')
    await expect(refused).rejects.toMatchObject({ name: 'UsageError', fate: 'not-executed' })
    await expect(refused).rejects.toThrow('session.multi()')
    expect(network.peer.requests.slice(-2)).toEqual(['WATCH stock', 'UNWATCH'])
  })

  it.each([
    ['the session', (session: Session) => session],
    ['a view of the session', (session: Session) => session.with({ buffers: true })],
  ])('runs if it was made by %s', async (_, maker) => {
    const { network, client } = start()
    const ran = client.transaction('stock', (session) =>
      maker(session as Session)
        .multi()
        .decr('stock'),
    )
    await network.peer.welcomes()
    await network.peer.answers('+OK\r\n')
    await network.peer.answers('+OK\r\n', '+QUEUED\r\n', '*1\r\n:2\r\n')
    await settle()
    expect(await ran).toEqual([2])
  })

  it.each([
    ['waits for it', async (session: Session) => void (await session.call('CLIENT', 'REPLY', 'OFF'))],
    ['does not wait for it', (session: Session) => void session.call('client', 'reply', 'skip').catch(() => {})],
    [
      'uses a view',
      async (session: Session) => void (await session.with({ raw: true }).call('CLIENT', 'REPLY', 'OFF')),
    ],
  ])('is never without the reply to EXEC, which would look like a conflict: the function %s', async (how, silence) => {
    const { network, client } = start()
    const ran = client.transaction('stock', async (session) => {
      await silence(session as Session)
      return session.multi().decr('stock')
    })
    ran.catch(() => {})
    await network.peer.welcomes()
    await network.peer.answers('+OK\r\n')
    await settle()
    await network.peer.answers('+OK\r\n', '+QUEUED\r\n', '*1\r\n:2\r\n')
    await settle()
    expect(network.peer.requests.join()).not.toMatch(/reply/i)
    if (how === 'does not wait for it') expect(await ran).toEqual([2])
    else await expect(ran).rejects.toMatchObject({ name: 'UsageError', command: 'CLIENT REPLY', fate: 'not-executed' })
  })

  it('that was lost at its last attempt has that error, and is no conflict', async () => {
    const { network, clock, client } = start()
    const ran = client.transaction('stock', (session) => session.multi().decr('stock'), { maxTries: 2 })
    ran.catch(() => {})
    await network.peer.welcomes()
    await network.peer.answers('+OK\r\n')
    await settle()
    // A conflict.
    await network.peer.answers('+OK\r\n', '+QUEUED\r\n', '_\r\n')
    await settle()
    await network.peer.ends()
    await clock.advance(1_000)
    await expect(ran).rejects.toMatchObject({ name: 'SessionLostError', command: 'WATCH' })
  })

  it('can watch any number of keys', async () => {
    const { network, client } = start()
    const keys = Array.from({ length: 200_000 }, (_, index) => `k${index}`)
    const ran = client.transaction(keys, () => null)
    ran.catch(() => {})
    await network.peer.welcomes()
    expect(network.peer.requests.at(-1)).toBe(`WATCH ${keys.join(' ')}`)
    await network.peer.answers('+OK\r\n')
    await network.peer.answers('+OK\r\n')
    expect(await ran).toBeNull()
  })
})
