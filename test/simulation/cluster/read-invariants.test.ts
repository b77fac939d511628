import { describe, expect, it } from 'vitest'
import { Tally } from '../tally.js'
import type { Call, Run } from './calls.js'
import type { FinishedRun } from './invariants.js'
import { checkReads } from './read-invariants.js'

/** What is said of a transaction that reads two lists, both of which have been empty, `1` and `1,2`. */
function violationsOf(read: readonly [string[], string[]], hasMigrations = false): string[] {
  const violations: string[] = []
  const keys = ['{a}1', '{a}2']
  const runs = keys.map(
    (key, index): Pick<Run, 'key' | 'reply' | 'isHolder'> => ({
      key,
      reply: {
        type: 'array',
        items: (read[index] as string[]).map((text) => ({ type: 'bulk', value: Buffer.from(text) })),
      },
      isHolder: true,
    }),
  )
  const call = { number: 7, kind: 'ranges', keys, readsFrom: 'master', settled: 'resolved', value: read, runs }
  const run = {
    calls: { all: [call as unknown as Call], lists: new Map(keys.map((key) => [key, new Set(['1', '1,2'])])) },
    faults: { hasMigrations, hasOnly: () => false },
    reading: { isUsed: false },
    tally: new Tally(),
    violation: (text: string) => violations.push(text),
  }
  checkReads(run as unknown as FinishedRun)
  return violations
}

describe('Of a transaction that reads two lists which change together', () => {
  it.each([
    [[[], []]],
    [[['1'], ['1']]],
    [
      [
        ['1', '2'],
        ['1', '2'],
      ],
    ],
  ] as [[string[], string[]]][])('%j is one state', (read) => {
    expect(violationsOf(read)).toEqual([])
  })

  it.each([[[['1'], ['1', '2']]], [[['1', '2'], ['1']]], [[['1'], []]]] as [[string[], string[]]][])(
    '%j is torn',
    (read) => {
      expect(violationsOf(read)).toEqual([expect.stringMatching('#7 ranges {a}1,{a}2 read two states')])
    },
  )

  it('nothing is asked where a slot moves key by key', () => {
    expect(violationsOf([['1'], []], true)).toEqual([])
  })
})
