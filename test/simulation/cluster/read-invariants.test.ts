import { describe, expect, it } from 'vitest'
import { Tally } from '../tally.js'
import { type Call, Calls, type Run } from './calls.js'
import type { FinishedRun } from './invariants.js'
import { checkReads } from './read-invariants.js'
import type { SimulatedServer } from './servers.js'

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

/** Reads of a list, by the replica to which they are written. `ranAt` if they are run there later than that. */
type Reads = readonly { readonly at: number; readonly to: 'one' | 'two' | 'of another'; readonly ranAt?: number }[]

/** What is said of reads. From 100 to 200, replica one may be left. */
function violationsOfChoice(reads: Reads): string[] {
  const violations: string[] = []
  const follows = { self: { id: 'master' } }
  const replicaOf = (name: string, master: object) =>
    ({ name, follows: master, self: {}, member: { ownerOf: () => undefined, importing: new Set() } }) as unknown
  const one = replicaOf('one', follows)
  const replicas = { one, two: replicaOf('two', follows), 'of another': replicaOf('of another', { self: {} }) }
  let now = 0
  const calls = new Calls({ clock: { now: () => now }, tally: new Tally(), note: () => {} } as never)
  const steps = reads.flatMap(({ at, to, ranAt = at }, number) => {
    const call = { number, kind: 'range', keys: ['list:4'], readsFrom: 'replica', timeout: 1_000, runs: [] as Run[] }
    calls.all.push({ ...call, wires: new Set() } as unknown as Call)
    const args = ['LRANGE', 'list:4', '0', `${1_000_000 + number}`].map((arg) => Buffer.from(arg))
    const server = replicas[to] as SimulatedServer
    return [
      { at, take: () => calls.onWritten({} as never, args, server) },
      { at: ranAt, take: () => calls.onExecuted(server, args, { type: 'array', items: [] }, false) },
    ]
  })
  for (const { at, take } of steps.sort((first, second) => first.at - second.at)) {
    now = at
    take()
  }
  const run = {
    calls,
    faults: { hasOnly: () => true },
    replicaFaults: {
      mayBeLeft: (each: unknown, from: number, until: number) => each === one && from <= 200 && until >= 100,
    },
    reading: { isUsed: false },
    settings: {},
    tally: new Tally(),
    violation: (text: string) => violations.push(text),
  }
  checkReads(run as unknown as FinishedRun)
  return violations
}

describe('The replica of a master', () => {
  it('may be left with a reason', () => {
    expect(
      violationsOfChoice([
        { at: 90, to: 'one' },
        { at: 150, to: 'two' },
      ]),
    ).toEqual([])
  })

  it('may run what was written to it before it was left', () => {
    const reads: Reads = [
      { at: 90, to: 'one', ranAt: 160 },
      { at: 150, to: 'two' },
      { at: 170, to: 'two' },
    ]
    expect(violationsOfChoice(reads)).toEqual([])
  })

  it('is not used again after that while the next one is well', () => {
    const reads: Reads = [
      { at: 90, to: 'one', ranAt: 160 },
      { at: 150, to: 'two' },
      { at: 155, to: 'one', ranAt: 160 },
    ]
    expect(violationsOfChoice(reads)).toEqual(['#2 range list:4 was sent to one, after two and without a reason'])
  })

  it.each([
    [
      'before there is a reason',
      [
        { at: 10, to: 'one', ranAt: 160 },
        { at: 50, to: 'two' },
      ],
    ],
    [
      'when the reason has passed',
      [
        { at: 250, to: 'one' },
        { at: 300, to: 'two' },
      ],
    ],
    [
      'though both answer late',
      [
        { at: 10, to: 'one', ranAt: 110 },
        { at: 50, to: 'two', ranAt: 120 },
      ],
    ],
  ] as [string, Reads][])('is not left %s', (_, reads) => {
    expect(violationsOfChoice(reads)).toEqual(['#1 range list:4 was sent to two, after one and without a reason'])
  })

  it('is another than the replica of another master', () => {
    expect(
      violationsOfChoice([
        { at: 10, to: 'one' },
        { at: 20, to: 'of another' },
        { at: 30, to: 'one' },
      ]),
    ).toEqual([])
  })
})
