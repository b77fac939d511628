import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, createClient } from '../../src/index.js'
import { nameOf, sampleOfPrograms, startServer, type TestServer } from '../support/server.js'

/** What ends receipts before their time, and scripts. */

describe.each(sampleOfPrograms().map((program) => ({ name: nameOf(program), program })))(
  'Once, on $name,',
  ({ program }) => {
    let server: TestServer
    let admin: Client
    let client: Client
    beforeAll(async () => {
      server = await startServer(program, ['--repl-diskless-sync-delay', '0'])
      admin = createClient(server.url)
    })
    afterAll(async () => {
      admin.destroy()
      await server.stop()
    })
    beforeEach(async () => {
      await admin.call('FLUSHALL')
      client = createClient(server.url)
    })
    afterEach(() => client.destroy())

    it('keeps the order of calls on a key when the server has lost its scripts', async () => {
      const onceOnly = client.with({ once: true })
      await onceOnly.rpush('warm', 'up')
      await admin.call('SCRIPT', 'FLUSH')
      const calls = ['a', 'b', 'c', 'd', 'e'].map((element, index) =>
        (index % 2 === 0 ? client : onceOnly).rpush('list', element).then(
          () => element,
          (error: unknown) => {
            // What a later call on the same key has overtaken is not sent again.
            expect(error).toMatchObject({ fate: 'not-executed', prefix: 'NOSCRIPT' })
            return undefined
          },
        ),
      )
      const ran = (await Promise.all(calls)).filter((element) => element !== undefined)
      expect(await client.lrange('list', 0, -1)).toEqual(ran)
      expect(ran).toEqual(expect.arrayContaining(['a', 'c', 'e']))
      // Alone on its key, a call is sent again with the source.
      await admin.call('SCRIPT', 'FLUSH')
      expect(await Promise.all([onceOnly.incr('n'), client.incr('m'), onceOnly.incr('n')])).toEqual([1, 1, 2])
    })

    it('runs again with an id whose receipt has expired', async () => {
      const brief = createClient(server.url, { onceTtl: 50 })
      const onceOnly = brief.with({ once: 'id' })
      expect([await onceOnly.incr('n'), await onceOnly.incr('n')]).toEqual([1, 1])
      while ((await brief.receipt('id', 'n')).found) await new Promise((done) => setTimeout(done, 10))
      expect(await onceOnly.incr('n')).toBe(2)
      brief.destroy()
    })

    it('runs again after FLUSHALL, which removes what it did as well', async () => {
      const onceOnly = client.with({ once: 'id' })
      expect(await onceOnly.incr('n')).toBe(1)
      await admin.call('FLUSHALL')
      expect(await client.receipt('id', 'n')).toEqual({ found: false })
      expect(await onceOnly.incr('n')).toBe(1)
      expect(await admin.get('n')).toBe('1')
    })

    it('runs again if its receipt was evicted, and the client warns of a policy that evicts', async () => {
      const warning = once(process, 'warning')
      const used = Number(/^used_memory:(\d+)/m.exec(await admin.info('memory'))?.[1])
      await admin.configSet('maxmemory-policy', 'volatile-ttl', 'maxmemory', used + 4_000_000)
      try {
        const onceOnly = client.with({ once: 'id' })
        expect(await onceOnly.incr('n')).toBe(1)
        expect(await warning).toMatchObject([
          { code: 'RESPITE_ONCE_EVICTION', message: expect.stringContaining('volatile-ttl') },
        ])
        for (let i = 0; (await client.receipt('id', 'n')).found; i += 1) {
          // Keys without a time limit, which this policy never evicts.
          await admin.set(`filler:${i}`, 'x'.repeat(100_000)).catch(() => {})
          expect(i).toBeLessThan(1_000)
        }
        expect(await admin.get('n')).toBe('1')
        await admin.call('CONFIG', 'SET', 'maxmemory', 0)
        expect(await onceOnly.incr('n')).toBe(2)
      } finally {
        await admin.call('CONFIG', 'SET', 'maxmemory', 0)
        await admin.call('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      }
    })

    it('counts once after a failover, whether the replica got command and receipt, or neither', async () => {
      const replica = await startServer(program, ['--replicaof', '127.0.0.1', String(server.port)])
      const follower = createClient(replica.url)
      try {
        while (!(await follower.info('replication')).includes('master_link_status:up')) {
          await new Promise((done) => setTimeout(done, 20))
        }
        expect(await client.with({ once: 'both' }).incr('n')).toBe(1)
        expect(await client.wait(1, 5_000)).toBe(1)
        // The replica takes over, and what the master does now is lost.
        await follower.call('REPLICAOF', 'NO', 'ONE')
        expect(await client.with({ once: 'neither' }).incr('m')).toBe(1)
        expect(await follower.with({ once: 'both' }).incr('n')).toBe(1)
        expect(await follower.with({ once: 'neither' }).incr('m')).toBe(1)
        expect(await follower.mget('n', 'm')).toEqual(['1', '1'])
      } finally {
        follower.destroy()
        await replica.stop()
      }
    })
  },
)
