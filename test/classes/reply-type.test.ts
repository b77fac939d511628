import { describe, expect, it } from 'vitest'
import type { ReplyOptions } from '../../src/commands/reply-shapes.js'
import { declaredTypes, isOfType } from './reply-type.js'

const options: ReplyOptions = { buffers: false, maps: 'object', sets: 'array', integers: 'number', raw: false }
const everyOption: ReplyOptions = { buffers: true, maps: 'map', sets: 'set', integers: 'bigint', raw: false }
const bulk = Buffer.from('a')

describe('a value is of a type', () => {
  it.each([
    ["'OK' | null", [null, 'OK'], ['ok', undefined]],
    ['0 | 1', [0, 1], [2, true, null]],
    ['(Bulk | null)[]', [[], ['a', null]], [['a', 1], 'a', [bulk]]],
    ['MapOf<Reply>[]', [[{}], [{ a: [1, null] }]], [[[]], [new Map()], [{ a: undefined }]]],
    [
      '[key: Bulk, members: [member: Bulk, score: number][]] | null',
      [['k', [['a', 1]]], null],
      [['k', ['a', 1]], ['k']],
    ],
    [
      '[text: string, range?: number]',
      [['a'], ['a', 1]],
      [
        ['a', null],
        ['a', 1, 2],
      ],
    ],
    ['[member: Bulk, ...(Bulk | number)[]][]', [[['a']], [['a', 'b', 1]]], [[[]], [['a', null]]]],
    [
      'StreamEntry<Bulk>[]',
      [[{ id: '1-0', fields: [['a', 'b']] }], [{ id: '1-0', fields: null }]],
      [[{ id: 1, fields: null }], [{ id: '1-0', fields: [['a']] }]],
    ],
    ['ScanReply<Bulk>', [{ cursor: '0', elements: ['a'] }], [['0', ['a']], { cursor: 0, elements: [] }]],
    ['Int', [1], [1n]],
    ['Times', [[], [1, -1]], [1, [1n]]],
    ['(number | bigint)[]', [[1, 1n]], [['1']]],
    ['SetOf<Bulk>', [['a']], [new Set(['a'])]],
  ] as const)('%s', (type, right, wrong) => {
    expect(right.filter((value) => !isOfType(value, type, options))).toEqual([])
    expect(wrong.filter((value) => isOfType(value, type, options))).toEqual([])
  })

  it.each([
    ['Bulk', bulk, 'a'],
    ['string', 'a', bulk],
    ['MapOf<Bulk>', new Map([[bulk, bulk]]), new Map([['a', bulk]])],
    ['SetOf<Bulk>', new Set([bulk]), [bulk]],
    ['Int', 1n, 1],
    ['Reply', new Map([[bulk, new Set([1])]]), { a: 1 }],
  ])('%s, with every option', (type, right, wrong) => {
    expect([isOfType(right, type, everyOption), isOfType(wrong, type, everyOption)]).toEqual([true, false])
  })
})

it('the declared types follow the tokens among the arguments', () => {
  expect(declaredTypes('ZADD', ['ZADD', 'z', 'incr', 1, 'a'])).toEqual(['number | null'])
  expect(declaredTypes('ZADD', ['ZADD', 'z', 1, 'a'])).toEqual(['number'])
  expect(declaredTypes('SET', ['SET', 'k', 'v', 'NX'])).toEqual(["'OK' | null"])
  expect(declaredTypes('LPOP', ['LPOP', 'k'])?.length).toBeGreaterThan(1)
  expect(declaredTypes('NOPE', ['NOPE'])).toBeUndefined()
})
