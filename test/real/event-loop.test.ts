import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClient } from '../../src/index.js'
import { startServer, type TestServer } from '../support/server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

it('the event loop keeps running while a reply of 1,000,000 elements is read', async () => {
  await using client = createClient(server.url)
  const thousand = Array.from({ length: 1_000 }, (_, i) => `element ${i}`)
  await Promise.all(Array.from({ length: 1_000 }, () => client.rpush('list', thousand)))
  let turns = 0
  let isOver = false
  const turn = (): void => {
    turns += 1
    if (!isOver) setImmediate(turn)
  }
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const begin = performance.now()
  delay.enable()
  turn()
  const reply = await client.lrange('list', 0, -1)
  isOver = true
  const taken = performance.now() - begin
  delay.disable()
  expect(reply.length).toBe(1_000_000)
  // About 17 MB, in reads of at most 256 kB.
  expect(turns).toBeGreaterThan(50)
  expect(delay.max / 1e6).toBeLessThan(Math.max(100, taken / 2))
})

it('the event loop keeps running during a flood of small replies', async () => {
  await using client = createClient(server.url)
  let turns = 0
  let isOver = false
  const turn = (): void => {
    turns += 1
    if (!isOver) setTimeout(turn)
  }
  await client.set('k', 'v')
  turn()
  let answered = 0
  const replies = Array.from({ length: 90_000 }, () =>
    client.get('k').then(() => {
      answered += 1
    }),
  )
  await Promise.all(replies)
  isOver = true
  expect(answered).toBe(90_000)
  expect(turns).toBeGreaterThan(3)
})

it.each([
  ['TLS options that Node.js refuses', { tls: { cert: 'none' } }],
  ['a Unix socket that does not exist', { path: '/nowhere.sock', connectDeadline: 1 }],
  ['a credentials provider that throws', { credentials: () => expect.unreachable(), connectDeadline: 1 }],
])('the event loop keeps running while a listener connects again at once after %s', async (_, options) => {
  const client = createClient(options)
  let attempts = 0
  const connect = (): void => {
    attempts += 1
    if (attempts < 10_000) client.connect().catch(() => {})
  }
  client.on('status', (status) => status === 'idle' && connect())
  connect()
  await new Promise((resolve) => setTimeout(resolve, 20))
  client.destroy()
  expect(attempts).toBeLessThan(10_000)
})
