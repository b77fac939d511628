import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, type ClientOptionsOf, createClient } from '../../src/index.js'
import { nameOf, serverPrograms, startServer, type TestServer } from '../support/server.js'

const told = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

describe.each(serverPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  let server: TestServer
  let witness: Client

  beforeAll(async () => {
    server = await startServer(program, ['--client-query-buffer-limit', '1mb'])
    witness = createClient(server.url)
  })
  afterAll(async () => {
    await witness.close()
    await server.stop()
  })

  describe.each([2, 3] as const)('with RESP%i', (protocol) => {
    let client: Client
    const connect = (options: ClientOptionsOf): void => {
      client = createClient(server.url, { protocol, reconnect: { baseDelay: 1, maxDelay: 10 }, ...options })
    }
    beforeEach(() => witness.flushdb())
    afterEach(() => client.destroy())

    it('a frame that the server never takes is rejected after its attempts, and what waits behind goes on', async () => {
      connect({ maxQueuedBytes: 256 * 1024 * 1024, retry: 'always' })
      const large = told(client.set('large', Buffer.alloc(64 * 1024 * 1024)))
      const behind = [client.get('k'), client.incr('n')]
      expect(await large).toMatchObject({ name: 'ConnectionLostError', fate: 'not-executed', attempts: 3 })
      expect(await Promise.all(behind)).toEqual([null, 1])
      expect(await witness.exists('large')).toBe(0)
    })

    it('a reply beyond a limit costs its own command, and those behind it by their policy', async () => {
      connect({ limits: { bulkBytes: 1_000 }, maxAttempts: 1 })
      await witness.set('large', 'x'.repeat(1_001))
      const [large, read, count] = [client.get('large'), client.get('k'), client.incr('n')].map(told)
      expect(await large).toMatchObject({ fate: 'executed', attempts: 1, cause: { code: 'PROTOCOL_ERROR' } })
      // Both were sent: the one may not be repeated, and ran; the other keeps its only attempt.
      expect(await count).toMatchObject({ fate: 'unknown' })
      expect(await read).toBeNull()
      expect(await witness.get('n')).toBe('1')
      expect(client.stats()).toMatchObject({ connections: 2 })
    })

    it('a reply because of which the server ends the connection costs the others two attempts at most', async () => {
      connect({ maxAttempts: 4 })
      await witness.rpush(
        'list',
        Array.from({ length: 1_000 }, () => 'x'.repeat(1_000)),
      )
      await client.ping()
      await witness.call('CONFIG', 'SET', 'client-output-buffer-limit', 'normal 500000 0 0')
      const large = told(client.eval("local l = redis.call('LRANGE', KEYS[1], 0, -1) return l", 1, 'list'))
      const list = told(client.lrange('list', 0, -1))
      const reads = Promise.all(Array.from({ length: 50 }, (_, i) => client.get(`k${i}`)))
      expect(await large).toMatchObject({ name: 'ConnectionLostError' })
      expect(await list).toMatchObject({ name: 'ConnectionLostError', attempts: 4 })
      expect(await reads).toEqual(Array.from({ length: 50 }, () => null))
      await witness.call('CONFIG', 'SET', 'client-output-buffer-limit', 'normal 0 0 0')
    })
  })
})
