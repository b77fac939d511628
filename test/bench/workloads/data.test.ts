import { expect, it } from 'vitest'
import { checkPrefix } from '../../../bench/workloads/data.js'

it('a prefix of keys that the bare socket would count wrongly is refused', () => {
  expect(() => checkPrefix('prüf:')).toThrow('RESPITE_BENCH_PREFIX must be printable ASCII; got prüf:')
  expect(() => checkPrefix('{my}:bench-')).not.toThrow()
  expect(() => checkPrefix()).not.toThrow()
})
