import { expect, it } from 'vitest'
import { type ClientOptions, createClient, ReplyError, TransactionError, UsageError } from '../../src/index.js'

/** What a client does on any server, by either protocol: run on binaries and in containers alike. */
export function specifyMainJob(url: () => string): void {
  for (const protocol of [3, 2] as const) {
    const connect = (options: ClientOptions = {}) => createClient(url(), { protocol, ...options })
    const name = (title: string): string => `RESP${protocol}: ${title}`

    it(name('sends typed commands, and gives the same types by both protocols'), async () => {
      await using client = connect()
      await client.flushdb()
      expect(await client.set('text', 'grüße')).toBe('OK')
      expect(await client.get('text')).toBe('grüße')
      expect(await client.get('absent')).toBeNull()
      expect(await client.set('text', 'x', 'EX', 100, 'NX')).toBeNull()
      expect(await client.incrby('number', 5)).toBe(5)
      expect(await client.incrbyfloat('number', 0.5)).toBe(5.5)
      expect(await client.mset({ a: '1', b: 2 })).toBe('OK')
      expect(await client.mget('a', 'b', 'absent')).toEqual(['1', '2', null])
      expect(await client.hset('hash', { name: 'Ada', born: 1815 })).toBe(2)
      expect(await client.hgetall('hash')).toEqual({ name: 'Ada', born: '1815' })
      expect(await client.with({ maps: 'map' }).hgetall('hash')).toEqual(
        new Map([
          ['name', 'Ada'],
          ['born', '1815'],
        ]),
      )
      expect(await client.hgetall('absent')).toEqual({})
      expect(await client.rpush('list', 'a', 'b', 'c')).toBe(3)
      expect(await client.lrange('list', 0, -1)).toEqual(['a', 'b', 'c'])
      expect(await client.sadd('set', 'm', 'n')).toBe(2)
      expect((await client.smembers('set')).sort()).toEqual(['m', 'n'])
      expect(await client.with({ sets: 'set' }).smembers('set')).toEqual(new Set(['m', 'n']))
      expect(await client.zadd('ranking', 1.5, 'ada', 2, 'bob')).toBe(2)
      expect(await client.zscore('ranking', 'ada')).toBe(1.5)
      expect(await client.zscore('ranking', 'absent')).toBeNull()
      expect(await client.zrangeWithScores('ranking', 0, -1)).toEqual([
        ['ada', 1.5],
        ['bob', 2],
      ])
      expect(await client.zpopmin('ranking')).toEqual([['ada', 1.5]])
      const id = await client.xadd('stream', '*', { field: 'value' })
      expect(await client.xrange('stream', '-', '+')).toEqual([[id, { field: 'value' }]])
      expect(await client.xread({ stream: '0' })).toEqual({ stream: [[id, { field: 'value' }]] })
      expect(await client.xread({ stream: '$' })).toBeNull()
      expect(await client.configGet('maxmemory')).toEqual({ maxmemory: '0' })
      expect(await client.eval('return {KEYS[1], ARGV[1], 7}', ['k'], ['v'])).toEqual(['k', 'v', 7])
      const { cursor, elements } = await client.scan(0, 'COUNT', 1_000)
      expect(cursor).toBe('0')
      expect(elements).toContain('hash')
    })

    it(name('sends raw commands, binary values and large ones'), async () => {
      await using client = connect()
      const bytes = Buffer.from([0, 255, 13, 10, 128])
      await client.call('SET', 'binary', bytes)
      expect(await client.with({ buffers: true }).get('binary')).toEqual(bytes)
      expect(await client.call('object', 'encoding', 'binary')).toBe('embstr')
      const large = Buffer.alloc(8 * 1024 * 1024, 'x')
      await client.set('large', large)
      expect((await client.with({ buffers: true }).get('large'))?.equals(large)).toBe(true)
      await client.del('large')
    })

    it(name('pairs 10,000 replies of one tick with their commands'), async () => {
      await using client = connect()
      const replies = await Promise.all(Array.from({ length: 10_000 }, (_, i) => client.echo(`message ${i}`)))
      expect(replies).toEqual(Array.from({ length: 10_000 }, (_, i) => `message ${i}`))
    })

    it(name('runs transactions, and reports failures command by command'), async () => {
      await using client = connect()
      await client.del('count')
      await client.set('text', 'x')
      expect(await client.multi().incr('count').get('count').call('ECHO', 'raw').exec()).toEqual([1, '1', 'raw'])
      const within = await client
        .multi()
        .incr('text')
        .incr('count')
        .exec()
        .catch((error: unknown) => error)
      expect(within).toBeInstanceOf(TransactionError)
      expect(within).toMatchObject({ fate: 'executed', results: [expect.any(ReplyError), 2] })
      const discarded = await client
        .multi()
        .incr('count')
        .call('NOSUCHCOMMAND')
        .exec()
        .catch((error: unknown) => error)
      expect(discarded).toMatchObject({ fate: 'refused', results: [undefined, expect.any(ReplyError)] })
      expect(await client.get('count')).toBe('2')
      expect(await client.multi().exec()).toEqual([])
    })

    it(name('rejects with the error of the server'), async () => {
      await using client = connect()
      await client.set('text', 'x')
      await expect(client.lpush('text', 'y')).rejects.toMatchObject({
        name: 'ReplyError',
        code: 'REPLY_ERROR',
        prefix: 'WRONGTYPE',
        fate: 'refused',
        command: 'LPUSH',
        attempts: 1,
      })
    })

    it(name('refuses what would change the shared connection'), async () => {
      await using client = connect()
      for (const args of [
        ['SELECT', '1'],
        ['SUBSCRIBE', 'c'],
        ['MULTI'],
        ['CLIENT', 'REPLY', 'OFF'],
      ]) {
        const [command = '', ...rest] = args
        await expect(client.call(command, ...rest)).rejects.toBeInstanceOf(UsageError)
      }
    })

    it(name('uses the database and name given, and leaves no connection behind'), async () => {
      await using observer = connect()
      const client = connect({ database: 3, clientName: 'named' })
      expect(await client.call('CLIENT', 'INFO')).toMatch(/name=named .*db=3 /)
      await client.close()
      expect(await observer.call('CLIENT', 'LIST')).not.toContain('name=named')
    })
  }
}
