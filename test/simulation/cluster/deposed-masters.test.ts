import { describe, expect, it } from 'vitest'
import { DeposedMasters } from './deposed-masters.js'
import { gossip } from './invariants.js'
import type { SimulatedServer } from './servers.js'

/** A server that believes a server with this id to be the owner of all slots. */
function server(id: string, owner: string, replacedAt = Infinity) {
  const beliefs = { owner }
  const member = { ownerOf: () => ({ id: beliefs.owner }) }
  return Object.assign({ self: { id }, member, replacedAt }, { beliefs })
}

const replacedAt = 1_000
/** All servers know by now. */
const late = replacedAt + gossip + 1
/** A view of this time may still be used then. */
const recent = late - 250

/**
 * Whether the client should know of the failover when it opens a connection.
 * @param told who told it its view when, and whether it knew of the failover
 */
function shouldBeKnown(openedAt: number, told: readonly (readonly [by: string, at: number, knew?: 'knew'])[]): boolean {
  const servers = ['old', 'a', 'b', 'c'].map((id) => server(id, 'old', id === 'old' ? replacedAt : undefined))
  const deposed = new DeposedMasters(servers as unknown as SimulatedServer[])
  for (const [id, at, knew] of told) {
    const by = servers.find(({ self }) => self.id === id) as (typeof servers)[0]
    by.beliefs.owner = knew === undefined ? 'old' : 'new'
    deposed.onView(by as unknown as SimulatedServer, at)
  }
  for (const { self, beliefs } of servers) beliefs.owner = self.id === 'old' ? 'old' : 'new'
  return deposed.shouldBeKnown(servers[0] as unknown as SimulatedServer, openedAt)
}

describe('A connection to a master that another has replaced', () => {
  it.each([
    ['the servers may not all know yet', late - 1, []],
    [
      'those asked shortly before did not know',
      late,
      [
        ['a', recent],
        ['b', recent],
        ['c', recent],
      ],
    ],
    [
      'most of those asked shortly before did not know',
      late,
      [
        ['a', recent],
        ['b', recent],
        ['c', recent, 'knew'],
      ],
    ],
    [
      'half of those asked shortly before did not know',
      late,
      [
        ['a', recent],
        ['b', recent, 'knew'],
      ],
    ],
    [
      'those asked shortly before did not know, as it does not',
      late,
      [
        ['old', recent],
        ['a', recent],
        ['b', recent, 'knew'],
      ],
    ],
  ] as const)('may be opened if %s', (_, openedAt, told) => {
    expect(shouldBeKnown(openedAt, told)).toBe(false)
  })

  it.each([
    ['nobody was asked', late, []],
    [
      'those that did not know were asked too long before',
      late,
      [
        ['a', recent - 1],
        ['b', recent - 1],
      ],
    ],
    [
      'they were asked again, and knew',
      late,
      [
        ['a', recent],
        ['b', recent],
        ['a', recent + 1, 'knew'],
        ['b', recent + 1, 'knew'],
      ],
    ],
    [
      'most of those asked knew',
      late,
      [
        ['a', recent],
        ['b', recent, 'knew'],
        ['c', recent, 'knew'],
      ],
    ],
    ['nobody but itself has named it', late, [['old', recent]]],
    [
      'those that did not know were asked after it was opened',
      late,
      [
        ['a', late + 1],
        ['b', late + 1],
      ],
    ],
  ] as const)('may not be opened if %s', (_, openedAt, told) => {
    expect(shouldBeKnown(openedAt, told)).toBe(true)
  })
})
