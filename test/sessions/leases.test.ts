import { getEventListeners } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import type { ClientOptionsOf } from '../../src/index.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'

const clients: Client[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

function start(options: ClientOptionsOf) {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client(options, undefined, { dial: network.dial, clock })
  clients.push(client)
  return { network, clock, client }
}

describe('a leased connection', () => {
  it.each([
    ['an argument that can not be sent', (): unknown => Symbol('t')],
    ['an argument that throws when it is read', (): unknown => ({ valueOf: () => expect.unreachable() })],
  ])('is given back after a blocking command with %s', async (_, argument) => {
    const { network, client } = start({ blocking: { maxConnections: 1 } })
    const failures: unknown[] = []
    const session = client.session((within) => {
      within.blpop('k', argument() as number).catch((error: unknown) => failures.push(error))
    })
    await network.peer.welcomes()
    await session
    expect(failures).toMatchObject([{ name: 'UsageError', fate: 'not-executed', command: 'BLPOP' }])
    expect(await client.session(() => 'lent again')).toBe('lent again')
    expect(network.peers.length).toBe(1)
  })

  it('is given back after a command that can not be encoded', async () => {
    const { network, client } = start({ blocking: { maxConnections: 1 } })
    const failure = client.blpop('\ud800', 1).catch((error: Error) => error)
    await settle()
    for (const peer of network.peers) await peer.welcomes()
    expect(await failure).toMatchObject({ name: 'UsageError', fate: 'not-executed' })
    expect(await client.session(() => 'lent again')).toBe('lent again')
  })

  it('is counted before a credentials provider runs, which may ask for another', async () => {
    let asked = 0
    const { network, client } = start({
      blocking: { maxConnections: 2 },
      credentials: async () => {
        asked += 1
        // Not without end: a client that does not count would ask for ever.
        if (asked <= 10) client.session(() => {}).catch(() => {})
        await settle()
        return { password: 'p' }
      },
    })
    const session = client.session(() => 'done')
    for (let turns = 0; turns < 20; turns += 1) await settle()
    expect(network.peers.length).toBe(2)
    for (const peer of network.peers) await peer.welcomes()
    expect(await session).toBe('done')
  })

  it('adds one listener to a signal that many sessions share, and none is left', async () => {
    const { network, client } = start({ blocking: { maxConnections: 3 } })
    const { signal } = new AbortController()
    const sessions = [1, 2, 3].map(() => client.session((session) => session.with({ signal }).call('ECHO', 'x')))
    await settle()
    for (const peer of network.peers) await peer.welcomes()
    expect(getEventListeners(signal, 'abort').length).toBe(1)
    for (const peer of network.peers) await peer.answers('+x\r\n')
    expect(await Promise.all(sessions)).toEqual(['x', 'x', 'x'])
    await settle()
    expect(getEventListeners(signal, 'abort').length).toBe(0)
  })

  it('that is aborted in one session ends only what has its signal', async () => {
    const { network, client } = start({ blocking: { maxConnections: 2 } })
    const controller = new AbortController()
    const { signal } = controller
    const aborted = client.session((session) =>
      session
        .with({ signal })
        .get('a')
        .catch((error: Error) => error.name),
    )
    const other = client.session((session) => session.with({ timeout: 1_000 }).get('b'))
    await settle()
    for (const peer of network.peers) await peer.welcomes()
    controller.abort()
    await settle()
    for (const peer of network.peers) await peer.answers('+x\r\n')
    expect(await aborted).toBe('AbortError')
    expect(await other).toBe('x')
  })

  it('that a session has just borrowed may not wait at the server once the client closes', async () => {
    const { network, client } = start({})
    const first = client.session(() => {})
    await settle()
    await network.peer.welcomes()
    await first
    const waiting = client.session((session) => session.blpop('k', 0))
    const closed = client.close()
    await expect(waiting).rejects.toMatchObject({ name: 'ClientClosedError', fate: 'not-executed' })
    await closed
    expect(network.peer.requests).toEqual([])
  })
})
