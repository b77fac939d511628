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

const rereads = 'a repetition reads what the first run wrote'
const storesAgain = 'a repetition stores what the first run wrote'
const readsNothing = 'no command reads what a later one writes'

it.each([
  [['GET a', 'SET a 0'], 'convergent', rereads],
  [['GET b', 'MGET c a', 'SET b2 1', 'MSET x 1 a 0'], 'convergent', rereads],
  [['HGETALL h', 'HMSET h f v'], 'convergent', rereads],
  [['GETEX a PERSIST', 'SET a 0'], 'convergent', rereads],
  [['SETRANGE a 5 x', 'SET a 0'], 'convergent', rereads],
  [['COPY a b REPLACE', 'SET a 0'], 'unsafe', storesAgain],
  [['SUNIONSTORE all a b', 'DEL b'], 'unsafe', storesAgain],
  [['ZUNIONSTORE all 2 a b', 'GET c', 'UNLINK a'], 'unsafe', storesAgain],
  [['DEL a b', 'HSET a f v'], 'unsafe', storesAgain],
  [['SORT l BY nosort GET w_* STORE dst', 'SET w_1 new'], 'unsafe', storesAgain],
  [['SORT_RO l BY nosort GET w_*', 'SET w_1 new'], 'convergent', rereads],
  [['EVAL_RO return 0', 'SET k new'], 'convergent', rereads],
  [['DBSIZE', 'SET k v'], 'convergent', rereads],
  [['KEYS *', 'SET k v'], 'convergent', rereads],
  [['CONFIG GET hz', 'CONFIG SET hz 7'], 'convergent', rereads],
  [['SET k v', 'DBSIZE'], 'idempotent', readsNothing],
  [['SET w_1 new', 'SORT_RO l GET w_*'], 'idempotent', readsNothing],
  [['SET a 1', 'SET a 2'], 'idempotent', readsNothing],
  [['MSET a 1 b 1', 'SETEX a 10 2'], 'idempotent', readsNothing],
  [['SETEX a 10 1', 'SET a 2'], 'idempotent', readsNothing],
  [['SET all x', 'SUNIONSTORE all a b', 'SMEMBERS all'], 'idempotent', readsNothing],
])('%j is %s, because %s', (lines, expected) => {
  expect(classOf(...lines)).toBe(expected)
})

it('finds the keys of a transaction with many commands in one pass', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `SET k${index} v`)
  expect(classOf(...lines)).toBe('idempotent')
  expect(classOf('GET k19999', ...lines)).toBe('convergent')
})
