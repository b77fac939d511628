import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { startServer, type TestServer } from '../support/server.js'
import { library, load } from './libraries.js'

const { createClient } = await library('respite/dist/index.js')
const { createApp } = await load('session-store')

let server: TestServer
let proxy: FaultProxy
let client: import('../../src/index.js').Client
let http: Server
beforeAll(async () => {
  server = await startServer()
  proxy = await FaultProxy.start({ host: server.host, port: server.port })
  client = createClient(proxy.url, { connectDeadline: 100, reconnect: { baseDelay: 1, maxDelay: 5 } })
  http = createApp(client, 'a secret').listen(0, '127.0.0.1')
  await once(http, 'listening')
})
afterAll(async () => {
  http.close()
  await client.close()
  await proxy.stop()
  await server.stop()
})

async function view(cookie = ''): Promise<{ status: number; body: unknown; cookie: string }> {
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/views`
  const response = await fetch(url, { headers: { cookie, connection: 'close' } })
  const [set = ''] = response.headers.getSetCookie()
  return { status: response.status, body: await response.json(), cookie: set.split(';')[0] ?? '' }
}

describe('session-store', () => {
  it('keeps a session over requests, until it ends', async () => {
    const first = await view()
    expect(first.body).toEqual({ views: 1 })
    expect((await view(first.cookie)).body).toEqual({ views: 2 })
    expect((await view()).body).toEqual({ views: 1 })
    const keys = await client.keys('session:*')
    expect(keys).toHaveLength(2)
    expect(await client.ttl(keys[0] ?? '')).toBeGreaterThan(590)
  })

  it('reads and writes sessions while connections are cut', async () => {
    const { cookie } = await view()
    for (let i = 2; i <= 20; i += 1) {
      proxy.resetAll()
      expect(await view(cookie)).toMatchObject({ status: 200, body: { views: i } })
    }
    expect(client.stats().lost).toBeGreaterThan(5)
  })

  it('answers 503 while Redis is away, and goes on with the same session afterwards', async () => {
    const { cookie } = await view()
    proxy.refuse()
    proxy.resetAll()
    expect(await view(cookie)).toMatchObject({ status: 503, body: { fate: 'not-executed' } })
    await proxy.open()
    expect((await view(cookie)).body).toEqual({ views: 2 })
  })
})
