import { describe, expect, it } from 'vitest'
import { type Action, isLinearizable, type Operation, shortened, traceOf } from './checker.js'

const at = (begin: number, end: number, action: Action, isOptional = false): Operation => ({
  by: 1,
  begin,
  end,
  isOptional,
  action,
})
const write = (value: string): Action => ({ kind: 'write', value })
const read = (value: string | null): Action => ({ kind: 'read', value })
const push = (value: string, length?: number): Action => ({ kind: 'push', value, length })
const range = (...values: string[]): Action => ({ kind: 'range', values })

describe('good histories', () => {
  it.each<[string, Operation[]]>([
    ['nothing', []],
    ['one after the other', [at(0, 1, write('a')), at(2, 3, read('a')), at(4, 5, write('b')), at(6, 7, read('b'))]],
    ['a read of nothing before the first write', [at(0, 1, read(null)), at(2, 3, write('a'))]],
    ['a read during a write, which sees it', [at(0, 10, write('a')), at(2, 3, read('a'))]],
    ['a read during a write, which does not see it', [at(0, 10, write('a')), at(2, 3, read(null))]],
    [
      'two writes at the same time, in either order',
      [at(0, 9, write('a')), at(0, 9, write('b')), at(10, 11, read('a'))],
    ],
    ['a write whose reply was lost, and that never ran', [at(0, Infinity, write('a'), true), at(5, 6, read(null))]],
    [
      'a write whose reply was lost, and that ran late',
      [
        at(0, Infinity, write('a'), true),
        at(5, 6, read(null)),
        at(7, 8, write('b')),
        at(9, 10, read('b')),
        at(11, 12, read('a')),
      ],
    ],
    [
      'a fenced write that ran before the fence',
      [at(0, 6, write('a'), true), at(2, 3, read('a')), at(7, 8, read('a'))],
    ],
    ['lists', [at(0, 1, push('a', 1)), at(2, 3, push('b', 2)), at(4, 5, range('a', 'b'))]],
    [
      'a push whose reply was lost between two',
      [
        at(0, 1, push('a', 1)),
        at(2, Infinity, push('b'), true),
        at(3, 4, push('c', 3)),
        at(5, 6, range('a', 'b', 'c')),
      ],
    ],
  ])('%s', (_, history) => expect(isLinearizable(history)).toBe(true))
})

describe('bad histories', () => {
  const heldWrite = [at(0, 5, write('a')), at(6, 7, write('b')), at(8, 9, read('b')), at(10, 11, read('a'))]
  const cases: [string, Operation[]][] = [
    ['a write that runs again after a later one', heldWrite],
    ['a read of what was never written', [at(0, 1, read('x'))]],
    ['a read of an older value', [at(0, 1, write('a')), at(2, 3, write('b')), at(4, 5, read('a'))]],
    ['a read that forgets an acknowledged write', [at(0, 1, write('a')), at(2, 3, read(null))]],
    [
      'two reads in the order that no write allows',
      [at(0, 9, write('a')), at(0, 9, write('b')), at(10, 11, read('a')), at(12, 13, read('b'))],
    ],
    [
      'a fenced write that runs after the fence',
      [at(0, 6, write('a'), true), at(7, 8, read(null)), at(9, 10, read('a'))],
    ],
    [
      'a write that ran, and then ran again',
      [
        at(0, Infinity, write('a'), true),
        at(1, 2, read('a')),
        at(3, 4, write('b')),
        at(5, 6, read('b')),
        at(7, 8, read('a')),
      ],
    ],
    ['an element twice', [at(0, 1, push('a', 1)), at(2, 3, range('a', 'a'))]],
    ['a length that counts somebody else', [at(0, 1, push('a', 2))]],
    ['an element lost', [at(0, 1, push('a', 1)), at(2, 3, push('b', 2)), at(4, 5, range('b'))]],
    ['elements in the wrong order', [at(0, 1, push('a', 1)), at(2, 3, push('b', 2)), at(4, 5, range('b', 'a'))]],
  ]
  it.each(cases)('%s', (_, history) => expect(isLinearizable(history)).toBe(false))

  it('are shown without what is not needed', () => {
    const noise = Array.from({ length: 10 }, (_, i) => at(20 + i, 20.5 + i, read('a')))
    const trace = traceOf(shortened([...heldWrite, ...noise]))
    expect(trace).toEqual(['   0 to    5 ms  SET a', '   6 to    7 ms  SET b', expect.stringContaining('GET: a')])
  })
})

it('decides on many operations at the same time', () => {
  const writers = Array.from({ length: 12 }, (_, i) => at(i, 100 + i, write(`w${i}`)))
  const reads = Array.from({ length: 60 }, (_, i) => at(200 + i, 200.5 + i, read('w7')))
  const lost = Array.from({ length: 8 }, (_, i) => at(i, Infinity, write(`l${i}`), true))
  expect(isLinearizable([...writers, ...lost, ...reads])).toBe(true)
  expect(isLinearizable([...writers, ...lost, ...reads, at(300, 301, read('none'))])).toBe(false)
})
