import { describe, expect, it } from 'vitest'
import { slotOfKey } from '../../../src/commands/slots.js'
import { Tally } from '../tally.js'
import type { FinishedRun } from './invariants.js'
import { checkOrder } from './order-invariants.js'

const key = '{b}1'
const importing = {}
const owner = {}

/** A move of the slot that was given up. The owner redirects until 300, although the import ends at 200. */
const move = { slot: slotOfKey(key), to: importing, beganAt: 100, importedUntil: 200, redirectedUntil: 300 }

/** What happens to the earlier one of two calls that change a key. */
interface Earlier {
  readonly redirectedAt: number
  readonly writtenAt: number
  readonly ranAt: number
  readonly server?: object
}

/**
 * What is said if the earlier call takes effect after the later one, which is answered at 600.
 * @param list what the list has in the end
 */
function violationsOf(
  { redirectedAt, writtenAt, ranAt, server = importing }: Earlier,
  list: readonly string[] = ['1', '0'],
): string[] {
  const violations: string[] = []
  const call = { kind: 'push', keys: [key], settled: 'resolved', error: undefined }
  const all = [
    { ...call, number: 0, redirectedAt, writtenAt, settledAt: 900, runs: [{ key, server, at: ranAt }] },
    { ...call, number: 1, redirectedAt: -1, writtenAt: 400, settledAt: 600, runs: [{ key, server: owner, at: 410 }] },
  ]
  const database = { read: (name: string) => (name === key ? list.map((each) => Buffer.from(each)) : []) }
  const run = {
    calls: { all },
    servers: { givenUp: [move], ownerOf: () => ({ model: { store: { database: () => database } } }) },
    faults: { mayLose: false },
    tally: new Tally(),
    violation: (text: string) => violations.push(text),
  }
  checkOrder(run as unknown as FinishedRun)
  return violations
}

describe('A call that takes effect after a later one of its key', () => {
  it.each([
    ['during the import', { redirectedAt: 150, writtenAt: 160, ranAt: 800 }],
    ['after its end, when the owner still redirects', { redirectedAt: 250, writtenAt: 260, ranAt: 800 }],
    ['during the import, which the client learns after its end', { redirectedAt: 150, writtenAt: 599, ranAt: 800 }],
  ])('is allowed if it was on its way to a node that gave up importing the slot: redirected %s', (_, earlier) => {
    expect(violationsOf(earlier)).toEqual([])
  })

  it.each([
    ['it was written after the reply to the later one', { redirectedAt: 150, writtenAt: 600, ranAt: 800 }],
    ['it was redirected before the move', { redirectedAt: 99, writtenAt: 160, ranAt: 800 }],
    ['it was redirected after the move', { redirectedAt: 301, writtenAt: 310, ranAt: 800 }],
    ['it ran during the import', { redirectedAt: 150, writtenAt: 160, ranAt: 200 }],
    ['it ran at another server', { redirectedAt: 150, writtenAt: 160, ranAt: 800, server: owner }],
  ])('breaks the promise if %s', (_, earlier) => {
    expect(violationsOf(earlier)).toEqual([expect.stringMatching('#1 took effect on {b}1 before')])
  })
})

describe('An acknowledged call without effect', () => {
  const onItsWay = { redirectedAt: 150, writtenAt: 160, ranAt: 800 }

  it('is allowed if it was on its way to a node that gave up importing the slot, and imports it again', () => {
    expect(violationsOf(onItsWay, ['1'])).toEqual([])
  })

  it.each([
    ['at another server', { ...onItsWay, server: owner }, ['1'], '#0'],
    ['during the import', { ...onItsWay, ranAt: 200 }, ['1'], '#0'],
    ['the later one, at the owner', onItsWay, ['0'], '#1'],
  ])('breaks the promise otherwise: it ran %s', (_, earlier, list, number) => {
    expect(violationsOf(earlier, list)).toEqual([
      `${number} was acknowledged, and is lost on {b}1, and no server failed`,
    ])
  })
})
