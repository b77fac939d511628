import { describe, expect, it } from 'vitest'
import { isAsNew, masterView, promotionOf, switchMessage } from '../../src/sentinel/address.js'

const master = ['name', 'm', 'ip', '10.0.0.1', 'port', '6379', 'config-epoch', '7']

describe('what a sentinel says of the master', () => {
  it('is its address and its epoch, from a list (RESP2) or a map (RESP3)', () => {
    const map = { name: 'm', ip: '10.0.0.1', port: '6379', 'config-epoch': '7' }
    for (const about of [master, map]) {
      expect(masterView(['10.0.0.1', '6379'], about)).toEqual({ host: '10.0.0.1', port: 6379, epoch: 7 })
    }
  })

  it('of a replica that is being promoted is newer than the epoch says', () => {
    expect(masterView(['10.0.0.2', '6380'], master)).toEqual({ host: '10.0.0.2', port: 6380, epoch: 7.5 })
  })

  it.each([
    [null],
    [['10.0.0.1']],
    [['', '6379']],
    ...['x', '0', '-1', '6379.5', '70000', ''].map((port): [string[]] => [['10.0.0.1', port]]),
    ['OK'],
  ])('is nothing if its reply is %j', (reply) => expect(masterView(reply as never, master)).toBeUndefined())

  it.each(['x', 'Infinity', '1e30'])(
    'is nothing if its epoch is %s: it would count as newer than all others',
    (epoch) => {
      expect(masterView(['10.0.0.1', '6379'], { 'config-epoch': epoch })).toBeUndefined()
    },
  )
})

describe('a view of the master', () => {
  const known = { host: 'b', port: 1, epoch: 2.5 }

  it('is as new as any if nothing is known', () => {
    expect(isAsNew({ host: 'a', port: 1, epoch: 0 }, undefined)).toBe(true)
  })

  it('is outdated if its epoch is lower', () => {
    expect(isAsNew({ host: 'a', port: 1, epoch: 2 }, known)).toBe(false)
    expect(isAsNew({ host: 'a', port: 1, epoch: 3 }, known)).toBe(true)
  })

  it('is not outdated by the half epoch of a promotion if it names the same address', () => {
    expect(isAsNew({ host: 'b', port: 1, epoch: 2 }, known)).toBe(true)
    expect(isAsNew({ host: 'b', port: 1, epoch: 1 }, known)).toBe(false)
  })
})

describe('a message of +switch-master', () => {
  it('says which master is where now', () => {
    expect(switchMessage('m 10.0.0.1 6379 10.0.0.2 6380')).toEqual({ name: 'm', host: '10.0.0.2', port: 6380 })
  })

  it.each(['', 'm', 'm 10.0.0.1 6379 10.0.0.2', 'm a 1 b 2 3', 'm a 1 b 0', 'm a 1 b x', 'm a 1 b 99999', 'm a 1  2'])(
    'says nothing if it is %j',
    (text) => {
      expect(switchMessage(text)).toBeUndefined()
    },
  )
})

describe('a message of +promoted-slave', () => {
  it('says which master is replaced', () => {
    expect(promotionOf('slave 10.0.0.2:6380 10.0.0.2 6380 @ m 10.0.0.1 6379')).toBe('m')
  })

  it.each(['', 'slave', 'master m 10.0.0.1 6379'])('says nothing if it is %j', (text) => {
    expect(promotionOf(text)).toBeUndefined()
  })
})
