import * as vitest from 'vitest'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { startServer, type TestServer } from '../support/server.js'
import { library, load } from './libraries.js'

const { afterAll, beforeAll, describe, expect, it } = vitest
const { Keyv } = await library('keyv/dist/index.mjs')
const suite = await library('@keyv/test-suite/dist/index.js')
const { createClient } = await library('respite/dist/index.js')
const { RespiteStore } = await load('keyv-store')

let server: TestServer
let client: import('../../src/index.js').Client
beforeAll(async () => {
  server = await startServer()
  client = createClient(server.url)
})
afterAll(async () => {
  await client.close()
  await server.stop()
})

/** These tests are for Keyv 5. In Keyv 6, `delete` of an array gives an array, and the option `serialize` is gone. */
const notForKeyv6 = new Set([
  '.deleteMany([keys]) with nonexistent keys resolves to false',
  'value can be BigInt using other serializer/deserializer',
])
const test = {
  ...vitest,
  it: (name: string, run: () => Promise<void>) => (notForKeyv6.has(name) ? it.fails(name, run) : it(name, run)),
}

describe.each([
  ['on respite', () => new RespiteStore(client)],
  // The same tests fail with a store of Keyv itself.
  ['on a Map', () => new Map()],
])("Keyv's own test suite, %s", (_, create) => {
  suite.default(test, Keyv, create)
  suite.keyvIteratorTests(test, Keyv, create)
})

describe('keyv-store', () => {
  it('clears only its namespace, also if that looks like a pattern', async () => {
    await client.flushall()
    const keyv = new Keyv({ store: new RespiteStore(client), namespace: 'a*' })
    await keyv.set('k', 1)
    await client.set('ab:k', 'kept')
    await keyv.clear()
    expect(await client.keys('*')).toEqual(['ab:k'])
  })

  it('finds no values of no keys', async () => {
    const store = new RespiteStore(client)
    expect(await store.getMany([])).toEqual([])
    expect(await new Keyv({ store }).getMany([])).toEqual([])
  })

  it('keeps the time to live at the server', async () => {
    const keyv = new Keyv({ store: new RespiteStore(client), namespace: 'b' })
    await keyv.set('k', 1, 60_000)
    expect(await client.pttl('b:k')).toBeGreaterThan(50_000)
    expect(
      await keyv.setMany([
        { key: 'l', value: 2, ttl: 60_000 },
        { key: 'm', value: 3 },
      ]),
    ).toEqual([true, true])
    expect(await client.pttl('b:l')).toBeGreaterThan(50_000)
    expect(await keyv.get(['k', 'l', 'm', 'n'])).toEqual([1, 2, 3, undefined])
  })

  it('ends a call that has waited for queueTimeout with the reason, while the first connect goes on', async () => {
    const proxy = await FaultProxy.start({ host: server.host, port: server.port })
    proxy.refuse()
    const late: typeof client = createClient(proxy.url, { queueTimeout: 200 })
    const keyv = new Keyv({ store: new RespiteStore(late) })
    await expect(keyv.set('k', 'v')).rejects.toMatchObject({
      code: 'TIMEOUT',
      fate: 'not-executed',
      cause: expect.objectContaining({ message: expect.stringContaining(`ECONNREFUSED 127.0.0.1:${proxy.port}`) }),
    })
    expect(late.status).toBe('connecting')
    late.destroy()
    await proxy.stop()
  })

  it('ends a call whose first connect fails with the reason, does not go on connecting, and works once the server is there', async () => {
    const proxy = await FaultProxy.start({ host: server.host, port: server.port })
    proxy.refuse()
    const late: typeof client = createClient(proxy.url, { connectDeadline: 200 })
    const keyv = new Keyv({ store: new RespiteStore(late) })
    const begin = performance.now()
    await expect(keyv.set('k', 'v')).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      fate: 'not-executed',
      message: expect.stringContaining(`ECONNREFUSED 127.0.0.1:${proxy.port}`),
    })
    expect(performance.now() - begin).toBeLessThan(2_000)
    // Nothing is tried in the background.
    expect(late.status).toBe('idle')
    await proxy.open()
    expect(await keyv.set('k', 'v')).toBe(true)
    expect(await keyv.get('k')).toBe('v')
    await keyv.disconnect()
    expect(late.status).toBe('closed')
    await proxy.stop()
  })
})
