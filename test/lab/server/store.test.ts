import { describe, expect, it } from 'vitest'
import { bulk, error, integer, nothing, ok } from '../../../lab/server/reply.js'
import { Store } from '../../../lab/server/store.js'

const stoppedClock = (): { now: number } => ({ now: 1_000_000 })

describe('the store', () => {
  it('uses the given time: keys disappear when they expire, not before', () => {
    const clock = stoppedClock()
    const store = new Store({ now: () => clock.now })
    store.execute(['SET', 'k', 'v', 'PX', '100'])
    expect(store.execute(['PTTL', 'k'])).toEqual(integer(100))
    clock.now += 99
    expect(store.execute(['GET', 'k'])).toEqual(bulk('v'))
    clock.now += 1
    expect(store.execute(['GET', 'k'])).toEqual(nothing)
    expect(store.execute(['DEL', 'k'])).toEqual(integer(0))
  })

  it('keeps the expiry when a value is modified, and removes it on SET', () => {
    const store = new Store({ now: () => 0 })
    store.execute(['SET', 'n', '1', 'EX', '10'])
    store.execute(['INCR', 'n'])
    store.execute(['APPEND', 'n', '0'])
    expect(store.execute(['TTL', 'n'])).toEqual(integer(10))
    store.execute(['SET', 'n', '1', 'KEEPTTL'])
    expect(store.execute(['TTL', 'n'])).toEqual(integer(10))
    store.execute(['SET', 'n', '1'])
    expect(store.execute(['TTL', 'n'])).toEqual(integer(-1))
  })

  it('keeps databases separate', () => {
    const store = new Store({ now: () => 0, databases: 2 })
    store.execute(['SET', 'k', 'zero'], 0)
    store.execute(['SET', 'k', 'one'], 1)
    expect(store.execute(['GET', 'k'], 0)).toEqual(bulk('zero'))
    store.execute(['FLUSHDB'], 1)
    expect(store.execute(['EXISTS', 'k'], 1)).toEqual(integer(0))
    expect(store.execute(['EXISTS', 'k'], 0)).toEqual(integer(1))
    expect(store.execute(['FLUSHALL'])).toEqual(ok)
    expect(store.execute(['DBSIZE'], 0)).toEqual(integer(0))
    expect(() => store.execute(['DBSIZE'], 2)).toThrow(RangeError)
  })

  it('counts in 64 bits, exactly', () => {
    const store = new Store({ now: () => 0 })
    store.execute(['SET', 'n', '9223372036854775806'])
    expect(store.execute(['INCR', 'n'])).toEqual(integer(9_223_372_036_854_775_807n))
    expect(store.execute(['INCR', 'n'])).toEqual(error('ERR increment or decrement would overflow'))
    expect(store.execute(['GET', 'n'])).toEqual(bulk('9223372036854775807'))
  })

  it('accepts any bytes as key, field and member', () => {
    const store = new Store({ now: () => 0 })
    const bytes = Buffer.from([0, 255, 13, 10, 0xc3, 0x28])
    const command = (name: string, ...rest: Buffer[]): Buffer[] => [Buffer.from(name), ...rest]
    store.execute(command('SET', bytes, bytes))
    expect(store.execute(command('GET', bytes))).toEqual({ type: 'bulk', value: bytes })
    store.execute(command('SADD', Buffer.from('s'), bytes))
    expect(store.execute(['SMEMBERS', 's'])).toEqual({ type: 'set', items: [{ type: 'bulk', value: bytes }] })
    expect(store.execute(['KEYS', '*'])).toEqual({ type: 'array', items: [{ type: 'bulk', value: bytes }, bulk('s')] })
  })

  it('copies the bytes it is given', () => {
    const store = new Store({ now: () => 0 })
    const value = Buffer.from('before')
    store.execute([Buffer.from('SET'), Buffer.from('k'), value])
    store.execute([Buffer.from('RPUSH'), Buffer.from('l'), value])
    value.fill('x')
    expect(store.execute(['GET', 'k'])).toEqual(bulk('before'))
    expect(store.execute(['LRANGE', 'l', '0', '0'])).toEqual({ type: 'array', items: [bulk('before')] })
  })

  it('changes nothing when a command fails', () => {
    const store = new Store({ now: () => 0 })
    store.execute(['SET', 's', 'text'])
    expect(store.execute(['LPUSH', 's', 'x'])).toMatchObject({ type: 'error', text: /^WRONGTYPE / })
    expect(store.execute(['SET', 's', 'new', 'EX', '0'])).toMatchObject({ type: 'error' })
    expect(store.execute(['ZADD', 'z', '1', 'a', 'much', 'b'])).toMatchObject({ type: 'error' })
    expect(store.execute(['GET', 's'])).toEqual(bulk('text'))
    expect(store.execute(['EXISTS', 'z'])).toEqual(integer(0))
  })

  it.each([
    ['h?llo', ['hello', 'hallo', 'h.llo'], ['hllo', 'heello']],
    ['h[ae]llo', ['hello', 'hallo'], ['h.llo']],
    ['h[^e]llo', ['hallo', 'h.llo'], ['hello']],
    ['h[a-e]llo', ['hello', 'hallo'], ['hfllo']],
    ['h\\*llo', ['h*llo'], ['hello']],
    ['*', ['a\nb', ''], []],
    ['a.c', ['a.c'], ['abc']],
  ])('finds keys by the pattern %j', (pattern, matching, others) => {
    const store = new Store({ now: () => 0 })
    for (const key of [...matching, ...others]) store.execute(['SET', key, ''])
    expect(store.execute(['KEYS', pattern])).toEqual({ type: 'array', items: matching.map(bulk) })
  })
})
