import { describe, expectTypeOf, it } from 'vitest'
import type { Client, Reply, ScanReply, Session, StreamEntry } from '../../src/index.js'
import { createClient } from '../../src/index.js'

/** Calls that must compile, with the type of their reply, and calls that must not. Only the type checker checks these. */
const check = (_: (client: Client, session: Session) => unknown): void => {}

interface User {
  name: string
  age: number
}

declare const user: User
declare const keys: string[]
declare const flag: boolean
declare const id: Buffer

describe('a right call compiles, and its reply has one exact type', () => {
  it('of strings and keys', () => {
    check((c) => {
      expectTypeOf(c.get('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.get(id)).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.set('k', 'v')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.set('k', 1, 'EX', 10)).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.set('k', 1n, 'KEEPTTL')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.set('k', id, 'NX')).resolves.toEqualTypeOf<'OK' | null>()
      expectTypeOf(c.set('k', 'v', 'EX', 10, 'NX')).resolves.toEqualTypeOf<'OK' | null>()
      expectTypeOf(c.set('k', 'v', 'XX', 'PX', '10')).resolves.toEqualTypeOf<'OK' | null>()
      expectTypeOf(c.set('k', 'v', 'IFEQ', 'w')).resolves.toEqualTypeOf<'OK' | null>()
      expectTypeOf(c.set('k', 'v', 'GET')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.set('k', 'v', 'NX', 'GET', 'EXAT', 5)).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.getex('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.getex('k', 'EX', 5)).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.getex('k', 'PERSIST')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.mget('a', 'b')).resolves.toEqualTypeOf<(string | null)[]>()
      expectTypeOf(c.mget(keys)).resolves.toEqualTypeOf<(string | null)[]>()
      expectTypeOf(c.mset({ a: 1, b: 'x' })).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.mset('a', 1, 'b', 2)).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.mset(new Map([['a', 1]]))).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.mset([['a', 1]])).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.msetnx({ a: 1 })).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.msetex(1, { a: 1 }, 'EX', 5)).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.incr('n')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.incrby('n', 5n)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.incrbyfloat('n', 0.5)).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.append('k', 'v')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.del('a')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.del(keys)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.del('a', keys, 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.exists('a', 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.expire('k', 60)).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.expire('k', '60')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.expire('k', 60, 'NX')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.ttl('k')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.type('k')).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.keys('a*')).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.rename('a', 'b')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.copy('a', 'b', 'DB', 1, 'REPLACE')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.copy('a', 'b', 'REPLACE', 'DB', 1)).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.scan(0, 'MATCH', 'a*', 'COUNT', 10)).resolves.toEqualTypeOf<ScanReply<string>>()
      expectTypeOf(c.scan('0', 'TYPE', 'string')).resolves.toEqualTypeOf<ScanReply<string>>()
      expectTypeOf(c.objectEncoding('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.bitcount('k', 0, -1, 'BIT')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.setbit('k', 7, 1)).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.dump('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.lcs('a', 'b')).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.lcs('a', 'b', 'LEN')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.lcs('a', 'b', 'IDX')).resolves.toEqualTypeOf<Record<string, Reply>>()
    })
  })

  it('of hashes, lists and sets', () => {
    check((c) => {
      expectTypeOf(c.hset('k', user)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hset('k', { a: 1 })).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hset('k', 'f', 'v', 'g', 2)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hset('k', new Map([['f', 'v']]))).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hset('k', [['f', 'v']])).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hget('k', 'f')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.hgetall('k')).resolves.toEqualTypeOf<Record<string, string>>()
      expectTypeOf(c.hmget('k', 'f', 'g')).resolves.toEqualTypeOf<(string | null)[]>()
      expectTypeOf(c.hincrby('k', 'f', 1)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hexpire('k', 5, 'FIELDS', 1, 'f')).resolves.toEqualTypeOf<number[]>()
      expectTypeOf(c.hexpire('k', 5, 'NX', 'FIELDS', 2, keys)).resolves.toEqualTypeOf<number[]>()
      expectTypeOf(c.hsetex('k', 'EX', 5, 'FIELDS', 1, { f: 1 })).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.hrandfield('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.hrandfield('k', -5)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.hrandfield('k', 5, 'WITHVALUES')).resolves.toEqualTypeOf<[field: string, value: string][]>()
      expectTypeOf(c.lpush('l', 1, 'a', id)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.lpop('l')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.lpop('l', 5)).resolves.toEqualTypeOf<string[] | null>()
      expectTypeOf(c.lrange('l', 0, -1)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.lpos('l', 'a')).resolves.toEqualTypeOf<number | null>()
      expectTypeOf(c.lpos('l', 'a', 'COUNT', 0)).resolves.toEqualTypeOf<number[]>()
      expectTypeOf(c.lmove('a', 'b', 'LEFT', 'RIGHT')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.blpop('l', 5)).resolves.toEqualTypeOf<[key: string, element: string] | null>()
      expectTypeOf(c.blpop(keys, 5)).resolves.toEqualTypeOf<[key: string, element: string] | null>()
      expectTypeOf(c.blmpop(0, 1, 'l', 'LEFT', 'COUNT', 2)).resolves.toEqualTypeOf<
        [key: string, elements: string[]] | null
      >()
      expectTypeOf(c.linsert('l', 'BEFORE', 'a', 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.sadd('s', keys)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.smembers('s')).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.smismember('s', 'a', 'b')).resolves.toEqualTypeOf<(0 | 1)[]>()
      expectTypeOf(c.spop('s')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.spop('s', 2)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.srandmember('s', -2)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.sintercard(2, 'a', 'b', 'LIMIT', 5)).resolves.toEqualTypeOf<number>()
    })
  })

  it('of sorted sets, streams and places', () => {
    check((c) => {
      expectTypeOf(c.zadd('z', 1, 'a')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zadd('z', 'NX', 'CH', 1, 'a', 2, 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zadd('z', 'INCR', 1, 'a')).resolves.toEqualTypeOf<number | null>()
      expectTypeOf(c.zadd('z', [1, 'a', 2, 'b'])).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zscore('z', 'a')).resolves.toEqualTypeOf<number | null>()
      expectTypeOf(c.zrange('z', 0, -1)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.zrange('z', '(1', '+inf', 'BYSCORE', 'LIMIT', 0, 10)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.zrange('z', 0, -1, 'WITHSCORES')).resolves.toEqualTypeOf<[member: string, score: number][]>()
      expectTypeOf(c.zrange('z', 0, -1, 'REV', 'WITHSCORES')).resolves.toEqualTypeOf<
        [member: string, score: number][]
      >()
      expectTypeOf(c.zrank('z', 'a')).resolves.toEqualTypeOf<number | null>()
      expectTypeOf(c.zrank('z', 'a', 'WITHSCORE')).resolves.toEqualTypeOf<[rank: number, score: number] | null>()
      expectTypeOf(c.zpopmin('z', 2)).resolves.toEqualTypeOf<[member: string, score: number][]>()
      expectTypeOf(c.zdiff(2, 'a', 'b')).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.xadd('s', '*', { f: 1 })).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.xadd('s', '*', 'f', 1)).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.xadd('s', 'NOMKSTREAM', '*', { f: 1 })).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.xadd('s', 'NOMKSTREAM', '*', 'f', 1)).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.xadd('s', 'NOMKSTREAM', 'MAXLEN', 5, '*', 'f', 1)).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.xadd('s', 'MAXLEN', '~', 100, 'LIMIT', 5, '*', 'f', 1)).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.xadd('s', 'KEEPREF', 'MINID', 5, '1-*', { f: 1 })).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.xadd('s', id, new Map([['f', 1]]))).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.zadd('z', 'CH', 1, 'a')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zadd('z', 'CH', 'GT', 'XX', '1.5', 'a')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zadd('z', 'GT', 'INCR', 1, 'a')).resolves.toEqualTypeOf<number | null>()
      expectTypeOf(c.xadd('s', 'MAXLEN', '~', 100, '*', user)).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.xrange('s', '-', '+', 'COUNT', 5)).resolves.toEqualTypeOf<StreamEntry<string>[]>()
      expectTypeOf(c.xread('STREAMS', 's', '0')).resolves.toEqualTypeOf<Record<string, StreamEntry<string>[]> | null>()
      expectTypeOf(c.xread('COUNT', 5, 'BLOCK', 0, 'STREAMS', keys, keys)).resolves.toEqualTypeOf<Record<
        string,
        StreamEntry<string>[]
      > | null>()
      expectTypeOf(c.xreadgroup('GROUP', 'g', 'me', 'NOACK', 'STREAMS', 's', '>')).resolves.toEqualTypeOf<Record<
        string,
        StreamEntry<string>[]
      > | null>()
      expectTypeOf(c.xgroupCreate('s', 'g', '$', 'MKSTREAM')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.xinfoStream('s')).resolves.toEqualTypeOf<Record<string, Reply>>()
      expectTypeOf(c.geoadd('g', 13.4, 52.5, 'Berlin')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.geodist('g', 'a', 'b', 'km')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.geopos('g', 'a')).resolves.toEqualTypeOf<([longitude: number, latitude: number] | null)[]>()
      expectTypeOf(c.eval('return 1', 1, 'k', 'a')).resolves.toEqualTypeOf<Reply>()
      expectTypeOf(c.clientList()).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.clientKill('ID', 5)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.configGet('maxmemory')).resolves.toEqualTypeOf<Record<string, string>>()
      expectTypeOf(c.configSet('maxmemory', 0)).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.ping()).resolves.toEqualTypeOf<'PONG'>()
      expectTypeOf(c.ping('x')).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.jsonSet('k', '$', '1')).resolves.toEqualTypeOf<'OK' | null>()
    })
  })

  it('that follows the options, those in variables too', () => {
    check((c) => {
      const buffers = c.with({ buffers: true })
      expectTypeOf(buffers.get('k')).resolves.toEqualTypeOf<Buffer | null>()
      expectTypeOf(buffers.hgetall('k')).resolves.toEqualTypeOf<Record<string, Buffer>>()
      expectTypeOf(buffers.xadd('s', '*', { f: 1 })).resolves.toEqualTypeOf<string>()
      expectTypeOf(buffers.with({ buffers: false }).get('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(buffers.with({ timeout: 5 }).get('k')).resolves.toEqualTypeOf<Buffer | null>()
      expectTypeOf(c.with({ buffers: flag }).get('k')).resolves.toEqualTypeOf<string | Buffer | null>()
      expectTypeOf(c.with({ maps: 'map' }).hgetall('k')).resolves.toEqualTypeOf<Map<string, string>>()
      expectTypeOf(c.with({ maps: 'map', buffers: true }).hgetall('k')).resolves.toEqualTypeOf<Map<Buffer, Buffer>>()
      expectTypeOf(c.with({ sets: 'set' }).smembers('k')).resolves.toEqualTypeOf<Set<string>>()
      expectTypeOf(c.with({ integers: 'bigint' }).incr('k')).resolves.toEqualTypeOf<bigint>()
      expectTypeOf(c.with({ integers: 'bigint' }).strlen('k')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.with({ raw: true }).hgetall('k')).resolves.toEqualTypeOf<Reply>()
      expectTypeOf(c.with({ raw: flag }).strlen('k')).resolves.toEqualTypeOf<Reply>()
      expectTypeOf(createClient('redis://h', { sets: 'set' }).sinter('a')).resolves.toEqualTypeOf<Set<string>>()
      expectTypeOf(createClient('redis://h').get('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.with({ buffers: true }).multi().get('a').strlen('b').exec()).resolves.toEqualTypeOf<
        [Buffer | null, number]
      >()
      expectTypeOf(c.multi().set('a', 1, 'NX').lpop('l', 2).exec()).resolves.toEqualTypeOf<
        ['OK' | null, string[] | null]
      >()
    })
  })

  it('of commands that change the connection, on sessions', () => {
    check((_, s) => {
      expectTypeOf(s.watch('a', 'b')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(s.unwatch()).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(s.select(1)).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(s.clientSetname('x')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(s.get('k')).resolves.toEqualTypeOf<string | null>()
    })
  })
})

it('a wrong call does not compile', () => {
  check((c) => {
    // @ts-expect-error
    c.get()
    // @ts-expect-error
    c.get('k', 'l')
    // @ts-expect-error
    c.get(undefined)
    // @ts-expect-error
    c.get(['k'])
    // @ts-expect-error
    c.set('k')
    // @ts-expect-error
    c.set('k', undefined)
    // @ts-expect-error
    c.set('k', true)
    // @ts-expect-error
    c.set('k', 'v', 'EX')
    // @ts-expect-error
    c.set('k', 'v', 'EXX', 1)
    // @ts-expect-error
    c.set('k', 'v', 'NX', 'XX')
    // @ts-expect-error
    c.set('k', 'v', 'EX', 1, 'PX', 2)
    // @ts-expect-error
    c.set('k', 'v', { EX: 10 })
    // @ts-expect-error
    c.set('k', 'v', (error: unknown) => error)
    // @ts-expect-error
    c.getex('k', 'FOO')
    // @ts-expect-error
    c.getex('k', 'EX')
    // @ts-expect-error
    c.del()
    // @ts-expect-error
    c.mget()
    // @ts-expect-error
    c.mset({ a: new Date() })
    // @ts-expect-error
    c.mset('a')
    // @ts-expect-error
    c.expire('k', 60, 'SOON')
    // @ts-expect-error
    c.expire('k', 60, undefined)
    // @ts-expect-error
    c.hset('k')
    // @ts-expect-error
    c.hset('k', 'name')
    // @ts-expect-error
    c.hset('k', undefined)
    // @ts-expect-error
    c.hset('k', { a: undefined })
    // @ts-expect-error
    c.hset('k', new Date())
    // @ts-expect-error
    c.lpop('l', 1, 2)
    // @ts-expect-error
    c.lmove('a', 'b', 'LEFT', 'UP')
    // @ts-expect-error
    c.linsert('l', 'BESIDE', 'a', 'b')
    // @ts-expect-error
    c.lpos('l', 'a', 'RANK')
    // @ts-expect-error
    c.zadd('z')
    // @ts-expect-error
    c.zadd('z', 1)
    // @ts-expect-error
    c.zadd('z', { a: 1 })
    // @ts-expect-error
    c.zrange('z', 0, -1, 'NOPE')
    // @ts-expect-error
    c.zrange('z', 0, -1, 'LIMIT', 0)
    // @ts-expect-error
    c.zrange('z')
    // @ts-expect-error
    c.xread({ s: '$' })
    // @ts-expect-error
    c.xread('STREAMS')
    // @ts-expect-error
    c.xadd('s', '*')
    // @ts-expect-error
    c.eval('return 1', ['k'])
    // @ts-expect-error
    c.blpop('l')
    // @ts-expect-error
    c.scan(0, 'MATCH')
    // @ts-expect-error
    c.scanIterator({ MATCH: 'a*' })
    // @ts-expect-error
    c.scanIterator('a*')
    // @ts-expect-error
    c.geodist('g', 'a', 'b', 'inch')
    // @ts-expect-error
    c.geosearch('g', 'FROMMEMBER', 'a', 'BYRADIUS', 1, 'km', 'WITHEVERYTHING')
    // @ts-expect-error
    c.flushall('LATER')
    // @ts-expect-error
    c.run('return 1', [])
    // @ts-expect-error
    c.with({ timeuot: 5 })
    // @ts-expect-error
    c.with({ timeout: 5, bufers: true })
    // @ts-expect-error
    createClient({ bufers: true })
    // @ts-expect-error
    c.watch('k')
    // @ts-expect-error
    c.select(1)
    // @ts-expect-error
    c.multi().select(1)
    // @ts-expect-error
    c.multi().set('k', 'v', 'EX')
    // @ts-expect-error
    c.session()
    // @ts-expect-error
    c.subscribe('a', 'b')
  })
})
