import { expect, it } from 'vitest'
import { lookup } from '../../src/commands/catalogue.js'
import { changedKeysOf } from '../../src/commands/changed-keys.js'

/** Each line is a command; several are a transaction. */
const changedBy = (...lines: readonly string[]): readonly string[] | 'all' => {
  const commands = lines.map((line) => {
    const args = line.split(' ')
    return { descriptor: lookup(args), args }
  })
  const keys = changedKeysOf(commands)
  return keys === 'all' ? keys : [...keys]
}

it.each([
  [['SET k v'], ['k']],
  [['MSET a 1 b 2'], ['a', 'b']],
  [
    ['SET k v', 'INCR n'],
    ['k', 'n'],
  ],
  [['GET k'], []],
  [['PUBLISH c m'], []],
  [['SPUBLISH c m'], []],
  [['WAIT 1 0'], []],
  [['WAITAOF 1 1 0'], []],
  [['SET k v', 'PUBLISH c m'], ['k']],
])('%j may change only %j', (lines, keys) => {
  expect(changedBy(...lines)).toEqual(keys)
})

it.each([['FLUSHALL'], ['EVAL s 0'], ['SWAPDB 0 1'], ['UNKNOWN x'], ['MY.PUBLISH c m'], ['REPLICAOF h 1']])(
  '%s may change any key',
  (line) => {
    expect(changedBy(line)).toBe('all')
    expect(changedBy('GET k', line)).toBe('all')
  },
)
