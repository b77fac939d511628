import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endAfter } from '../../lab/proxy/fault.js'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { type Client, createClient } from '../../src/index.js'
import { startServer, type TestServer } from '../support/server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** Takes all places of a server that has three. */
async function fill(): Promise<Client[]> {
  const guests = Array.from({ length: 3 }, () => createClient(server.url))
  for (const guest of guests) await guest.connect()
  await guests[0]?.configSet('maxclients', '3')
  return guests
}

describe('a server that has no place for another client', () => {
  it('is asked again, with backoff, until one is free', async () => {
    const guests = await fill()
    const client = createClient(server.url, { reconnect: { baseDelay: 5, maxDelay: 20 } })
    let refusals = 0
    const reply = client.set('k', 'v')
    await new Promise<void>((resolve) => {
      client.on('error', (error) => {
        expect(error.message).toContain('max number of clients reached')
        refusals += 1
        if (refusals === 3) resolve()
      })
    })
    await guests[2]?.close()
    expect(await reply).toBe('OK')
    await client.close()
    await guests[0]?.configSet('maxclients', '100')
    for (const guest of guests) await guest.close()
  })

  it('is given up when the deadline is over, with its reason; nothing is left running', async () => {
    const guests = await fill()
    const client = createClient(server.url, { connectDeadline: 200 })
    const error = await client.connect().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'ConnectError', code: 'CONNECT_FAILED', fate: 'not-executed' })
    expect(String(error)).toContain('max number of clients reached')
    expect(client.status).toBe('idle')
    await guests[0]?.configSet('maxclients', '100')
    expect(await client.ping()).toBe('PONG')
    await client.close()
    for (const guest of guests) await guest.close()
  })
})

describe('a server that closes during the handshake', () => {
  it.each([0, 1, 20])('after %d bytes of its answer is asked again', async (bytes) => {
    const proxy = await FaultProxy.start(server.port)
    let cuts = 0
    proxy.onReply = () => {
      cuts += 1
      return cuts <= 3 ? endAfter(bytes) : { do: 'pass' }
    }
    const client = createClient(proxy.url, { reconnect: { baseDelay: 5, maxDelay: 20 } })
    expect(await client.incr('counted')).toBeGreaterThan(0)
    expect(client.stats().connections).toBe(1)
    await client.close()
    await proxy.stop()
  })
})
