import { describe, expect, it } from 'vitest'
import { lookup } from '../../src/commands/catalogue.js'
import { headLength, headOf } from '../../src/once/digest.js'
import type { Argument } from '../../src/protocol/types.js'

const command = (...args: Argument[]) => ({ descriptor: lookup(args), args })
const head = (...args: Argument[]): string => headOf([command(...args)], false)

describe('The head of a receipt', () => {
  // Frozen: another version of this package, in another process, must compute the same head.
  it.each([
    [['INCR', 'orders'], '17CijI25_n-MwRlpgfv4Jmf'],
    [['SET', 'k', 'v', 'EX', 10], '1L5ZkHyI0n7xSwdqCdpWSIe'],
    [['XGROUP', 'CREATE', 's', 'g', '$'], '1Fg607nR5CPw5ACZqagzQZ8'],
  ])('of %j is %j', (args, expected) => {
    expect(head(...args)).toBe(expected)
  })

  it('is the same for each way to give the same bytes', () => {
    const one = head('SET', 'k', 'é', 'EX', 10)
    expect(head('set', Buffer.from('k'), Buffer.from('é'), 'EX', '10')).toBe(one)
    expect(head('SET', 'k', new Uint8Array(Buffer.from('é')), 'EX', 10n)).toBe(one)
    expect(head('xgroup', 'create', 's', 'g', '$')).toBe(head('XGROUP', 'CREATE', 's', 'g', '$'))
    expect(one).toHaveLength(headLength)
  })

  it('differs for other arguments, also where only their borders differ', () => {
    const heads = [
      head('RPUSH', 'k', 'ab', 'c'),
      head('RPUSH', 'k', 'a', 'bc'),
      head('RPUSH', 'k', 'abc'),
      head('RPUSH', 'k', 'a:1:b', 'c'),
      head('LPUSH', 'k', 'ab', 'c'),
      head('RPUSH', 'k', Buffer.from([0xff]), 'c'),
      head('RPUSH', 'k', Buffer.from([0xfe]), 'c'),
      headOf([command('RPUSH', 'k', 'abc')], true),
      headOf([command('RPUSH', 'k', 'a'), command('RPUSH', 'k', 'b')], true),
      headOf([command('RPUSH', 'k', 'b'), command('RPUSH', 'k', 'a')], true),
    ]
    expect(new Set(heads).size).toBe(heads.length)
  })
})
