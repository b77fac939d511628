import { describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import { FakeClock } from '../support/fake-clock.js'
import { type FakeIdentity, FakeNetwork, type FakePeer } from '../support/fake-network.js'

/**
 * A BLPOP that waits, and is aborted, with a shared and a pooled connection to these servers.
 * @param before called just before it is aborted
 */
async function abortBlpop(shared: FakeIdentity, pooled: FakeIdentity, before: (client: Client) => void = () => {}) {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client({ pingInterval: 0 }, undefined, { dial: network.dial, clock })
  void client.connect()
  await network.peer.welcomes(shared)
  const controller = new AbortController()
  const result = client.with({ signal: controller.signal }).blpop('k', 0)
  result.catch(() => {})
  await network.peer.welcomes(pooled)
  before(client)
  controller.abort()
  await clock.advance(0)
  const [one, other] = network.peers as [FakePeer, FakePeer]
  return { shared: one, pooled: other, result, clock, client, network }
}

const here = { runId: 'aaaa', address: '127.0.0.1:1' }

describe('an aborted BLPOP', () => {
  it('is unblocked where both connections lead to one server process', async () => {
    const { shared, pooled, result } = await abortBlpop({ ...here, id: 3 }, { ...here, id: 4 })
    expect(shared.requests).toEqual(['CLIENT UNBLOCK 4 ERROR'])
    await pooled.answers('-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n')
    await shared.answers(':1\r\n')
    await expect(result).rejects.toMatchObject({ code: 'ABORT_ERR', fate: 'not-executed' })
  })

  it('does not keep a command from being sent again that the server refuses for now', async () => {
    let set: Promise<unknown> | undefined
    const { shared, pooled, result, clock } = await abortBlpop({ ...here, id: 3 }, { ...here, id: 4 }, (client) => {
      set = client.set('k', 1)
    })
    expect(shared.requests).toEqual(['SET k 1', 'CLIENT UNBLOCK 4 ERROR'])
    await pooled.answers('-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n')
    await shared.answers('-BUSY a script is running\r\n', ':1\r\n')
    await clock.advance(2_000)
    await shared.answers('+OK\r\n')
    expect(await set).toBe('OK')
    await expect(result).rejects.toMatchObject({ code: 'ABORT_ERR', fate: 'not-executed' })
  })

  it.each<[string, FakeIdentity, FakeIdentity]>([
    ['they lead to two servers', { ...here, id: 3 }, { id: 4, runId: 'bbbb' }],
    ['the server of the shared one is not known', { id: 3 }, { ...here, id: 4 }],
    ['the server of the other is not known', { ...here, id: 3 }, { id: 4 }],
    ['a proxy shares one connection to the server between them', { ...here, id: 3 }, { ...here, id: 3 }],
  ])('ends its connection, and unblocks nobody, if %s', async (_, atShared, atPooled) => {
    const { shared, pooled, result } = await abortBlpop(atShared, atPooled)
    expect(shared.requests).toEqual([])
    expect(pooled.isDestroyed).toBe(true)
    await expect(result).rejects.toMatchObject({ code: 'ABORT_ERR', fate: 'unknown' })
  })

  it('keeps its connection if CLIENT UNBLOCK is sent again because the server refused it for now', async () => {
    const { shared, pooled, result, clock } = await abortBlpop({ ...here, id: 3 }, { ...here, id: 4 })
    await shared.answers('-BUSY a script is running\r\n')
    await clock.advance(500)
    expect(shared.requests).toEqual(['CLIENT UNBLOCK 4 ERROR', 'CLIENT UNBLOCK 4 ERROR'])
    await shared.answers(':1\r\n')
    expect(pooled.isDestroyed).toBe(false)
    await pooled.answers('-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n')
    await expect(result).rejects.toMatchObject({ code: 'ABORT_ERR', fate: 'not-executed' })
  })

  it('is not unblocked on another server to which the shared connection was renewed before CLIENT UNBLOCK was sent again', async () => {
    const { shared, pooled, result, clock, network } = await abortBlpop({ ...here, id: 3 }, { ...here, id: 4 })
    await shared.ends(new Error('reset'))
    await clock.advance(100)
    await network.peer.welcomes({ id: 4, runId: 'bbbb' })
    await clock.advance(0)
    expect(network.peer.requests).toEqual([])
    expect(pooled.isDestroyed).toBe(true)
    await expect(result).rejects.toMatchObject({ code: 'ABORT_ERR', fate: 'unknown' })
  })
})
