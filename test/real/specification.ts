import { expect, it } from 'vitest'
import {
  Client,
  type ClientOptions,
  type RepliesOf,
  ReplyError,
  script,
  TransactionError,
  UsageError,
} from '../../src/index.js'
import { until } from '../support/until.js'

/** The behavior of a client on any server, with both protocols; run on server programs and in containers. */
export function specifyMainJob(url: () => string): void {
  for (const protocol of [3, 2] as const) {
    const connect = <const Given extends ClientOptions = Record<never, never>>(
      options?: Given,
    ): Client<RepliesOf<Given>> => new Client<RepliesOf<Given>>(url(), { protocol, ...options } as never)
    const name = (title: string): string => `RESP${protocol}: ${title}`

    it(name('sends typed commands, and returns the same types with both protocols'), async () => {
      await using client = connect()
      await client.flushdb()
      expect(await client.set('text', 'grüße')).toBe('OK')
      expect(await client.get('text')).toBe('grüße')
      expect(await client.get('absent')).toBeNull()
      expect(await client.set('text', 'x', 'EX', 100, 'NX')).toBeNull()
      expect(await client.incrby('number', 5)).toBe(5)
      expect(await client.incrbyfloat('number', 0.5)).toBe('5.5')
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
      expect(await client.zrange('ranking', 0, -1, 'WITHSCORES')).toEqual([
        ['ada', 1.5],
        ['bob', 2],
      ])
      expect(await client.zpopmin('ranking')).toEqual([['ada', 1.5]])
      const id = await client.xadd('stream', '*', { field: 'value' })
      expect(await client.xrange('stream', '-', '+')).toEqual([{ id, fields: [['field', 'value']] }])
      expect(await client.xread('STREAMS', 'stream', '0')).toEqual({ stream: [{ id, fields: [['field', 'value']] }] })
      expect(await client.xread('STREAMS', 'stream', '$')).toBeNull()
      expect(await client.configGet('maxmemory')).toEqual({ maxmemory: '0' })
      expect(await client.eval('return {KEYS[1], ARGV[1], 7}', 1, 'k', 'v')).toEqual(['k', 'v', 7])
      const { cursor, elements } = await client.scan(0, 'COUNT', 1_000)
      expect(cursor).toBe('0')
      expect(elements).toContain('hash')
    })

    it(name('sends raw commands, binary values and large values'), async () => {
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

    it(
      name('returns strings where the types say so, whatever the option buffers is, and sets in one form'),
      async () => {
        await using client = connect({ buffers: true, sets: 'set' })
        await client.del('entries', 'members')
        expect(await client.xadd('entries', '1-1', { f: 'v' })).toBe('1-1')
        expect(await client.xrange('entries', '-', '+')).toEqual([
          { id: '1-1', fields: [[Buffer.from('f'), Buffer.from('v')]] },
        ])
        expect(await client.xread('STREAMS', 'entries', '0')).toEqual({
          entries: [{ id: '1-1', fields: [[Buffer.from('f'), Buffer.from('v')]] }],
        })
        expect(await client.call('XADD', 'members', 'NOMKSTREAM', '*', 'f', 'v')).toBeNull()
        expect(await client.scriptLoad('return 1')).toBe('e0e1f9fabfc9d4800c877a703b823ac0578ff8db')
        expect(await client.info('server')).toContain('redis_version:')
        await client.sadd('members', 'm', 'm')
        expect(await client.call('SPOP', 'members', 2)).toEqual(new Set([Buffer.from('m')]))
        expect(await client.spop('members')).toBeNull()
      },
    )

    it(name('pairs 10,000 replies of one tick with their commands'), async () => {
      await using client = connect()
      const replies = await Promise.all(Array.from({ length: 10_000 }, (_, i) => client.echo(`message ${i}`)))
      expect(replies).toEqual(Array.from({ length: 10_000 }, (_, i) => `message ${i}`))
    })

    it(name('runs transactions, and reports failures for each command'), async () => {
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

    it(name('refuses commands that would change the shared connection'), async () => {
      await using client = connect()
      for (const args of [['SELECT', '1'], ['SUBSCRIBE', 'c'], ['MULTI'], ['CLIENT', 'REPLY', 'OFF']]) {
        const [command = '', ...rest] = args
        await expect(client.call(command, ...rest)).rejects.toBeInstanceOf(UsageError)
      }
    })

    it(name('uses the database and client name options, and leaves no connection behind'), async () => {
      await using observer = connect()
      const client = connect({ database: 3, clientName: 'named' })
      expect(await client.call('CLIENT', 'INFO')).toMatch(/name=named .*db=3 /)
      await client.close()
      expect(await observer.call('CLIENT', 'LIST')).not.toContain('name=named')
    })

    it(name('waits for elements on a dedicated connection, without slowing other commands'), async () => {
      await using client = connect()
      await client.del('queue', 'other', 'scores', 'events')
      const element = client.blpop(['other', 'queue'], 5)
      expect(await client.get('absent')).toBeNull()
      await client.rpush('queue', 'a', 'b', 'c')
      expect(await element).toEqual(['queue', 'a'])
      expect(await client.brpop('queue', 1)).toEqual(['queue', 'c'])
      expect(await client.blmove('queue', 'other', 'LEFT', 'RIGHT', 1)).toBe('b')
      expect(await client.blmpop(1, 2, ['queue', 'other'], 'LEFT', 'COUNT', 5)).toEqual(['other', ['b']])
      expect(await client.blpop('queue', 0.01)).toBeNull()
      await client.zadd('scores', 1.5, 'm', 2, 'n', 3, 'o')
      expect(await client.bzpopmin('scores', 1)).toEqual(['scores', 'm', 1.5])
      expect(await client.bzpopmax('scores', 1)).toEqual(['scores', 'o', 3])
      expect(await client.bzmpop(1, 1, 'scores', 'MIN', 'COUNT', 2)).toEqual(['scores', [['n', 2]]])
      const entries = client.xread('BLOCK', 5_000, 'STREAMS', 'events', '$')
      await blocked(client, 1)
      const id = await client.xadd('events', '*', { field: 'value' })
      expect(await entries).toEqual({ events: [{ id, fields: [['field', 'value']] }] })
      await client.xgroupCreate('events', 'group', '0', 'MKSTREAM')
      expect(
        await client.xreadgroup('GROUP', 'group', 'me', 'COUNT', 5, 'BLOCK', 10, 'STREAMS', 'events', '>'),
      ).toEqual({
        events: [{ id, fields: [['field', 'value']] }],
      })
      expect(await client.xack('events', 'group', id)).toBe(1)
      expect(await client.wait(0, 10)).toBe(0)
    })

    it(name('ends a cancelled wait, and returns an element that was already taken'), async () => {
      await using client = connect()
      await client.del('queue')
      const controller = new AbortController()
      const given = client.with({ signal: controller.signal }).blpop('queue', 0)
      await blocked(client, 1)
      controller.abort('no more')
      await expect(given).rejects.toMatchObject({ name: 'AbortError', fate: 'not-executed', cause: 'no more' })
      await expect(client.with({ timeout: 30 }).blpop('queue', 0)).rejects.toMatchObject({
        name: 'TimeoutError',
        fate: 'not-executed',
      })
      await client.rpush('queue', 'x')
      expect(await client.llen('queue')).toBe(1)
      expect(client.stats().ownConnections).toBe(1)
    })

    it(name('close() ends the wait of blocking commands, and leaves nothing behind'), async () => {
      await using observer = connect()
      const client = connect({ clientName: 'waiting' })
      await client.connect()
      const waits = [client.blpop('never', 0), client.xread('BLOCK', 0, 'STREAMS', 'never', '$')]
      const settled = Promise.allSettled(waits)
      await blocked(observer, 2)
      await client.close()
      for (const { reason } of (await settled) as PromiseRejectedResult[]) {
        expect(reason).toMatchObject({ name: 'ClientClosedError', fate: 'not-executed' })
      }
      expect(await observer.call('CLIENT', 'LIST')).not.toContain('name=waiting')
    })

    it(name('runs a session on a dedicated connection, and restores the connection afterwards'), async () => {
      await using client = connect({ blocking: { maxConnections: 1 } })
      await client.flushdb()
      await client.session(async (session) => {
        await session.select(1)
        await session.flushdb()
        await session.set('where', 'database 1')
        await session.watch('where')
        expect(await session.call('MULTI')).toBe('OK')
      })
      expect(client.stats().ownConnections).toBe(1)
      await client.session(async (session) => {
        expect(await session.get('where')).toBeNull()
        await session.call('CLIENT', 'REPLY', 'OFF')
        expect(await session.set('silent', '1')).toBeNull()
        await session.call('CLIENT', 'REPLY', 'ON')
        await session.call('CLIENT', 'REPLY', 'SKIP')
        expect(await session.set('silent', '2')).toBeNull()
        expect(await session.get('silent')).toBe('2')
      })
      expect(client.stats().ownConnections).toBe(0)
      let kept: { get(key: string): Promise<unknown> } | undefined
      await client.session((session) => {
        kept = session
      })
      await expect(kept?.get('silent')).rejects.toBeInstanceOf(UsageError)
    })

    it(name('runs a transaction of a session unless a watched key was changed'), async () => {
      await using client = connect()
      await client.set('balance', '10')
      const results = await client.session(async (session) => {
        await session.watch('balance')
        await client.set('balance', '20')
        const conflict = await session.multi().set('balance', '11').exec()
        await session.watch('balance')
        const done = await session.multi().incr('balance').get('balance').exec()
        return { conflict, done }
      })
      expect(results).toEqual({ conflict: null, done: [21, '21'] })
    })

    it(name('repeats a transaction until there is no conflict, up to a limit'), async () => {
      await using client = connect()
      await client.set('counter', '0')
      const add = (): Promise<[string, ...unknown[]] | null> =>
        client.transaction('counter', async (session) => {
          const value = Number(await session.get('counter'))
          return session.multi().set('counter', value + 1) as never
        })
      await Promise.all(Array.from({ length: 5 }, add))
      expect(await client.get('counter')).toBe('5')
      expect(await client.transaction('counter', () => null)).toBeNull()
      const tries = client.transaction(
        'counter',
        async (session) => {
          await client.incr('counter')
          return session.multi().set('counter', 'never')
        },
        { maxTries: 3 },
      )
      await expect(tries).rejects.toMatchObject({ code: 'TRANSACTION_CONFLICT', fate: 'not-executed' })
      expect(await client.get('counter')).toBe('8')
    })

    it(name('shows a session the output of MONITOR'), async () => {
      await using client = connect()
      const lines: string[] = []
      await client.session(async (session) => {
        const monitor = session.monitor()
        const first = monitor.next()
        const asking = setInterval(() => client.echo('seen'), 5)
        for (let line = await first; !line.done; line = await monitor.next()) {
          lines.push(line.value)
          if (line.value.includes('seen')) break
        }
        clearInterval(asking)
        await monitor.return(undefined)
        await expect(session.get('x')).rejects.toBeInstanceOf(UsageError)
      })
      expect(lines.at(-1)).toContain('"ECHO" "seen"')
    })

    it(name('delivers published messages, by callback and by iteration, as strings and Buffers'), async () => {
      await using client = connect()
      const bytes = Buffer.from([0, 255, 13, 10])
      const heard: unknown[] = []
      const byPattern = client.psubscribe('n?ws', { onMessage: (message) => heard.push(message) })
      const iterated = client.subscribe(['news', bytes], { buffers: true })
      const shard = client.ssubscribe('shard')
      await Promise.all([byPattern.ready, iterated.ready, shard.ready])
      await client.publish('news', 'one')
      await client.publish(bytes, bytes)
      await client.publish('naws', 'two')
      await client.publish('elsewhere', 'lost')
      await client.publish('news', 'three')
      await client.spublish('shard', 'of a shard')
      const messages: unknown[] = []
      for await (const { message } of iterated) if (messages.push(message) === 3) break
      expect(messages).toEqual([Buffer.from('one'), bytes, Buffer.from('three')])
      expect((await shard[Symbol.asyncIterator]().next()).value).toEqual({ channel: 'shard', message: 'of a shard' })
      expect(heard).toEqual([
        { channel: 'news', message: 'one', pattern: 'n?ws' },
        { channel: 'naws', message: 'two', pattern: 'n?ws' },
        { channel: 'news', message: 'three', pattern: 'n?ws' },
      ])
      expect(client.stats().subscriptions).toBe(2)
    })

    it(name('subscribes once for several subscriptions of a channel'), async () => {
      await using client = connect()
      const counts = [0, 0]
      const first = client.subscribe('shared', { onMessage: () => (counts[0] = (counts[0] ?? 0) + 1) })
      const second = client.subscribe('shared', { onMessage: () => (counts[1] = (counts[1] ?? 0) + 1) })
      await Promise.all([first.ready, second.ready])
      expect(await client.publish('shared', 'm')).toBe(1)
      await until(async () => counts[0] === 1 && counts[1] === 1)
      first.close()
      expect(await client.publish('shared', 'm')).toBe(1)
      await until(async () => counts[1] === 2)
      second.close()
      await until(async () => (await client.publish('shared', 'm')) === 0)
      expect(counts).toEqual([1, 2])
    })

    it(name('runs scripts by their SHA-1, and sends the text if the server does not have it'), async () => {
      await using client = connect()
      await client.del('sum')
      const add = script<number>('return redis.call("INCRBY", KEYS[1], ARGV[1])')
      const read = script<string>('return redis.call("GET", KEYS[1])', { readOnly: true })
      await client.call('SCRIPT', 'FLUSH')
      expect(await Promise.all([1, 2, 3].map((n) => client.run(add, ['sum'], [n])))).toEqual([1, 3, 6])
      await client.call('SCRIPT', 'FLUSH')
      expect(await Promise.all([4, 5].map((n) => client.run(add, ['sum'], [n])))).toEqual(expect.arrayContaining([15]))
      await client.call('SCRIPT', 'FLUSH')
      expect(await client.multi().run(add, ['sum'], [1]).get('sum').exec()).toEqual([16, '16'])
      expect(await client.run(read, ['sum'])).toBe('16')
    })

    it(name('returns integers as the caller wants them, and tells of one that a number can not hold'), async () => {
      await using client = connect()
      const value = 2n ** 53n + 1n
      await client.set('count', value - 1n)
      const failure = { name: 'IntegerTooLargeError', code: 'INTEGER_TOO_LARGE', fate: 'executed', value }
      await expect(client.incr('count')).rejects.toMatchObject({ ...failure, command: 'INCR', attempts: 1 })
      expect(await client.get('count')).toBe(String(value))
      expect(await client.with({ integers: 'bigint' }).decr('count')).toBe(value - 1n)
      expect(await client.call('INCR', 'count')).toBe(value)
      await client.set('small', 1)
      expect(await client.with({ integers: 'bigint' }).incr('small')).toBe(2n)
      expect(await client.with({ integers: 'bigint' }).call('INCR', 'small')).toBe(3)
      const results = await client.multi().incr('small').incrby('count', 0).call('INCRBY', 'count', 0).exec()
      expect(results).toMatchObject([4, failure, value])
    })

    it(name('returns replies as the server sent them with raw'), async () => {
      await using client = connect()
      const raw = client.with({ raw: true })
      await client.del('hash', 'ranking', 'stream')
      await client.call('HSET', 'hash', 'a', 1)
      await client.call('ZADD', 'ranking', 1.5, 'm')
      await client.call('XADD', 'stream', '1-0', 'f', 'v')
      expect(await raw.call('HGETALL', 'hash')).toEqual(protocol === 3 ? new Map([['a', '1']]) : ['a', '1'])
      expect(await raw.call('ZSCORE', 'ranking', 'm')).toBe(protocol === 3 ? 1.5 : '1.5')
      expect(await raw.call('XRANGE', 'stream', '-', '+')).toEqual([['1-0', ['f', 'v']]])
      expect(await raw.with({ buffers: true }).call('ECHO', 'é')).toEqual(Buffer.from('é'))
      await expect(raw.call('INCR', 'hash')).rejects.toMatchObject({ name: 'ReplyError', prefix: 'WRONGTYPE' })
      const replies = await raw.multi().call('HGETALL', 'hash').call('XRANGE', 'stream', '-', '+').exec()
      expect(replies).toEqual([protocol === 3 ? new Map([['a', '1']]) : ['a', '1'], [['1-0', ['f', 'v']]]])
      expect(await raw.with({ raw: false }).call('HGETALL', 'hash')).toEqual({ a: '1' })
      const scanned: unknown[] = []
      for await (const pair of raw.zscanIterator('ranking')) scanned.push(pair)
      expect(scanned).toEqual([['m', 1.5]])
    })

    it(name('returns the same values from a transaction as from single commands'), async () => {
      await using client = connect()
      await client.del('hash', 'ranking', 'stream', 'set')
      await client.call('HSET', 'hash', 'a', 1)
      await client.call('ZADD', 'ranking', 1.5, 'm')
      await client.call('SADD', 'set', 'm')
      await client.call('XADD', 'stream', '1-0', '2', 'v', '1', 'w', '2', 'x')
      const calls = [
        ['HGETALL', 'hash'],
        ['XREAD', 'STREAMS', 'stream', 'stream', 0, 0],
        ['ZRANGE', 'ranking', 0, -1, 'WITHSCORES'],
        ['XINFO', 'STREAM', 'stream'],
        ['SMEMBERS', 'set'],
        ['COMMAND', 'DOCS', 'GET'],
        ['HRANDFIELD', 'hash', -2, 'WITHVALUES'],
        ['EVAL', "return redis.call('HGETALL', KEYS[1])", 1, 'hash'],
      ] as const
      for (const options of [{}, { maps: 'map', sets: 'set', buffers: true }] as const) {
        const own = client.with(options)
        const single = await Promise.all(calls.map(([first, ...args]) => own.call(first, ...args)))
        let transaction = own.multi() as unknown as { call(...args: unknown[]): never; exec(): Promise<unknown[]> }
        for (const call of calls) transaction = transaction.call(...call)
        expect(await transaction.exec()).toEqual(single)
      }
    })

    it(name('iterates over scans, and stops when the consumer stops'), async () => {
      await using client = connect()
      await client.flushdb()
      const names = Array.from({ length: 60 }, (_, i) => `key:${i}`)
      await client.mset(Object.fromEntries(names.map((key) => [key, '1'])))
      const seen = new Set<string>()
      for await (const key of client.scanIterator({ match: 'key:*', count: 7 })) seen.add(key)
      expect([...seen].sort()).toEqual([...names].sort())
      const before = client.stats().sent
      for await (const _ of client.scanIterator({ count: 1 })) break
      expect(client.stats().sent - before).toBe(1)
      await client.hset('hash', { a: 1, b: 2 })
      await client.sadd('set', 'm')
      await client.zadd('scores', 1.5, 'm')
      const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
        const list: T[] = []
        for await (const item of items) list.push(item)
        return list
      }
      expect(await all(client.hscanIterator('hash'))).toEqual([
        ['a', '1'],
        ['b', '2'],
      ])
      expect(await all(client.sscanIterator('set'))).toEqual(['m'])
      expect(await all(client.zscanIterator('scores'))).toEqual([['m', 1.5]])
      expect(await all(client.scanIterator({ type: 'zset' }))).toEqual(['scores'])
    })
  }
}

/** Resolves when the server reports this many blocked clients. */
function blocked(observer: Client, count: number): Promise<void> {
  return until(async () => new RegExp(`blocked_clients:${count}\\b`).test(await observer.info('clients')))
}
