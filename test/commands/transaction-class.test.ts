import { expect, it } from 'vitest'
import { lookup } from '../../src/commands/catalogue.js'
import { retryClassOfTransaction } from '../../src/commands/transaction-class.js'

/** Each line is a command of the transaction. */
const classOf = (...lines: readonly string[]): string =>
  retryClassOfTransaction(
    lines.map((line) => {
      const args = line.split(' ')
      return { descriptor: lookup(args), args }
    }),
  )

it.each([
  [['GET a'], 'read'],
  [['GET a', 'SET b 1'], 'idempotent'],
  [['SET a 1', 'GET a'], 'idempotent'],
  [['HSET h f v', 'EXPIRE h 10'], 'convergent'],
  [['SET a 1', 'INCR a', 'DEL a'], 'unsafe'],
])('a transaction has the least safe class of its commands: %j is %s', (lines, expected) => {
  expect(classOf(...lines)).toBe(expected)
})

it.each([
  [['GET a', 'SET a 0']],
  [['GET b', 'MGET c a', 'SET b2 1', 'MSET x 1 a 0']],
  [['HGETALL h', 'HMSET h f v']],
  [['GETEX a PERSIST', 'SET a 0']],
  [['SETRANGE a 5 x', 'SET a 0']],
])('%j is convergent, because a repetition reads what the first run wrote', (lines) => {
  expect(classOf(...lines)).toBe('convergent')
})

it.each([
  [['COPY a b REPLACE', 'SET a 0']],
  [['SUNIONSTORE all a b', 'DEL b']],
  [['ZUNIONSTORE all 2 a b', 'GET c', 'UNLINK a']],
  [['DEL a b', 'HSET a f v']],
])('%j is unsafe, because a repetition stores what the first run wrote', (lines) => {
  expect(classOf(...lines)).toBe('unsafe')
})

it.each([
  [['SET a 1', 'SET a 2']],
  [['MSET a 1 b 1', 'SETEX a 10 2']],
  [['SETEX a 10 1', 'SET a 2']],
  [['SET all x', 'SUNIONSTORE all a b', 'SMEMBERS all']],
])('%j is idempotent, because no command reads what a later one writes', (lines) => {
  expect(classOf(...lines)).toBe('idempotent')
})

it('finds the keys of a transaction with many commands in one pass', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `SET k${index} v`)
  expect(classOf(...lines)).toBe('idempotent')
  expect(classOf('GET k19999', ...lines)).toBe('convergent')
})
