import { describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import type { ClientOptionsOf } from '../../src/core/options-of.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { type FakeIdentity, FakeNetwork } from '../support/fake-network.js'

const first: FakeIdentity = { id: 7, address: '10.0.0.9:4711', runId: 'aaaa' }
const restarted: FakeIdentity = { id: 3, address: '10.0.0.9:4712', runId: 'bbbb' }

async function start(options: ClientOptionsOf = {}) {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client(options, undefined, { dial: network.dial, clock })
  const connected = client.connect()
  await network.peer.welcomes(first)
  await connected
  const reconnect = async (): Promise<void> => {
    const { length } = network.peers
    while (network.peers.length === length) await clock.advance(100)
    await network.peer.welcomes(restarted)
  }
  return { network, clock, client, peer: network.peer, reconnect }
}

describe('SHUTDOWN', () => {
  it('resolves to null when the server closes the connection instead of replying', async () => {
    const { client, clock, peer } = await start()
    const stopped = client.shutdown('NOSAVE')
    await clock.advance(0)
    await peer.ends()
    expect(await stopped).toBeNull()
    expect(client.stats()).toMatchObject({ answered: 1, lost: 1, rejectedOnLoss: 0 })
    client.destroy()
  })

  it('is sent alone, so the commands behind it are sent to the next server, whatever their class', async () => {
    const { client, clock, peer, network, reconnect } = await start()
    const before = client.get('k')
    const stopped = client.call('shutdown', 'nosave')
    const behind = client.with({ retry: 'never' }).incr('n')
    await clock.advance(0)
    expect(peer.requests).toEqual(['GET k'])
    await peer.answers('$1\r\nv\r\n')
    expect(await before).toBe('v')
    expect(peer.requests).toEqual(['GET k', 'shutdown nosave'])
    await peer.ends()
    expect(await stopped).toBeNull()
    await reconnect()
    await network.peer.answers(':1\r\n')
    expect(await behind).toBe(1)
    // No reply was pending, so there is nothing to fence.
    expect(network.peer.requests).toEqual(['INCR n'])
    client.destroy()
  })

  it.each([
    ['was reset', new Error('read ECONNRESET')],
    ['was ended by this side', undefined],
  ])('has fate unknown if the connection %s, because that says nothing about the server', async (_, error) => {
    const { client, clock, peer } = await start({ stallTimeout: 1_000 })
    const stopped = client.shutdown().catch((reason: unknown) => reason)
    await clock.advance(0)
    if (error === undefined) await clock.advance(2_000)
    else await peer.ends(error)
    expect(await stopped).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown', command: 'SHUTDOWN' })
    client.destroy()
  })

  it('does not count a close as its reply if it was not sent completely', async () => {
    const { client, clock, peer } = await start({ maxAttempts: 1 })
    peer.nextWrite = 'pending'
    peer.isPendingWriteIncomplete = true
    const stopped = client.shutdown().catch((reason: unknown) => reason)
    await clock.advance(0)
    await peer.ends()
    expect(await stopped).toMatchObject({ name: 'ConnectionLostError', fate: 'not-executed' })
    client.destroy()
  })

  it('does not count a close as its reply if a part of an error was read', async () => {
    const { client, clock, peer } = await start()
    const stopped = client.shutdown().catch((reason: unknown) => reason)
    await clock.advance(0)
    await peer.answers('-ERR Errors trying to')
    await peer.ends()
    expect(await stopped).toMatchObject({ name: 'ConnectionLostError', fate: 'refused' })
    client.destroy()
  })

  it('rejects with the error of a server that does not stop', async () => {
    const { client, clock, peer } = await start()
    const stopped = client.shutdown().catch((reason: unknown) => reason)
    await clock.advance(0)
    await peer.answers('-ERR Errors trying to SHUTDOWN. Check logs.\r\n')
    expect(await stopped).toMatchObject({ name: 'ReplyError', fate: 'refused', attempts: 1 })
    client.destroy()
  })

  it('with ABORT is a command like any other: a close is not its reply', async () => {
    const { client, clock, peer } = await start()
    const aborted = client.shutdown('ABORT')
    await clock.advance(0)
    await peer.answers('+OK\r\n')
    expect(await aborted).toBe('OK')
    const lost = client.call('SHUTDOWN', 'abort').catch((reason: unknown) => reason)
    await clock.advance(0)
    await peer.ends()
    expect(await lost).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown' })
    client.destroy()
  })

  it('after its time limit, resolves the outcome, and it is known to have run', async () => {
    const { client, clock, peer } = await start()
    const error = client
      .with({ timeout: 50 })
      .shutdown()
      .catch((reason: unknown) => reason)
    await clock.advance(100)
    await peer.ends()
    const { fate, outcome, fenced, resolved } = (await error) as {
      fate: string
      outcome: Promise<unknown>
      fenced: Promise<boolean>
      resolved: Promise<string>
    }
    expect([fate, await outcome, await fenced, await resolved]).toEqual(['unknown', null, true, 'executed'])
    client.destroy()
  })

  it('resolves while the client closes, and lets it close at once', async () => {
    const { client, clock, peer } = await start()
    const stopped = client.shutdown()
    await clock.advance(0)
    const closed = client.close()
    await peer.ends()
    expect(await stopped).toBeNull()
    await closed
    expect(client.status).toBe('closed')
  })

  it('resolves in a session, whose connection is lost after that', async () => {
    const { client, network } = await start()
    const work = client.session(async (session) => {
      const stopped = session.shutdown('NOSAVE')
      await settle()
      await network.peer.ends()
      return [await stopped, await session.get('k').catch(({ name }: Error) => name)]
    })
    await settle()
    await network.peer.welcomes(first)
    expect(await work).toEqual([null, 'SessionLostError'])
    client.destroy()
  })
})
