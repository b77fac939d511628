import { readFileSync } from 'node:fs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Reply, ScanReply, Session, StreamEntry } from '../../src/index.js'
import { Client, createClient, type RepliesOf, script } from '../../src/index.js'

/**
 * Calls as people write them, by group. A right call compiles, and its reply has exactly the type beside it; a wrong one does not
 * compile. Only the type checker checks these.
 */
const check = (_: (client: Client, session: Session) => unknown): void => {}

interface User {
  name: string
  age: number
}

declare const user: User
declare const keys: string[]
declare const flag: boolean
declare const text: string
declare const id: Buffer
const count = script<number>('return 1')

describe('strings', () => {
  it('right', () => {
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
      expectTypeOf(c.setex('k', 10, 'v')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.setnx('k', 'v')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.getex('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.getex('k', 'EX', 5)).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.getex('k', 'PERSIST')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.getdel('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.getrange('k', 0, -1)).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.setrange('k', 5, 'v')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.append('k', 'v')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.strlen('k')).resolves.toEqualTypeOf<number>()
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
      expectTypeOf(c.lcs('a', 'b')).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.lcs('a', 'b', 'LEN')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.lcs('a', 'b', 'IDX')).resolves.toEqualTypeOf<Record<string, Reply>>()
    })
  })

  it('wrong', () => {
    check((c) => {
      // @ts-expect-error
      c.get()
      // @ts-expect-error
      c.get('k', 'l')
      // @ts-expect-error
      c.get(undefined)
      // @ts-expect-error
      c.get(null)
      // @ts-expect-error
      c.get(['k'])
      // @ts-expect-error
      c.get(Symbol('k'))
      // @ts-expect-error
      c.set('k')
      // @ts-expect-error
      c.set('k', undefined)
      // @ts-expect-error
      c.set('k', true)
      // @ts-expect-error
      c.set('k', new Date())
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
      c.setex('k', 'v')
      // @ts-expect-error
      c.getex('k', 'FOO')
      // @ts-expect-error
      c.getex('k', 'EX')
      // @ts-expect-error
      c.getrange('k', 0)
      // @ts-expect-error
      c.mget()
      // @ts-expect-error
      c.mset({ a: new Date() })
      // @ts-expect-error
      c.mset('a')
      // @ts-expect-error
      c.mset()
      // @ts-expect-error
      c.incrby('n')
      // @ts-expect-error
      c.incrby('n', 1, 2)
      // @ts-expect-error
      c.lcs('a')
    })
  })
})

describe('keys', () => {
  it('right', () => {
    check((c) => {
      expectTypeOf(c.del('a')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.del(keys)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.del('a', keys, 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.unlink('a', 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.exists('a', 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.expire('k', 60)).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.expire('k', '60')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.expire('k', 60, 'NX')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.expire('k', 60, 'XX', 'GT')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.pexpireat('k', 60, 'LT', 'XX')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.pexpireat('k', 1_800_000_000_000)).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.persist('k')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.ttl('k')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.type('k')).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.keys('a*')).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.randomkey()).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.rename('a', 'b')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.renamenx('a', 'b')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.copy('a', 'b', 'DB', 1, 'REPLACE')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.copy('a', 'b', 'REPLACE', 'DB', 1)).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.scan(0, 'MATCH', 'a*', 'COUNT', 10)).resolves.toEqualTypeOf<ScanReply<string>>()
      expectTypeOf(c.scan('0', 'TYPE', 'string')).resolves.toEqualTypeOf<ScanReply<string>>()
      expectTypeOf(c.dump('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.restore('k', 0, id, 'REPLACE')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.objectEncoding('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.wait(1, 100)).resolves.toEqualTypeOf<number>()
    })
  })

  it('wrong', () => {
    check((c) => {
      // @ts-expect-error
      c.del()
      // @ts-expect-error
      c.exists()
      // @ts-expect-error
      c.expire('k')
      // @ts-expect-error
      c.expire('k', 60, 'SOON')
      // @ts-expect-error
      c.expire('k', 60, 'GT', 'LT')
      // @ts-expect-error
      c.expire('k', 60, 'NX', 'XX')
      // @ts-expect-error
      c.expire('k', 60, undefined)
      // @ts-expect-error
      c.expire('k', new Date())
      // @ts-expect-error
      c.rename('a')
      // @ts-expect-error
      c.copy('a', 'b', 'DB')
      // @ts-expect-error
      c.scan(0, 'MATCH')
      // @ts-expect-error
      c.scan()
      // @ts-expect-error
      c.scanIterator({ MATCH: 'a*' })
      // @ts-expect-error
      c.scanIterator('a*')
      // @ts-expect-error
      c.type('a', 'b')
    })
  })
})

describe('hashes', () => {
  it('right', () => {
    check((c) => {
      expectTypeOf(c.hset('k', user)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hset('k', { a: 1 })).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hset('k', 'f', 'v', 'g', 2)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hset('k', new Map([['f', 'v']]))).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hset('k', [['f', 'v']])).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hsetnx('k', 'f', 'v')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.hget('k', 'f')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.hgetall('k')).resolves.toEqualTypeOf<Record<string, string>>()
      expectTypeOf(c.hmget('k', 'f', 'g')).resolves.toEqualTypeOf<(string | null)[]>()
      expectTypeOf(c.hdel('k', keys)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hexists('k', 'f')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.hkeys('k')).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.hincrby('k', 'f', 1)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.hincrbyfloat('k', 'f', 0.1)).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.hexpire('k', 5, 'FIELDS', 1, 'f')).resolves.toEqualTypeOf<number[]>()
      expectTypeOf(c.hexpire('k', 5, 'NX', 'FIELDS', 2, keys)).resolves.toEqualTypeOf<number[]>()
      expectTypeOf(c.hpexpiretime('k', 'FIELDS', 2, keys)).resolves.toEqualTypeOf<number[]>()
      expectTypeOf(c.hsetex('k', 'EX', 5, 'FIELDS', 1, { f: 1 })).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.hrandfield('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.hrandfield('k', -5)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.hrandfield('k', 5, 'WITHVALUES')).resolves.toEqualTypeOf<[field: string, value: string][]>()
    })
  })

  it('wrong', () => {
    check((c) => {
      // @ts-expect-error
      c.hset('k')
      // @ts-expect-error
      c.hset('k', 'name')
      // @ts-expect-error
      c.hset('k', undefined)
      // @ts-expect-error
      c.hset('k', { a: undefined })
      // @ts-expect-error
      c.hset('k', { a: { b: 1 } })
      // @ts-expect-error
      c.hset('k', new Date())
      // @ts-expect-error
      c.hget('k')
      // @ts-expect-error
      c.hmget('k')
      // @ts-expect-error
      c.hdel('k')
      // @ts-expect-error
      c.hincrby('k', 'f')
      // @ts-expect-error
      c.hexpire('k', 5, 'f')
      // @ts-expect-error
      c.hrandfield('k', 5, 'WITHSCORES')
    })
  })
})

describe('lists', () => {
  it('right', () => {
    check((c) => {
      expectTypeOf(c.lpush('l', 1, 'a', id)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.rpush('l', keys)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.lpop('l')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.lpop('l', 5)).resolves.toEqualTypeOf<string[] | null>()
      expectTypeOf(c.llen('l')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.lindex('l', 0)).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.lrange('l', 0, -1)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.lrem('l', 1, 'a')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.lset('l', 0, 'a')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.ltrim('l', 0, 9)).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.lpos('l', 'a')).resolves.toEqualTypeOf<number | null>()
      expectTypeOf(c.lpos('l', 'a', 'COUNT', 0)).resolves.toEqualTypeOf<number[]>()
      expectTypeOf(c.lmove('a', 'b', 'LEFT', 'RIGHT')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.linsert('l', 'BEFORE', 'a', 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.blpop('l', 5)).resolves.toEqualTypeOf<[key: string, element: string] | null>()
      expectTypeOf(c.blpop(keys, 5)).resolves.toEqualTypeOf<[key: string, element: string] | null>()
      expectTypeOf(c.blmove('a', 'b', 'LEFT', 'LEFT', 0)).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.blmpop(0, 1, 'l', 'LEFT', 'COUNT', 2)).resolves.toEqualTypeOf<
        [key: string, elements: string[]] | null
      >()
    })
  })

  it('wrong', () => {
    check((c) => {
      // @ts-expect-error
      c.lpush('l')
      // @ts-expect-error
      c.lpush('l', { a: 1 })
      // @ts-expect-error
      c.lpop('l', 1, 2)
      // @ts-expect-error
      c.lrange('l')
      // @ts-expect-error
      c.lrange('l', 0)
      // @ts-expect-error
      c.lmove('a', 'b', 'LEFT', 'UP')
      // @ts-expect-error
      c.lmove('a', 'b')
      // @ts-expect-error
      c.linsert('l', 'BESIDE', 'a', 'b')
      // @ts-expect-error
      c.lpos('l', 'a', 'RANK')
      // @ts-expect-error
      c.blpop('l')
      // @ts-expect-error
      c.blmpop(0, 1, 'l', 'UP')
    })
  })
})

describe('sets', () => {
  it('right', () => {
    check((c) => {
      expectTypeOf(c.sadd('s', keys)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.srem('s', 'a', 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.smembers('s')).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.sismember('s', 'a')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.smismember('s', 'a', 'b')).resolves.toEqualTypeOf<(0 | 1)[]>()
      expectTypeOf(c.sinter('a', 'b')).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.sunionstore('d', 'a', 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.spop('s')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.spop('s', 2)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.srandmember('s', -2)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.sintercard(2, 'a', 'b', 'LIMIT', 5)).resolves.toEqualTypeOf<number>()
    })
  })

  it('wrong', () => {
    check((c) => {
      // @ts-expect-error
      c.sadd('s')
      // @ts-expect-error
      c.smembers()
      // @ts-expect-error
      c.smembers('a', 'b')
      // @ts-expect-error
      c.spop('s', 1, 2)
      // @ts-expect-error
      c.smove('a', 'b')
      // @ts-expect-error
      c.sinter()
    })
  })
})

describe('sorted sets', () => {
  it('right', () => {
    check((c) => {
      expectTypeOf(c.zadd('z', 1, 'a')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zadd('z', 'NX', 'CH', 1, 'a', 2, 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zadd('z', 'CH', 1, 'a')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zadd('z', 'CH', 'GT', 'XX', '1.5', 'a')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zadd('z', 'INCR', 1, 'a')).resolves.toEqualTypeOf<number | null>()
      expectTypeOf(c.zadd('z', 'GT', 'INCR', 1, 'a')).resolves.toEqualTypeOf<number | null>()
      expectTypeOf(c.zadd('z', [1, 'a', 2, 'b'])).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zincrby('z', 1, 'a')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zcard('z')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zscore('z', 'a')).resolves.toEqualTypeOf<number | null>()
      expectTypeOf(c.zmscore('z', 'a', 'b')).resolves.toEqualTypeOf<(number | null)[]>()
      expectTypeOf(c.zrange('z', 0, -1)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.zrange('z', '(1', '+inf', 'BYSCORE', 'LIMIT', 0, 10)).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.zrange('z', 0, -1, 'WITHSCORES')).resolves.toEqualTypeOf<[member: string, score: number][]>()
      expectTypeOf(c.zrange('z', 0, -1, 'REV', 'WITHSCORES')).resolves.toEqualTypeOf<
        [member: string, score: number][]
      >()
      expectTypeOf(c.zrangestore('d', 'z', 0, -1)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zrem('z', 'a', 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.zrank('z', 'a')).resolves.toEqualTypeOf<number | null>()
      expectTypeOf(c.zrank('z', 'a', 'WITHSCORE')).resolves.toEqualTypeOf<[rank: number, score: number] | null>()
      expectTypeOf(c.zpopmin('z', 2)).resolves.toEqualTypeOf<[member: string, score: number][]>()
      expectTypeOf(c.zdiff(2, 'a', 'b')).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.bzpopmin('z', 5)).resolves.toEqualTypeOf<[key: string, member: string, score: number] | null>()
      expectTypeOf(c.zmpop(1, 'z', 'MIN')).resolves.toEqualTypeOf<
        [key: string, members: [member: string, score: number][]] | null
      >()
    })
  })

  it('wrong', () => {
    check((c) => {
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
      c.zscore('z')
      // @ts-expect-error
      c.zrank('z', 'a', 'WITHSCORES')
      // @ts-expect-error
      c.zmpop(1, 'z', 'MIDDLE')
      // @ts-expect-error
      c.bzpopmin('z')
    })
  })
})

describe('streams', () => {
  it('right', () => {
    check((c) => {
      expectTypeOf(c.xadd('s', '*', { f: 1 })).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.xadd('s', '*', 'f', 1)).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.xadd('s', id, new Map([['f', 1]]))).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.xadd('s', 'MAXLEN', '~', 100, '*', user)).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.xadd('s', 'MAXLEN', '~', 100, 'LIMIT', 5, '*', 'f', 1)).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.xadd('s', 'KEEPREF', 'MINID', 5, '*', { f: 1 })).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.xadd('s', 'NOMKSTREAM', '*', { f: 1 })).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.xadd('s', 'NOMKSTREAM', '*', 'f', 1)).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.xadd('s', 'NOMKSTREAM', 'MAXLEN', 5, '*', 'f', 1)).resolves.toEqualTypeOf<string | null>()
      // As the last option, NOMKSTREAM looks like an id.
      expectTypeOf(c.xadd('s', 'MAXLEN', 5, 'NOMKSTREAM', '*', 'f', 1)).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.xadd('s', 'KEEPREF', 'MINID', 5, '1-*', { f: 1 })).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.xlen('s')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.xdel('s', '1-0', '2-0')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.xtrim('s', 'MAXLEN', '~', 1_000)).resolves.toEqualTypeOf<number>()
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
      expectTypeOf(c.xack('s', 'g', '1-0')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.xautoclaim('s', 'g', 'me', 0, '0', 'JUSTID')).resolves.toEqualTypeOf<
        [next: string, ids: string[], deleted: string[]]
      >()
      expectTypeOf(c.xinfoStream('s')).resolves.toEqualTypeOf<Record<string, Reply>>()
    })
  })

  it('wrong', () => {
    check((c) => {
      // @ts-expect-error
      c.xadd('s', '*')
      // @ts-expect-error
      c.xadd('s')
      // @ts-expect-error
      c.xread({ s: '$' })
      // @ts-expect-error
      c.xread('STREAMS')
      // @ts-expect-error
      c.xread('COUNT', 'STREAMS', 's', '0')
      // @ts-expect-error
      c.xreadgroup('g', 'me', 'STREAMS', 's', '>')
      // @ts-expect-error
      c.xrange('s', '-')
      // @ts-expect-error
      c.xrange('s', '-', '+', 5)
      // @ts-expect-error
      c.xtrim('s', 'LENGTH', 5)
      // @ts-expect-error
      c.xack('s', 'g')
    })
  })
})

describe('places, bits and estimates', () => {
  it('right', () => {
    check((c) => {
      expectTypeOf(c.geoadd('g', 13.4, 52.5, 'Berlin')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.geodist('g', 'a', 'b', 'km')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.geopos('g', 'a')).resolves.toEqualTypeOf<([longitude: number, latitude: number] | null)[]>()
      expectTypeOf(c.geosearch('g', 'FROMMEMBER', 'a', 'BYRADIUS', 10, 'km', 'ASC')).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.geosearch('g', 'BYPOLYGON', 3, 1, 1, 2, 2, 3, '1.5', 'ASC')).resolves.toEqualTypeOf<string[]>()
      expectTypeOf(c.geosearch('g', 'BYPOLYGON', 3, [1, 1, 2, 2, 3, 1])).resolves.toEqualTypeOf<string[]>()
      type Place = [member: string, ...(string | number | [longitude: number, latitude: number])[]]
      const polygon = c.geosearch('g', 'BYPOLYGON', 3, 1, 1, 2, 2, 3, 1, 'WITHCOORD')
      expectTypeOf(polygon).resolves.toEqualTypeOf<string[] | Place[]>()
      const circle = c.geosearch('g', 'FROMMEMBER', 'a', 'BYRADIUS', text, 'km', 'WITHDIST')
      expectTypeOf(circle).resolves.toEqualTypeOf<string[] | Place[]>()
      expectTypeOf(c.setbit('k', 7, 1)).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.getbit('k', 7)).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.bitcount('k', 0, -1, 'BIT')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.bitfield('k', 'GET', 'i64', 0)).resolves.toEqualTypeOf<(number | bigint | null)[]>()
      expectTypeOf(c.bitfieldRo('k', 'GET', 'i64', 0)).resolves.toEqualTypeOf<(number | bigint)[]>()
      expectTypeOf(c.bitop('AND', 'd', 'a', 'b')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.pfadd('h', 'a', 'b')).resolves.toEqualTypeOf<0 | 1>()
      expectTypeOf(c.pfcount('h', 'i')).resolves.toEqualTypeOf<number>()
    })
  })

  it('wrong', () => {
    check((c) => {
      // @ts-expect-error
      c.geodist('g', 'a', 'b', 'inch')
      // @ts-expect-error
      c.geosearch('g', 'FROMMEMBER', 'a', 'BYRADIUS', 1, 'km', 'WITHEVERYTHING')
      // @ts-expect-error
      c.geoadd('g', 13.4, 52.5)
      // @ts-expect-error
      c.setbit('k', 7)
      // @ts-expect-error
      c.bitop('NAND', 'd', 'a')
      // @ts-expect-error
      c.bitcount('k', 0, -1, 'NIBBLE')
      // @ts-expect-error
      c.pfcount()
    })
  })
})

describe('scripts and functions', () => {
  it('right', () => {
    check((c) => {
      expectTypeOf(c.eval('return 1', 1, 'k', 'a')).resolves.toEqualTypeOf<Reply>()
      expectTypeOf(c.eval('return 1', 0)).resolves.toEqualTypeOf<Reply>()
      expectTypeOf(c.evalsha('f00', 1, 'k')).resolves.toEqualTypeOf<Reply>()
      expectTypeOf(c.fcall('f', 1, 'k', 'a')).resolves.toEqualTypeOf<Reply>()
      expectTypeOf(c.functionLoad('REPLACE', 'code')).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.scriptLoad('return 1')).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.scriptExists('f00')).resolves.toEqualTypeOf<(0 | 1)[]>()
      expectTypeOf(c.run(count, ['k'], [1])).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.run(count, [])).resolves.toEqualTypeOf<number>()
    })
  })

  it('wrong', () => {
    check((c) => {
      // @ts-expect-error
      c.eval('return 1', ['k'])
      // @ts-expect-error
      c.eval('return 1')
      // @ts-expect-error
      c.evalsha('f00', ['k'], ['a'])
      // @ts-expect-error
      c.fcall('f')
      // @ts-expect-error
      c.run('return 1', [])
      // @ts-expect-error
      c.run(count, 'k')
      // @ts-expect-error
      c.run(count)
    })
  })
})

describe('the server, its clients, and modules', () => {
  it('right', () => {
    check((c) => {
      expectTypeOf(c.ping()).resolves.toEqualTypeOf<'PONG'>()
      expectTypeOf(c.ping('x')).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.echo('x')).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.dbsize()).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.info('server')).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.time()).resolves.toEqualTypeOf<[seconds: string, microseconds: string]>()
      expectTypeOf(c.configGet('maxmemory')).resolves.toEqualTypeOf<Record<string, string>>()
      expectTypeOf(c.configSet('maxmemory', 0)).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.clientId()).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.clientList()).resolves.toEqualTypeOf<string>()
      expectTypeOf(c.clientKill('ID', 5)).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.memoryUsage('k', 'SAMPLES', 5)).resolves.toEqualTypeOf<number | null>()
      expectTypeOf(c.publish('news', 'v')).resolves.toEqualTypeOf<number>()
      expectTypeOf(c.jsonSet('k', '$', '1')).resolves.toEqualTypeOf<'OK' | null>()
      expectTypeOf(c.jsonSet('k', '$', '[1.5]', 'NX', 'FPHA', 'FP32')).resolves.toEqualTypeOf<'OK' | null>()
      expectTypeOf(c.jsonMerge('k', '$.a.b', '1')).resolves.toEqualTypeOf<'OK' | null>()
      expectTypeOf(c.jsonMset('k', '$', '1')).resolves.toEqualTypeOf<'OK' | null>()
      expectTypeOf(c.cmsIncrby('k', 'a', 1)).resolves.toEqualTypeOf<Reply[]>()
      const average = ['AGGREGATION', 'avg', 60_000] as const
      expectTypeOf(c.tsRange('t', '-', '+', ...average, 'BUCKETTIMESTAMP', 'mid', 'EMPTY')).resolves.toEqualTypeOf<
        Reply[]
      >()
      expectTypeOf(c.tsRevrange('t', '-', '+', 'LATEST', 'COUNT', 5)).resolves.toEqualTypeOf<Reply[]>()
      expectTypeOf(
        c.tsMrange('-', '+', 'FILTER', 'a=b', 'GROUPBY', 'a', 'REDUCE', 'max'),
      ).resolves.toEqualTypeOf<Reply>()
      expectTypeOf(c.tsGet('t', 'LATEST')).resolves.toEqualTypeOf<Reply>()
      expectTypeOf(c.tsCreaterule('a', 'b', ...average)).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.tsCreaterule('a', 'b', 'AGGREGATION', 'STD.P', 60_000, 0)).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(c.call('GET', 'k')).resolves.toEqualTypeOf<Reply>()
      expectTypeOf(c.call<Buffer>('DUMP', 'k')).resolves.toEqualTypeOf<Buffer>()
    })
  })

  it('wrong', () => {
    check((c) => {
      // @ts-expect-error
      c.flushall('LATER')
      // @ts-expect-error
      c.echo()
      // @ts-expect-error
      c.ping('a', 'b')
      // @ts-expect-error
      c.configGet()
      // @ts-expect-error
      c.configSet('maxmemory')
      // @ts-expect-error
      c.publish('news')
      // @ts-expect-error
      c.memoryUsage('k', 5)
      // @ts-expect-error
      c.call()
      // @ts-expect-error
      c.call(['GET', 'k'])
      // @ts-expect-error
      c.jsonSet('k', '$')
      // @ts-expect-error
      c.jsonSet('k', '$', '[1.5]', 'FP32')
      // @ts-expect-error
      c.tsRange('t', '-', '+', 'AGGREGATION', 'avg', 60_000, 'BUCKETTIMESTAMP')
      // @ts-expect-error
      c.tsGet('t', 'OLDEST')
      // @ts-expect-error
      c.tsCreaterule('a', 'b', 'AGGREGATION', 'average', 60_000)
    })
  })
})

describe('options, of which variables may be true or false', () => {
  it('right', () => {
    check((c) => {
      const buffers = c.with({ buffers: true })
      expectTypeOf(buffers.get('k')).resolves.toEqualTypeOf<Buffer | null>()
      expectTypeOf(buffers.hgetall('k')).resolves.toEqualTypeOf<Record<string, Buffer>>()
      expectTypeOf(buffers.xadd('s', '*', { f: 1 })).resolves.toEqualTypeOf<string>()
      expectTypeOf(buffers.with({ buffers: false }).get('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(buffers.aclDryrun('u', 'GET', 'k')).resolves.toEqualTypeOf<'OK' | Buffer>()
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
      expectTypeOf(c.duplicate({ maps: 'map' }).hgetall('k')).resolves.toEqualTypeOf<Map<string, string>>()
    })
  })

  it('wrong', () => {
    check((c) => {
      // @ts-expect-error
      c.with({ timeuot: 5 })
      // @ts-expect-error
      c.with({ timeout: 5, bufers: true })
      // @ts-expect-error
      c.with({ retry: 'sometimes' })
      // @ts-expect-error
      c.duplicate({ bufers: true })
      // @ts-expect-error
      createClient({ bufers: true })
      // @ts-expect-error
      new Client({ buffers: true })
      // @ts-expect-error
      c.close(5_000)
      // @ts-expect-error
      c.transaction('k', () => null, { tries: 5 })
    })
  })
})

describe('transactions, sessions and subscriptions', () => {
  it('right', () => {
    check((c, s) => {
      expectTypeOf(c.multi().get('a').strlen('b').exec()).resolves.toEqualTypeOf<[string | null, number]>()
      expectTypeOf(c.multi().set('a', 1, 'NX').lpop('l', 2).exec()).resolves.toEqualTypeOf<
        ['OK' | null, string[] | null]
      >()
      expectTypeOf(c.with({ buffers: true }).multi().get('a').exec()).resolves.toEqualTypeOf<[Buffer | null]>()
      expectTypeOf(s.watch('a', 'b')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(s.unwatch()).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(s.select(1)).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(s.clientSetname('x')).resolves.toEqualTypeOf<'OK'>()
      expectTypeOf(s.get('k')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.session((each) => each.get('k'))).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(c.session('k', (each) => each.get('k'))).resolves.toEqualTypeOf<string | null>()
      // What is sent between MULTI and EXEC by hand answers QUEUED: the type of `call` includes that.
      expectTypeOf(s.call('MULTI')).resolves.toEqualTypeOf<Reply>()
      expectTypeOf(s.call('INCR', 'n')).resolves.toEqualTypeOf<Reply>()
      expectTypeOf<'QUEUED'>().toExtend<Reply>()
    })
  })

  it('wrong', () => {
    check((c) => {
      // @ts-expect-error
      c.watch('k')
      // @ts-expect-error
      c.select(1)
      // @ts-expect-error
      c.multi().select(1)
      // @ts-expect-error
      c.multi().set('k', 'v', 'EX')
      // @ts-expect-error
      c.multi('k')
      // @ts-expect-error
      c.session()
      // @ts-expect-error
      c.session({ key: 'k' }, () => 1)
      // @ts-expect-error
      c.transaction('k')
      // @ts-expect-error
      c.subscribe('a', 'b')
      // @ts-expect-error
      c.subscribe('a', (message: unknown) => message)
    })
  })
})

describe('a subclass with methods of its own', () => {
  class Shop extends Client {
    async stockOf(item: string): Promise<number> {
      return Number(await this.hget('stock', item))
    }

    override get(key: string): Promise<string | null> {
      return super.get(`shop:${key}`)
    }
  }
  class Images extends Client<RepliesOf<{ buffers: true }>> {
    image(name: string): Promise<Buffer | null> {
      return this.get(name)
    }
  }

  it('right', () => {
    check(() => {
      const shop = new Shop('redis://localhost', { timeout: 200 })
      expectTypeOf(shop.stockOf('pen')).resolves.toEqualTypeOf<number>()
      expectTypeOf(shop.get('pen')).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(shop.hgetall('stock')).resolves.toEqualTypeOf<Record<string, string>>()
      const images = new Images('redis://localhost', { buffers: true })
      new Images({ host: 'localhost', buffers: true })
      expectTypeOf(images.image('logo')).resolves.toEqualTypeOf<Buffer | null>()
      expectTypeOf(images.lrange('names', 0, -1)).resolves.toEqualTypeOf<Buffer[]>()
    })
  })

  it('wrong', () => {
    check(() => {
      const shop = new Shop('redis://localhost')
      // @ts-expect-error
      shop.stockOf()
      // @ts-expect-error
      shop.with({ timeout: 5 }).stockOf('pen')
      // @ts-expect-error
      shop.multi().stockOf('pen')
      // @ts-expect-error
      new Shop('redis://localhost', { buffers: true })
      // @ts-expect-error
      new Images('redis://localhost')
      // @ts-expect-error
      new Images()
      // @ts-expect-error
      new Images({ host: 'localhost' })
    })
  })
})

describe('this file', () => {
  const text = readFileSync(new URL(import.meta.url), 'utf8')
  const wrong = [...text.matchAll(/^ *\/\/ @ts-expect-error\n *(.*)/gm)].map(([, call]) => call as string)

  it('has 200 right calls and 100 wrong ones at least', () => {
    expect(text.match(/^ *expectTypeOf\(.*resolves/gm)?.length).toBeGreaterThanOrEqual(200)
    expect(wrong.length).toBeGreaterThanOrEqual(100)
  })

  it('has wrong calls only of methods that exist, but for those that only a session has', () => {
    const client = createClient()
    const names = wrong.flatMap((call) => /^c\.(\w+)\(/.exec(call)?.[1] ?? [])
    expect(names.filter((name) => !(name in client))).toEqual(['watch', 'select'])
    client.destroy()
  })
})
