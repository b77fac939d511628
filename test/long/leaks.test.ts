import { getEventListeners } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { type Client, createClient } from '../../src/index.js'
import { startServer, type TestServer } from '../support/server.js'
import { bytesInUse, expectNoMore, resources } from './in-use.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const megabyte = 1024 * 1024

describe('5,000 reconnects', () => {
  let proxy: FaultProxy
  let client: Client
  beforeEach(async () => {
    proxy = await FaultProxy.start(server.port)
    client = createClient(proxy.url, { reconnect: { baseDelay: 1, maxDelay: 1 } })
  })
  afterEach(async () => {
    client.destroy()
    await proxy.stop()
  })

  /** Cuts the link repeatedly with commands in flight. */
  async function reconnect(times: number, signal: AbortSignal): Promise<void> {
    const patient = client.with({ signal, timeout: 600_000 })
    for (let i = 0; i < times; i += 1) {
      await client.ping()
      const replies = Promise.all([patient.ping(), patient.get('key'), client.ping()])
      const [link] = proxy.links
      if (i % 2 === 0) link?.reset()
      else link?.end()
      await replies
      await link?.closed
    }
    // The server's side of the last link may end a moment later.
    while (proxy.links.length > 1) await nextTurn()
  }

  it('leave as many handles, timers, listeners and bytes as the first 500', async () => {
    const { signal } = new AbortController()
    await reconnect(500, signal)
    const early = { resources: resources(), ...(await bytesInUse()) }
    await reconnect(4_500, signal)
    const late = { resources: resources(), ...(await bytesInUse()) }
    expect(client.stats().lost).toBeGreaterThanOrEqual(5_000)
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expectNoMore(late.resources, early.resources)
    // Leaked connections with their buffers would take far more: even 4,500 of 1 kB are 4.5 MB.
    expect(late.heap - early.heap).toBeLessThan(2 * megabyte)
    expect(late.buffers - early.buffers).toBeLessThan(2 * megabyte)
  })

  it('and leave nothing once the client is closed', async () => {
    const before = resources()
    const { signal } = new AbortController()
    await reconnect(200, signal)
    const [link] = proxy.links
    await client.close()
    await link?.closed
    await nextTurn()
    expectNoMore(resources(), before)
  })
})

describe('3,000,000 commands', () => {
  it('take no more memory than the first 500,000, whatever their outcome', async () => {
    await using client = createClient(server.url)
    const controller = new AbortController()
    const timed = client.with({ timeout: 60_000 })
    const watched = client.with({ signal: controller.signal })
    const raw = client.with({ buffers: true })
    await client.set('key', 'value')
    await client.rpush('list', 'a', 'b', 'c')
    const refused = (error: unknown): void => expect(error).toMatchObject({ prefix: 'WRONGTYPE' })

    /** 1,000 commands of many kinds, of which 20 are refused and 20 cancelled. */
    const burst = async (): Promise<void> => {
      const leaving = new AbortController()
      const abandoned = client.with({ signal: leaving.signal })
      const replies: Promise<unknown>[] = []
      for (let i = 0; i < 20; i += 1) {
        replies.push(abandoned.get('key').catch(() => {}))
        replies.push(client.incr('list').catch(refused))
        replies.push(client.multi().incr('count').get('key').exec(), client.lrange('list', 0, -1))
        for (let j = 0; j < 11; j += 1) replies.push(client.get('key'), timed.get('key'), watched.get('key'))
        for (let j = 0; j < 11; j += 1) replies.push(raw.get('key'))
      }
      await nextTurn()
      leaving.abort()
      await Promise.all(replies)
      expect(getEventListeners(leaving.signal, 'abort')).toEqual([])
    }

    const run = async (commands: number): Promise<void> => {
      for (let sent = 0; sent < commands; sent += 1_000) await burst()
    }
    await run(500_000)
    const early = { resources: resources(), ...(await bytesInUse()) }
    await run(2_500_000)
    const late = { resources: resources(), ...(await bytesInUse()) }
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    expect(client.inFlight()).toEqual([])
    expectNoMore(late.resources, early.resources)
    // Less than a byte per command.
    expect(late.heap - early.heap).toBeLessThan(2 * megabyte)
    expect(late.buffers - early.buffers).toBeLessThan(2 * megabyte)
  })
})
