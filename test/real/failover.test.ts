import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, createClient, ReplyError, script } from '../../src/index.js'
import { type MovableAddress, startMovableAddress } from '../support/movable-address.js'
import { nameOf, serverPrograms, startServer, type TestServer } from '../support/server.js'

/** What a call comes to: its result, or the prefix and the fate of its error. */
const told = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => {
    if (!(error instanceof ReplyError)) throw error
    return `${error.prefix || 'ERR'} ${error.fate}`
  })

describe.each(serverPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  let old: TestServer
  let fresh: TestServer
  let address: MovableAddress
  let client: Client

  beforeAll(async () => {
    old = await startServer(program)
    fresh = await startServer(program)
  })
  afterAll(() => Promise.all([old.stop(), fresh.stop()]))

  describe.each([2, 3] as const)('with RESP%i', (protocol) => {
    beforeEach(async () => {
      address = await startMovableAddress(old.port)
      client = createClient({ host: '127.0.0.1', port: address.port, protocol, blocking: { maxConnections: 1 } })
      for (const { url } of [old, fresh]) {
        await using admin = createClient(url)
        await admin.flushdb()
      }
      await client.session((session) => session.ping())
    })
    afterEach(async () => {
      client.destroy()
      await address.stop()
      await using admin = createClient(old.url)
      await admin.call('REPLICAOF', 'NO', 'ONE')
    })

    /** The old server becomes a replica, and the address leads to the new primary. Connections stay where they are. */
    async function failOver(): Promise<void> {
      await using admin = createClient(old.url)
      await admin.call('REPLICAOF', fresh.host, String(fresh.port))
      address.leadTo(fresh.port)
    }

    it.each([
      ['a script', (key: string) => client.eval("return redis.call('INCR', KEYS[1])", 1, key)],
      ['a defined script', (key: string) => client.run(script("return redis.call('INCR', KEYS[1])"), [key], [])],
      [
        'a transaction with a script',
        (key: string) =>
          client
            .multi()
            .call('EVAL', "return redis.call('INCR', KEYS[1])", 1, key)
            .exec()
            .then(([count]) => count),
      ],
    ] as const)('an application that only runs %s is led to the new primary by the first refusal', async (_, run) => {
      expect(await run('count')).toBe(1)
      await failOver()
      await run('count').catch(() => {})
      expect(Number(await run('other'))).toBeGreaterThan(0)
      await using witness = createClient(fresh.url)
      expect(await witness.get('other')).toBe('1')
    })

    it('a session that was refused gives back no connection that is lent again', async () => {
      await failOver()
      expect(await told(client.session((session) => session.incr('n')))).toMatch(/^READONLY/)
      expect(await told(client.session((session) => session.incr('n')))).toBe(1)
    })

    it('a blocking command is sent again to the new primary', async () => {
      await failOver()
      await using witness = createClient(fresh.url)
      await witness.rpush('queue', 'x')
      expect(await client.blpop('queue', 5)).toEqual(['queue', 'x'])
    })
  })
})
