import { describe, expect, it } from 'vitest'
import { toEntries, toMap, toNumber, toRange, toScored, toSet, toStreams } from '../../src/commands/transforms.js'
import { type DecodeMode, type Reply, textMode } from '../../src/protocol/types.js'

const maps: DecodeMode = { ...textMode, maps: 'map', sets: 'set' }

describe('replies have one form with RESP2 (left) and RESP3 (right)', () => {
  it.each<[string, (reply: Reply, mode: DecodeMode) => unknown, Reply, Reply, unknown]>([
    ['maps', toMap, ['a', '1', 'b', '2'], { a: '1', b: '2' }, { a: '1', b: '2' }],
    ['numbers', toNumber, '1.5', 1.5, 1.5],
    ['infinite numbers', toNumber, '-inf', -Infinity, -Infinity],
    ['absent numbers', toNumber, null, null, null],
    [
      'members with scores',
      toScored,
      ['a', '1', 'b', 'inf'],
      [
        ['a', 1],
        ['b', Infinity],
      ],
      [
        ['a', 1],
        ['b', Infinity],
      ],
    ],
    ['a range', toRange, ['a', 'b'], ['a', 'b'], ['a', 'b']],
    [
      'a range with scores',
      toRange,
      ['a', '1.5', 'b', '-inf'],
      [
        ['a', 1.5],
        ['b', -Infinity],
      ],
      ['a', '1.5', 'b', '-inf'],
    ],
    ['entries', toEntries, [['1-0', ['f', 'v']]], [['1-0', ['f', 'v']]], [['1-0', { f: 'v' }]]],
    ['streams', toStreams, [['s', [['1-0', ['f', 'v']]]]], { s: [['1-0', ['f', 'v']]] }, { s: [['1-0', { f: 'v' }]] }],
    ['no streams', toStreams, null, null, null],
  ])('%s', (_name, transform, resp2, resp3, value) => {
    expect(transform(resp2, textMode)).toEqual(value)
    expect(transform(resp3, textMode)).toEqual(value)
  })

  it('and the form that the decode mode sets', () => {
    expect(toMap(['a', '1'], maps)).toEqual(new Map([['a', '1']]))
    expect(toSet(['a', 'b'], maps)).toEqual(new Set(['a', 'b']))
    expect(toSet(['a', 'b'], textMode)).toEqual(['a', 'b'])
  })

  it('a field named __proto__ is an ordinary field', () => {
    const object = toMap(['__proto__', 'x'], textMode) as Record<string, unknown>
    expect(Object.keys(object)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
  })
})
