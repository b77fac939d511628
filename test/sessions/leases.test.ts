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

  it('is counted before a credentials provider runs, which may ask for another', async () => {
    const { network, client } = start({
      blocking: { maxConnections: 2 },
      credentials: async () => {
        client.session(() => {}).catch(() => {})
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
})
