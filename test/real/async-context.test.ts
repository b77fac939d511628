import { AsyncLocalStorage } from 'node:async_hooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClient } from '../../src/index.js'
import { startServer, type TestServer } from '../support/server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

it('the store of the caller who makes the first call is seen by that call alone', async () => {
  const stores = new AsyncLocalStorage<string>()
  const seen: Record<string, unknown> = {}
  const see = (what: string): void => {
    seen[what] = stores.getStore()
  }
  const client = createClient(server.url, {
    reconnect: () => {
      see('reconnect')
      return 1
    },
    credentials: () => {
      see('credentials')
      return { password: '' }
    },
    timeout: 5_000,
  })
  client.on('status', (status) => see(`status ${status}`)).on('error', () => see('error'))
  await stores.run('first call', async () => {
    await client.get('k')
    see('the reaction to the call')
    await client.subscribe('news', { onMessage: () => see('message') }).ready
    await client.session((session) => session.watch('k'))
    await client.blpop('none', 0.01)
  })
  await client.publish('news', 'hello')
  const lost = new Promise<void>((resolve) => client.on('status', (status) => status === 'ready' && resolve()))
  await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => {})
  await lost
  await client.close()
  expect(seen['the reaction to the call']).toBe('first call')
  delete seen['the reaction to the call']
  expect(Object.keys(seen).sort()).toEqual([
    'credentials',
    'error',
    'message',
    'reconnect',
    ...['closed', 'closing', 'connecting', 'ready', 'reconnecting'].map((status) => `status ${status}`),
  ])
  expect(new Set(Object.values(seen))).toEqual(new Set([undefined]))
})
