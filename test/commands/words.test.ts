import { describe, expect, it } from 'vitest'
import { lookup } from '../../src/commands/catalogue.js'
import { bytesOf, word } from '../../src/commands/words.js'

describe('a keyword, as the server sees it,', () => {
  it.each([
    ['on', 'ON'],
    ['\u017fkip', '\u017fkip'],
    ['l\u0131mit', 'l\u0131mit'],
    ['nx\0anything', 'NX'],
    [Buffer.from('off'), 'OFF'],
    [Buffer.from([0xdf]), '\u00df'],
    [Number.POSITIVE_INFINITY, 'INF'],
    [undefined, ''],
  ])('in %j is %j: only ASCII letters have a case, and a NUL ends it', (argument, expected) => {
    expect(word(argument)).toBe(expected)
  })
})

it('an infinite number is the same key as its text', () => {
  expect(bytesOf(Number.NEGATIVE_INFINITY).equals(Buffer.from('-inf'))).toBe(true)
})

describe('a command that no server knows', () => {
  it.each([[['CLIENT REPLY', 'x', 'OFF']], [['cl\u0131ent', 'REPLY', 'OFF']], [['CLIENT\0', 'REPLY', 'OFF']]])(
    '%j is none that the client knows',
    (args) => {
      expect(lookup(args)).toMatchObject({ retryClass: 'unsafe', keys: 'unknown', runsUserCode: true })
      expect(lookup(args).name).not.toBe('CLIENT REPLY')
    },
  )
})
